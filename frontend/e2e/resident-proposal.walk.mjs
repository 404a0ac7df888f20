// A resident proposes in Finnish on a phone: writes before signing in, reloads, changes the language, signs in at the
// last moment, submits, finds the proposal among the public ones, and withdraws another.
import assert from 'node:assert/strict'

export default async function residentProposal(walk) {
  const rounds = await (await fetch(`${walk.base}/api/v1/rounds`)).json()
  const round = rounds.find(({ phase }) => phase === 'proposing')
  assert.ok(round, 'the demo has a round that is open for proposals')
  const area = round.settings.areas[2] ?? round.settings.areas[0]
  const theme = round.settings.themes[0]
  const title = `Penkkejä ja valoa puistoon ${Date.now()}`

  const page = await walk.open({ lang: 'fi', path: '/' })
  await page.waitForURL('**/fi')
  await page.getByRole('heading', { level: 1 }).waitFor()
  assert.equal(await page.locator('html').getAttribute('lang'), 'fi')
  await page.getByRole('heading', { name: 'Mitä lupaamme äänestäjälle' }).waitFor()
  await walk.axe(page)
  await walk.fits(page)
  await walk.shot(page, 'front')

  // From the round to the form; an empty form says what is missing, and where.
  await page.goto(`${walk.base}/fi/rounds/${round.id}`)
  await page.getByRole('link', { name: 'Tee ehdotus' }).click()
  await page.getByRole('button', { name: 'Jatka' }).click()
  const summary = page.locator('.hds-error-summary')
  await summary.waitFor()
  assert.ok(await summary.evaluate((element) => element === document.activeElement), 'the error summary has the focus')
  await walk.axe(page, 'form with errors')
  await summary.getByRole('link').first().click()
  await page.keyboard.type(title)
  await page.getByLabel('Mitä pitäisi tehdä?').fill('Kymmenen penkkiä ja kuusi valaisinta.\n\n"Lainaus"; pilkku, emoji 🌳')

  // Nobody is signed in, and a reload loses nothing.
  await page.reload()
  assert.equal(await page.getByLabel('Ehdotuksen nimi').inputValue(), title)
  await page.getByRole('button', { name: 'Jatka' }).click()

  // Neither does another language.
  await page.getByLabel('Alue', { exact: true }).selectOption(area.id)
  await page.getByRole('link', { name: /^SV/ }).click()
  await page.getByRole('button', { name: 'Fortsätt' }).waitFor()
  assert.equal(await page.getByLabel('Område', { exact: true }).inputValue(), area.id)
  await page.getByRole('link', { name: /^FI/ }).click()
  await page.getByLabel('Tarkempi paikka').fill('Alppipuiston itäreuna')
  if (theme) await page.getByLabel('Teema', { exact: true }).selectOption(theme.id)
  await walk.axe(page, 'place')
  await page.getByRole('button', { name: 'Jatka' }).click()

  // Signing in comes last and comes back here, with all that was written saved as a draft.
  await page.getByText('Lähettämiseen tarvitaan kirjautuminen').waitFor()
  await walk.axe(page, 'review')
  await walk.shot(page, 'review')
  await walk.signIn(page, 'aino')
  await page.getByText('Luonnos tallennettu').waitFor()
  assert.match(page.url(), /\/propose\/\d+\?step=3$/)
  await page.getByRole('button', { name: 'Lähetä ehdotus' }).click()
  await page.getByText('Kiitos! Ehdotuksesi on lähetetty').waitFor()
  assert.ok(await page.getByRole('heading', { level: 1, name: title }).evaluate((element) => element === document.activeElement), 'the heading has the focus')
  await walk.axe(page, 'submitted')
  await walk.fits(page)
  await walk.shot(page, 'submitted')

  // Anybody finds it, in any language, on a wide screen too.
  const other = await walk.open({ screen: 'desktop', lang: 'sv', path: `/sv/rounds/${round.id}/proposals` })
  await other.getByLabel('Sök med ord').fill(title.split(' ').at(-1))
  await other.getByRole('button', { name: 'Sök', exact: true }).click()
  await other.getByRole('link', { name: title }).waitFor()
  await walk.axe(other)
  await walk.shot(other, 'found')
  await other.getByRole('link', { name: title }).click()
  await other.getByRole('heading', { name: 'Stadens svar' }).waitFor()
  await walk.axe(other)
  assert.equal(await other.getByRole('button', { name: 'Återta förslaget' }).count(), 0, 'only the author may withdraw')

  // The author can withdraw it, after a question that Escape answers with no.
  await page.getByRole('button', { name: 'Peru ehdotus' }).click()
  await page.getByRole('dialog').waitFor()
  await walk.axe(page, 'withdraw')
  await page.keyboard.press('Escape')
  await page.getByRole('dialog').waitFor({ state: 'hidden' })
  await page.getByRole('button', { name: 'Peru ehdotus' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Peru ehdotus' }).click()
  await page.locator('.page-head').getByText('Peruttu').waitFor()
  await page.goto(`${walk.base}/fi/rounds/${round.id}/mine`)
  await page.getByRole('link', { name: title }).waitFor()
  await walk.axe(page, 'mine')

  // And sign out.
  await page.getByRole('button', { name: 'Valikko' }).click()
  await page.getByRole('button', { name: 'Kirjaudu ulos' }).click()
  await page.waitForURL((url) => url.pathname !== `/fi/rounds/${round.id}/mine`)
  await page.goto(`${walk.base}/fi/rounds/${round.id}/mine`)
  await page.getByText('Kirjaudu sisään, niin näet ehdotuksesi').waitFor()
}
