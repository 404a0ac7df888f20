// A proposal told by phone: a Stadiluotsi enters it and prints the letter, and the resident claims it with the letter's code. Then a sheet of paper proposals: one
// row is faulty, she mends it, and all are made.
import { expect, text } from './lib/expect.mjs'
import { proposingRound } from './lib/rounds.mjs'

export default async function told(walk) {
  const round = await proposingRound()
  const stamp = Date.now()
  const title = `Keinu mummoille ${stamp}`

  // By phone, on her phone.
  const desk = await walk.open({ path: '/fi' })
  await walk.signIn(desk, 'leena', `/desk/${round.id}`)
  await desk.getByRole('link', { name: 'Asukkaiden puolesta' }).click()
  await desk.getByRole('link', { name: 'Kirjaa asukkaan puolesta' }).click()
  await desk.getByRole('button', { name: 'Lähetä arvioitavaksi' }).click()
  await desk.getByRole('link', { name: /Suostumus: Kysy suostumus/ }).waitFor()
  await walk.look(desk, '1-errors')
  await desk.locator('#title').fill(title)
  await desk.locator('#what').fill('Keinu, johon on helppo istua.')
  await desk.locator('#area').selectOption('central')
  await desk.locator('#theme').selectOption({ index: 1 })
  await desk.getByText('Annettu suullisesti').click()
  await desk.getByLabel('Nimi, joka näytetään').fill('Helvi')
  await desk.getByRole('button', { name: 'Lähetä arvioitavaksi' }).click()
  await desk.getByText('Ehdotus on lähetetty arvioitavaksi.').waitFor()
  await walk.look(desk, '2-letter')
  const shape = /^[0-9A-HJKMNP-TV-Z]{4}(-[0-9A-HJKMNP-TV-Z]{4}){2}$/
  const letters = (on) => on.getByRole('region', { name: /^(Laput|Lappar)$/ }).getByText(shape)
  const code = await text(letters(desk), shape)
  const print = desk.getByRole('button', { name: 'Tulosta' })
  await expect(print).toBeVisible()
  await desk.emulateMedia({ media: 'print' })
  await expect(print, 'nothing beside the letter is printed').toBeHidden()
  await expect(letters(desk), 'the letter is printed').toBeVisible()
  await walk.shot(desk, '3-print')
  await desk.emulateMedia({ media: 'screen' })

  // The resident types it in small letters, after a mistyped digit.
  const resident = await walk.open({ path: `/fi/rounds/${round.id}/claim` })
  await resident.getByText('Kirjaudu ensin.').waitFor()
  await walk.look(resident, '4-claim-sign-in')
  await walk.signIn(resident, 'aino', `/fi/rounds/${round.id}/claim`)
  await resident.getByLabel('Lapun koodi').fill('0000 0000 0000')
  await resident.getByRole('button', { name: 'Ota omakseni' }).click()
  await resident.getByText('Koodi ei kelpaa.').waitFor()
  await walk.look(resident, '5-claim')
  await resident.getByLabel('Lapun koodi').fill(code.toLowerCase().replaceAll('-', ' '))
  await resident.getByRole('button', { name: 'Ota omakseni' }).click()
  await resident.getByText('Ehdotus on nyt sinun').waitFor()
  await walk.look(resident, '6-claimed')
  await resident.getByRole('link', { name: 'Avaa ehdotus' }).click()
  await resident.getByText('Stadiluotsi kirjasi ehdotuksen asukkaan puolesta.').waitFor()

  // A sheet, at her desk, in Swedish.
  const wide = await walk.open({ screen: 'desktop', lang: 'sv', path: '/sv' })
  await walk.signIn(wide, 'leena', `/desk/${round.id}/assisted/import`)
  await wide.getByRole('heading', { level: 1 }).waitFor()
  const sheet = (rows) =>
    Buffer.from(
      `\ufeffOtsikko;Mitä ehdotetaan;Alue;Teema;Miten suostumus annettiin;Suostumuksen päivä\n${rows.join('\n')}\n`,
    )
  const today = new Date().toLocaleDateString('fi-FI', { timeZone: 'Europe/Helsinki' })
  const theme = round.settings.themes[0].name.fi
  const good = [
    `Uusi keinu ${stamp};Puistoon;Keskinen;${theme};kirjallisesti;${today}`,
    `=SUM(${stamp});Laskutoimitus;Keskinen;${theme};kirjallisesti;${today}`,
  ]
  const bad = `Silta ${stamp};;Läntinen;${theme};kirjallisesti;huomenna`
  const choose = (rows) =>
    wide.locator('#assisted-file').setInputFiles({ name: 'ehdotukset.csv', mimeType: 'text/csv', buffer: sheet(rows) })
  await choose([...good, bad])
  const row = (state) => wide.getByRole('listitem').filter({ hasText: state })
  const faulty = row(/Behöver rättas|Korjattavaa/)
  await faulty.waitFor()
  await expect(row(/Antecknas|Kirjataan/)).toHaveCount(2)
  for (const heading of ['Mitä ehdotetaan', 'Alue', 'Suostumuksen päivä'])
    await faulty.getByText(new RegExp(`(Kolumnen|Sarake) ”${heading}”`)).waitFor()
  await walk.look(wide, '7-dry-run')
  await choose(good)
  await faulty.waitFor({ state: 'detached' })
  await wide.getByRole('button', { name: /Anteckna 2 förslag|Kirjaa 2 ehdotusta/ }).click()
  await expect(letters(wide)).toHaveCount(2)
  await walk.look(wide, '8-imported')
  await wide.getByRole('link', { name: `=SUM(${stamp})` }).waitFor()
  await wide.goto(`${walk.base}/desk/${round.id}/assisted`)
  await wide.getByRole('link', { name: `Uusi keinu ${stamp}` }).click()
  await wide.getByRole('heading', { name: /Antecknat för en invånare|Kirjattu asukkaan puolesta/ }).waitFor()
  await walk.look(wide, '9-case')
}
