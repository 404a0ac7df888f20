// Two residents write one proposal: one loses her session in the middle of a sentence and nothing of the text, asks her Stadiluotsi and reads
// the answer, and invites the other by e-mail, who signs in, accepts and writes on.
import assert from 'node:assert/strict'
import { address, expect } from './lib/expect.mjs'
import { proposingRound } from './lib/rounds.mjs'
import { call } from './lib/staff.mjs'

export default async function residentTogether(walk) {
  const round = await proposingRound()
  const title = `Yhteinen puutarha ${Date.now()}`
  const at = `/fi/rounds/${round.id}/propose`

  const eero = await walk.open({ path: '/fi' })
  await walk.signIn(eero, 'eero', at)
  await eero.getByLabel('Ehdotuksen nimi').fill(title)
  await eero.getByText('Luonnos tallennettu').waitFor()
  await eero.waitForURL('**/propose/*')

  // The session ends while he writes: what he wrote stays in the browser, and goes on when he is back.
  await eero.context().clearCookies()
  await eero.getByLabel('Mitä pitäisi tehdä?').fill('Viljelylaatikoita koulun pihalle.')
  await eero.getByText('Kirjaudu sisään, niin voit muokata ehdotustasi.').waitFor()
  await walk.look(eero, '1-signed-out')
  await walk.signIn(eero, 'eero')
  await eero.getByText('Luonnos tallennettu').waitFor()
  await expect(eero.getByLabel('Mitä pitäisi tehdä?')).toHaveValue('Viljelylaatikoita koulun pihalle.')

  // A question, from the form itself.
  await eero.getByText('Kysy stadiluotsilta').click()
  await eero.getByLabel('Kysymyksesi').fill(`Saako koulun pihalle viljellä? ${title}`)
  await walk.look(eero, '2-question')
  await eero.getByRole('button', { name: 'Lähetä kysymys' }).click()
  await eero.getByText('Kysymyksesi on lähetetty.').waitFor()
  await eero.getByText('Odottaa vastausta.').first().waitFor()

  const leena = await walk.open({ screen: 'desktop', path: '/desk' })
  await walk.signIn(leena, 'leena', `/desk/${round.id}`)
  await leena.getByRole('link', { name: 'Asukkaiden kysymykset' }).click()
  const asked = leena.getByRole('listitem').filter({ hasText: title })
  await asked.getByText(`Luonnos: ${title}`).click()
  await asked.getByText('Viljelylaatikoita koulun pihalle.').waitFor()
  const answer = `Saa, kun koulu suostuu: ${title}`
  await asked.getByLabel('Vastaus').fill(answer)
  await walk.look(leena, '3-desk')
  await asked.getByRole('button', { name: 'Lähetä vastaus' }).click()
  await asked.getByText(answer).waitFor()
  await leena.context().close()
  const helped = await walk.email('eero@example.org', `Stadiluotsi on vastannut sinulle: ${title}`)
  await eero.goto(helped.Plain.match(/\S+\/mine#questions/)[0])
  await eero.getByText(answer).waitFor()
  await walk.look(eero, '4-answer')

  // An invitation by e-mail.
  await eero.getByRole('link', { name: title }).click()
  await eero.getByLabel('Mitä pitäisi tehdä?').waitFor()
  for (const step of ['Missä', 'Kuvat ja tekijät']) {
    await eero.getByRole('button', { name: 'Jatka' }).click()
    if (step === 'Missä') {
      await eero.getByLabel('Alue', { exact: true }).selectOption('eastern')
      const theme = round.settings.themes[0]
      if (theme) await eero.getByLabel('Teema', { exact: true }).selectOption(theme.id)
    }
    await eero.getByRole('heading', { name: step }).waitFor()
  }
  const mail = `astrid.${Date.now()}@example.org`
  await eero.getByLabel('Kutsuttavan sähköpostiosoite').fill('ei osoite')
  await eero.getByRole('button', { name: 'Lähetä kutsu' }).click()
  await eero.locator('[id="invite.address-error"]').waitFor()
  await eero.getByLabel('Kutsuttavan sähköpostiosoite').fill(mail)
  await eero.getByRole('button', { name: 'Lähetä kutsu' }).click()
  await eero.getByText(`${mail}: kutsu odottaa vastausta`).waitFor()
  await walk.look(eero, '5-invited')

  const link = (await walk.email(mail, title)).Plain.match(/\S+\/invitation#\S+/)[0]
  const astrid = await walk.open({
    lang: 'sv',
    path: new URL(link).pathname.replace('/fi/', '/sv/') + new URL(link).hash,
  })
  await astrid.getByText('Logga in först').waitFor()
  await expect(astrid, 'the secret has left the address').not.toHaveURL(/#/)
  await walk.signIn(astrid, 'astrid')
  await astrid.getByRole('heading', { name: title }).waitFor()
  await walk.look(astrid, '6-invitation')
  await astrid.getByRole('button', { name: 'Ja, jag är med' }).click()
  await astrid.getByRole('heading', { level: 1, name: title }).waitFor() // the page says so before it leads to the proposal
  await astrid.getByText('Du står nu bakom förslaget.').waitFor()
  await walk.look(astrid, '7-joined')
  const [, id] = (await address(astrid, /\/proposals\/(\d+)/)).groups
  await walk.email('eero@example.org', `Sait toisen tekijän: ${title}`)

  // She writes on; both names are shown.
  await astrid.goto(`${walk.base}/sv/rounds/${round.id}/propose/${id}`)
  await astrid.getByLabel('Varför är det viktigt?').fill('Alla får odla.')
  await astrid.getByText('Utkastet sparades').waitFor()
  const proposal = await call(eero, 'GET', `/rounds/${round.id}/proposals/${id}`)
  assert.deepEqual(
    [proposal.text.why, proposal.author, proposal.coauthors],
    ['Alla får odla.', 'Eero M.', ['Astrid L.']],
  )

  // The link is used up, for anybody.
  await astrid.goto(link)
  await astrid.getByText('Kutsu ei ole voimassa').or(astrid.getByText('Inbjudan gäller inte')).waitFor()
}
