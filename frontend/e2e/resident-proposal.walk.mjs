// A resident proposes in Finnish on a phone: writes before signing in, reloads, changes the language, taps the place on the map, signs in at the
// last moment, adds images and describes them, sees the preview, submits, finds the proposal among the public ones, and withdraws another.
import assert from 'node:assert/strict'
import { absent, address, expect, settled } from './lib/expect.mjs'
import { picture } from './lib/picture.mjs'
import { proposingRound } from './lib/rounds.mjs'

export default async function residentProposal(walk) {
  const round = await proposingRound()
  const area = round.settings.areas[0]
  const theme = round.settings.themes[0]
  const title = `Penkkejä ja valoa puistoon ${Date.now()}`

  const page = await walk.open({ lang: 'fi', path: '/' })
  await page.waitForURL('**/fi')
  await page.getByRole('heading', { level: 1 }).waitFor()
  await expect(page.locator('html')).toHaveAttribute('lang', 'fi')
  await page.getByRole('heading', { name: 'Näin äänestät' }).waitFor()
  await walk.axe(page)
  await walk.fits(page)
  await walk.shot(page, 'front')

  // From the round to the form; an empty form says what is missing, and where.
  await page.goto(`${walk.base}/fi/rounds/${round.id}`)
  await page.getByRole('link', { name: 'Tee ehdotus' }).click()
  await page.getByRole('button', { name: 'Jatka' }).click()
  const summary = page.locator('.hds-error-summary')
  await summary.waitFor()
  await expect(summary, 'the error summary has the focus').toBeFocused()
  await walk.axe(page, 'form with errors')
  await summary.getByRole('link').first().click()
  await page.keyboard.type(title)
  await page
    .getByLabel('Mitä pitäisi tehdä?')
    .fill('Kymmenen penkkiä ja kuusi valaisinta.\n\n"Lainaus"; pilkku, emoji 🌳')

  // Nobody is signed in, and a reload loses nothing.
  await page.reload()
  await expect(page.getByLabel('Ehdotuksen nimi')).toHaveValue(title)
  await page.getByRole('button', { name: 'Jatka' }).click()

  // Neither does another language.
  await page.getByLabel('Alue', { exact: true }).selectOption(area.id)
  await page.getByRole('link', { name: /^SV/ }).click()
  await page.getByRole('button', { name: 'Fortsätt' }).waitFor()
  await expect(page.getByLabel('Område', { exact: true })).toHaveValue(area.id)
  await page.getByRole('link', { name: /^FI/ }).click()
  await page.getByLabel('Tarkempi paikka').fill('Alppipuiston itäreuna')
  if (theme) await page.getByLabel('Teema', { exact: true }).selectOption(theme.id)
  await page.getByRole('button', { name: 'Valitse paikka kartalta' }).click()
  await settled(page)
  await page.getByRole('application').click()
  await page.getByText(/^Piste kartalla: 60\./).waitFor()
  await page.getByRole('button', { name: 'Valitse alueeksi Keskinen' }).click()
  await expect(page.getByLabel('Alue', { exact: true })).toHaveValue('central')
  await walk.axe(page, 'place')
  await walk.fits(page)
  await walk.shot(page, 'place')
  await page.getByRole('button', { name: 'Jatka' }).click()

  // Images wait for whoever is signed in; one goes on without them.
  await page.getByText('Kuvien lisäämiseen ja muiden kutsumiseen tarvitaan kirjautuminen').waitFor()
  await page.getByRole('button', { name: 'Jatka' }).click()

  // Signing in comes last and comes back here, with all that was written saved as a draft.
  await page.getByText('Lähettämiseen tarvitaan kirjautuminen').waitFor()
  await walk.axe(page, 'review')
  await walk.shot(page, 'review')
  await walk.signIn(page, 'aino')
  await page.getByText('Luonnos tallennettu').waitFor()
  await expect(page).toHaveURL(/\/propose\/\d+\?step=4$/)

  // What is no image is refused with a word; what is one must be described.
  await page.getByRole('button', { name: 'Muokkaa kuvia ja tekijöitä' }).click()
  const image = (name) => ({ name, mimeType: 'image/png', buffer: picture })
  await page.getByLabel('Lisää kuvia').setInputFiles([
    image('puisto.png'),
    {
      name: 'puisto.svg.png',
      mimeType: 'image/png',
      buffer: Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>'),
    },
    image('penkki.png'),
  ])
  await page.getByText('Tämä ei ole kuva, jonka tunnemme').waitFor()
  await expect(page.getByLabel(/^Mitä kuvassa \d näkyy\?/), 'the two images are there').toHaveCount(2)
  await page.getByRole('button', { name: 'Jatka' }).click()
  await summary.waitFor()
  await expect(summary.getByRole('link'), 'both images want a description').toHaveCount(2)
  await walk.axe(page, 'images')
  await walk.fits(page)
  await walk.shot(page, 'images')
  await page.getByLabel('Mitä kuvassa 1 näkyy?').fill('Puiston itäreuna')
  await page.getByLabel('Mitä kuvassa 2 näkyy?').fill('Vanha penkki')
  await page.getByRole('button', { name: /^Siirrä ylemmäs.*Kuva 2$/ }).click()
  await page.getByRole('button', { name: 'Jatka' }).click()
  const preview = page.getByRole('article', { name: 'Esikatselu' })
  await preview.getByRole('heading', { name: title }).waitFor()
  await expect(preview.getByRole('img')).toHaveCount(2)
  for (const [index, alt] of ['Vanha penkki', 'Puiston itäreuna'].entries())
    await expect(preview.getByRole('img').nth(index)).toHaveAttribute('alt', alt)
  await walk.axe(page, 'preview')
  await walk.fits(page)
  await walk.shot(page, 'preview')
  await page.getByRole('button', { name: 'Lähetä ehdotus' }).click()
  await page.getByText('Kiitos! Ehdotuksesi on lähetetty').waitFor()
  await expect(page.getByRole('heading', { level: 1, name: title }), 'the heading has the focus').toBeFocused()
  await walk.axe(page, 'submitted')
  await walk.fits(page)
  await walk.shot(page, 'submitted')

  // Anybody finds it, in any language, on a wide screen too.
  const other = await walk.open({ screen: 'desktop', lang: 'sv', path: `/sv/rounds/${round.id}/proposals` })
  await other.getByLabel('Sök med ord').fill(title.split(' ').at(-1))
  await other.getByRole('button', { name: 'Sök', exact: true }).click()
  await other.getByRole('link', { name: title }).waitFor()
  await walk.axe(other)
  await other.getByRole('img', { name: 'Vanha penkki' }).waitFor()
  await walk.shot(other, 'found')
  await other.getByRole('link', { name: title }).click()
  await other.getByRole('heading', { name: 'Stadens svar' }).waitFor()
  await other.getByRole('img', { name: 'Puiston itäreuna' }).waitFor()
  await walk.shot(other, 'page')
  await walk.axe(other)
  await absent(other.getByRole('button', { name: 'Återta förslaget' }), 'only the author may withdraw')

  // An image opens large over the page, and the next one after it; Escape leads back to it.
  const small = other.getByRole('link', { name: 'Puiston itäreuna' })
  await small.click()
  const large = other.getByRole('dialog', { name: 'Bild 2 av 2' })
  await large.getByRole('img', { name: 'Puiston itäreuna' }).waitFor()
  await walk.axe(other, 'large')
  await large.getByRole('button', { name: 'Nästa' }).click()
  await other.getByRole('dialog', { name: 'Bild 1 av 2' }).getByRole('img', { name: 'Vanha penkki' }).waitFor()
  await other.keyboard.press('Escape')
  await expect(small, 'the image that was opened has the focus').toBeFocused()

  // An official hides it: the public does not find it, its author reads why, and then everybody reads it again.
  const { pathname } = (await address(other, /\/proposals\/\d+/)).url
  const office = await walk.open({ screen: 'desktop', lang: 'fi', path: '/fi' })
  await walk.signIn(office, 'official', pathname.replace('/sv', '/fi'))
  await office.getByRole('button', { name: 'Piilota ehdotus' }).click()
  const hiding = office.getByRole('dialog')
  await hiding.getByText('Toisen ihmisen tietoja').click()
  await hiding.getByLabel('Viesti kirjoittajalle').fill('Poista naapurin nimi.')
  await walk.axe(office, 'hide')
  await hiding.getByRole('button', { name: 'Piilota ehdotus' }).click()
  await office.getByText('Ehdotus on piilotettu muilta').waitFor()
  assert.equal((await fetch(`${walk.base}${pathname.replace('/sv', '/api/v1')}`)).status, 404)
  await page.reload()
  await page.getByText('Ehdotuksesi on piilotettu.').waitFor()
  await page.getByText('Poista naapurin nimi.').waitFor()
  await walk.axe(page, 'hidden')
  await walk.fits(page)
  await office.getByRole('button', { name: 'Näytä taas kaikille' }).click()
  await office.getByRole('button', { name: 'Piilota ehdotus' }).waitFor()
  assert.equal((await fetch(`${walk.base}${pathname.replace('/sv', '/api/v1')}`)).status, 200)

  // The author can withdraw it, after a question that Escape answers with no.
  await page.getByRole('button', { name: 'Peru ehdotus' }).click()
  await page.getByRole('dialog').waitFor()
  await walk.axe(page, 'withdraw')
  await page.keyboard.press('Escape')
  await page.getByRole('dialog').waitFor({ state: 'hidden' })
  await page.getByRole('button', { name: 'Peru ehdotus' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Peru ehdotus' }).click()
  await page.getByText('Peruttu', { exact: true }).first().waitFor()
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
