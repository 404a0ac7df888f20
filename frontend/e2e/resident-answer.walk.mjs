// What happens between a resident and a facilitator, seen by the resident: a draft edited in two windows, a question
// answered, a rejection read in three languages, one of which has no translation, and appealed; e-mails on the way, and out of them.
import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { address, expect } from './lib/expect.mjs'
import { proposingRound } from './lib/rounds.mjs'

/** Calls the office as whoever is signed in on the page, as the pages do. */
const call = (page, method, path, body) =>
  page.evaluate(
    async ([method, path, body]) => {
      const { csrf } = await (await fetch('/api/v1/session')).json()
      const answer = await fetch(path, {
        method,
        headers: { 'X-CSRF-Token': csrf, ...(body && { 'Content-Type': 'application/json' }) },
        body: body && JSON.stringify(body),
      })
      return { status: answer.status, body: answer.status === 204 ? undefined : await answer.json() }
    },
    [method, path, body],
  )

/** Gives Aino the address and the kinds of e-mails that she had at first. */
async function restore(walk, page) {
  const { body: kept } = await call(page, 'PUT', '/api/v1/mailbox', {
    address: 'aino@example.org',
    language: 'fi',
    muted: [],
  })
  if (kept.confirmed) return
  const token = (await walk.email('aino@example.org', 'Vahvista sähköpostiosoitteesi')).Plain.match(/#(\S+)/)[1]
  assert.equal((await call(page, 'POST', '/api/v1/mailbox/confirmation', { token })).status, 204)
}

export default async function residentAnswer(walk) {
  const round = await proposingRound()
  const title = `Lintutorni ${Date.now()}`
  const proposals = `/api/v1/rounds/${round.id}/proposals`

  // A facilitator, and an area that is hers.
  const desk = await walk.open({ screen: 'desktop', path: '/fi' })
  await walk.signIn(desk, 'leena', '/fi')
  const { body: session } = await call(desk, 'GET', '/api/v1/session')
  const area = session.areas[0]
  assert.ok(area, 'the facilitator has a district')

  // The author writes in one window, then changes the same draft in another: the first one asks which text stands.
  const page = await walk.open({
    lang: 'fi',
    path: `/fi/rounds/${round.id}/propose`,
    permissions: ['geolocation'],
    geolocation: { latitude: 60.18699, longitude: 24.95036 },
  })
  await walk.signIn(page, 'aino', `/fi/rounds/${round.id}/propose`)
  const { body: kept } = await call(page, 'GET', '/api/v1/mailbox')
  if (kept.address) await restore(walk, page) // whatever a walk before left
  await page.getByLabel('Ehdotuksen nimi').fill(title)
  await page.getByText('Luonnos tallennettu').waitFor()
  const [, id] = (await address(page, /\/propose\/(\d+)/)).groups
  const { body: draft } = await call(page, 'GET', `${proposals}/${id}`)
  const { status } = await call(page, 'PUT', `${proposals}/${id}`, {
    version: draft.version,
    text: { ...draft.text, what: 'Toisessa ikkunassa' },
  })
  assert.equal(status, 200)
  await page.getByLabel('Miksi se on tärkeää?').fill('Tässä ikkunassa')
  await page.getByText('Ehdotusta on muokattu toisaalla').waitFor()
  await walk.axe(page, 'conflict')
  await walk.shot(page, 'conflict')
  await page.getByRole('button', { name: 'Ota toisaalla tehty teksti' }).click()
  await page.getByText('Ehdotusta on muokattu toisaalla').waitFor({ state: 'hidden' })
  await expect(page.getByLabel('Mitä pitäisi tehdä?')).toHaveValue('Toisessa ikkunassa')

  // The place where one stands can be added.
  await page.getByRole('button', { name: 'Jatka' }).click()
  await page.getByLabel('Alue', { exact: true }).selectOption(area)
  if (round.settings.themes[0])
    await page.getByLabel('Teema', { exact: true }).selectOption(round.settings.themes[0].id)
  await page.getByRole('button', { name: 'Lisää paikka, jossa olen nyt' }).click()
  await page.getByText('60.18699, 24.95036').waitFor()
  await page.getByRole('button', { name: 'Jatka' }).click()
  await page.getByRole('heading', { name: 'Kuvat ja tekijät' }).waitFor()
  await page.getByRole('button', { name: 'Jatka' }).click()
  await page.getByRole('button', { name: 'Lähetä ehdotus' }).click()
  await page.getByText('Kiitos! Ehdotuksesi on lähetetty').waitFor()
  await page.getByRole('link', { name: /OpenStreetMap/ }).waitFor()
  await page.getByText('Kerromme sinulle jokaisesta vaiheesta sähköpostilla: aino@example.org.').waitFor()
  const received = await walk.email('aino@example.org', `Ehdotuksesi on vastaanotettu: ${title}`)
  assert.ok(received.Plain.includes(`/fi/rounds/${round.id}/proposals/${id}`), received.Plain)

  // The facilitator asks; the author finds the question and answers it.
  for (const [step, body] of [['take'], ['ask', { text: 'Kuinka korkea torni olisi?' }]]) {
    const answer = await call(desk, 'POST', `${proposals}/${id}/${step}`, body)
    assert.equal(answer.status, 200, `${step}: ${JSON.stringify(answer.body)}`)
  }
  await page.goto(`${walk.base}/fi/rounds/${round.id}/mine`)
  await page.getByRole('listitem').filter({ hasText: title }).getByText('Odottaa lisätietoja').waitFor()
  await page.getByRole('link', { name: title }).click()
  await page.getByText('Kuinka korkea torni olisi?').waitFor()
  await page.getByText(/^Vastaa viimeistään \d+\.\d+\.\d+ klo 23\.59\.$/).waitFor()
  const asked = await walk.email('aino@example.org', `Stadiluotsi kysyy sinulta: ${title}`)
  assert.match(asked.Plain, /> Kuinka korkea torni olisi\?\n/)
  await walk.axe(page, 'question')
  await walk.shot(page, 'question')
  await page.getByRole('link', { name: 'Vastaa ja täydennä' }).click()
  await page.getByLabel('Miksi se on tärkeää?').fill('Torni olisi kymmenen metriä korkea.')
  for (const step of ['Missä', 'Kuvat ja tekijät', 'Tarkista ja lähetä']) {
    await page.getByRole('button', { name: 'Jatka' }).click()
    await page.getByRole('heading', { name: step }).waitFor()
  }
  await page.getByRole('button', { name: 'Lähetä vastaus' }).click()
  await page.getByText('Kiitos! Ehdotuksesi on lähetetty').waitFor()
  await page.getByText('Torni olisi kymmenen metriä korkea.').waitFor()

  // It is rejected; the reason is read in each language, or in the one it was written in.
  await call(desk, 'POST', `${proposals}/${id}/take`)
  const rejection = await call(desk, 'POST', `${proposals}/${id}/reject`, {
    reason: 'already_planned',
    text: { fi: 'Torni rakennetaan jo ensi vuonna.', sv: 'Tornet byggs redan nästa år.' },
  })
  assert.equal(rejection.status, 200, JSON.stringify(rejection.body))
  for (const [lang, reason, text] of [
    ['fi', 'Kaupunki on jo tekemässä tätä', 'Torni rakennetaan jo ensi vuonna.'],
    ['sv', 'Staden håller redan på med detta', 'Tornet byggs redan nästa år.'],
    ['en', 'The city is already doing this', 'Torni rakennetaan jo ensi vuonna.'],
  ]) {
    await page.goto(`${walk.base}/${lang}/rounds/${round.id}/proposals/${id}`)
    await page.getByText(reason).waitFor()
    await page.getByText(text).waitFor()
    await walk.axe(page, `rejected ${lang}`)
  }
  await page.getByText('There is no answer in English').waitFor()
  await page
    .locator('[lang=fi]')
    .getByText('Torni rakennetaan jo ensi vuonna.')
    .or(page.locator('p[lang=fi]').filter({ hasText: 'Torni rakennetaan' }))
    .first()
    .waitFor()
  await page.getByText('History of changes').click()
  await page.getByText('More information asked for').waitFor()
  await walk.axe(page, 'history')
  await walk.fits(page)
  await walk.shot(page, 'rejected')

  // She answers the rejection, once; another person than the one who rejected decides.
  await page.goto(`${walk.base}/fi/rounds/${round.id}/proposals/${id}`)
  await page.getByRole('button', { name: 'Vastaa hylkäykseen' }).click()
  await page.getByRole('button', { name: 'Lähetä vastaus' }).click()
  await page.getByText('Kirjoita vastaus.').waitFor()
  await page.getByLabel('Vastauksesi').fill('Suunnitelma koskee toista tornia.')
  await walk.axe(page, 'appeal')
  await walk.shot(page, 'appeal')
  await page.getByRole('button', { name: 'Lähetä vastaus' }).click()
  await page.getByText('Toinen henkilö lukee vastauksesi ja päättää ehdotuksesta.').waitFor()
  await walk.axe(page, 'appealed')
  await walk.fits(page)
  await walk.shot(page, 'appealed')
  const again = await call(desk, 'POST', `${proposals}/${id}/reject`, {
    reason: 'other',
    text: { fi: 'Ei.', sv: 'Nej.' },
  })
  assert.notEqual(again.status, 200)
  await desk.context().close()
  const official = await walk.open({ screen: 'desktop', path: '/fi' })
  await walk.signIn(official, 'official', `/desk/${round.id}/${id}`)
  await official.getByText('Suunnitelma koskee toista tornia.').first().waitFor()
  await official.getByText('Sinä päätät ehdotuksesta uudelleen').waitFor()
  await walk.axe(official, 'appeal on the desk')
  await walk.shot(official, 'appeal-desk')
  const accepted = await call(official, 'POST', `${proposals}/${id}/accept`, {
    cost: { minimum: 0, maximum: 5_000_000, maintenance: 0 },
  })
  assert.equal(accepted.status, 200, JSON.stringify(accepted.body))
  await official.context().close()
  const good = await walk.email('aino@example.org', `Ehdotus on hyväksytty: ${title}`)

  // The e-mail leads to the settings, and out of its kind: without signing in, and not before a button is pressed.
  const out = good.Plain.match(/\S+\/mail\/stop#\S+/)[0]
  const stranger = await walk.open({ lang: 'fi', path: new URL(out).pathname + new URL(out).hash })
  await stranger.getByText('Etkö halua enää tällaisia viestejä?').waitFor()
  await walk.axe(stranger, 'stop')
  await walk.shot(stranger, 'stop')
  await stranger.getByRole('button', { name: 'Lopeta nämä viestit' }).click()
  await stranger.getByText('Et saa enää tällaisia viestejä: Päätökset ehdotuksistani.').waitFor()
  await stranger.goto(`${walk.base}/fi/mail/confirm#nonsense`)
  await stranger.getByRole('button', { name: 'Vahvista osoite' }).click()
  await stranger.getByText('Linkki ei kelpaa tai se on vanhentunut').waitFor()
  await stranger.context().close()

  // She asks to be reminded of the vote: it is kept at once.
  await page.goto(`${walk.base}/fi/account`)
  const reminders = page.getByRole('group', { name: round.name.fi })
  await reminders.getByText('Äänestys alkaa').click()
  await expect(reminders.getByLabel('Äänestys alkaa')).toBeChecked()
  await page.getByText('Tallennettu').waitFor({ state: 'attached' })
  await page.reload()
  await expect(reminders.getByLabel('Äänestys alkaa')).toBeChecked()
  await expect(reminders.getByLabel('Tulokset on julkaistu')).not.toBeChecked()

  // Her own page: another address is confirmed by its e-mail, here in Swedish.
  await page.goto(`${walk.base}/fi/account`)
  const decisions = page.getByLabel('Päätökset ehdotuksistani')
  await expect(decisions).not.toBeChecked()
  await page.getByLabel('Sähköpostiosoite').fill('aino')
  await page.getByRole('button', { name: 'Tallenna' }).click()
  await page.getByText('Kirjoita sähköpostiosoite, esimerkiksi').waitFor()
  const mail = `aino.${String(Date.now())}@example.org`
  await page.getByLabel('Sähköpostiosoite').fill(mail)
  await page.getByRole('main').getByText('Svenska', { exact: true }).click()
  await page.getByText('Päätökset ehdotuksistani').click()
  await expect(decisions).toBeChecked()
  await page.getByRole('button', { name: 'Tallenna' }).click()
  await page.getByText('Vahvista osoitteesi').waitFor()
  await walk.axe(page, 'account')
  await walk.fits(page)
  await walk.shot(page, 'account')

  // What is kept of her is hers to take along.
  const loading = page.waitForEvent('download')
  await page.getByRole('button', { name: 'Lataa tietoni' }).click()
  const archive = JSON.parse(await readFile(await (await loading).path(), 'utf8'))
  assert(archive.holdings.some(({ table, erasure }) => table === 'mailbox' && erasure === 'erased'))
  await page.getByRole('button', { name: 'Poista tietoni' }).click()
  await page.getByRole('dialog').getByText('Kukaan ei tiedä, miten äänestit.').waitFor()
  await walk.axe(page, 'erase')
  await page.getByRole('button', { name: 'Älä poista' }).click()
  const link = (await walk.email(mail, 'Bekräfta din e-postadress')).Plain.match(/\S+\/mail\/confirm#\S+/)[0]
  await page.goto(link)
  await page.getByRole('button', { name: 'Bekräfta adressen' }).click()
  await page.getByText('Tack! Adressen är bekräftad.').waitFor()
  await walk.axe(page, 'confirmed')
  await page.goto(`${walk.base}/sv/account`)
  await page.getByText(`Din e-post skickas till ${mail}`).waitFor()
  await restore(walk, page)
}
