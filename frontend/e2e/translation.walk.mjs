// The languages of the ballot: what is missing is seen, translated side by side and by a sheet, and counted at the freeze, which wants a word for it.
import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { expect } from './lib/expect.mjs'
import { area, prepareRound, text } from './lib/papers.mjs'

export default async function translation(walk) {
  const id = `walk-translation-${Date.now()}`
  const project = (fi, sv) => ({
    area: 'kaupunki',
    title: { fi, ...(sv && { sv }) },
    description: { fi: `${fi} rannalle.`, ...(sv && { sv: `${sv} vid stranden.` }) },
    cost: { minimum: 100, maximum: 1_000_000, maintenance: 0 },
  })
  const { ask } = await prepareRound(walk, id, {
    name: text('Käännösten kierros', 'Omgång med översättningar'),
    areas: [area('kaupunki', 'Koko kaupunki', 'Hela staden', true)],
    papers: [
      {
        id: 'lippu',
        name: text('Äänestyslippu', 'Röstsedel'),
        areas: ['kaupunki'],
        form: { kind: 'approval', min: 1, max: 2, blank: true },
      },
    ],
    projects: [project('Katos', 'Skydd'), project('Laituri'), project('Penkki')],
    count: 1,
  })
  const page = await walk.open({ screen: 'desktop' })
  await walk.signIn(page, 'official', `/desk/${id}/translations`)
  await page.getByText('3 ehdotusta').waitFor()
  await expect(page.getByRole('row', { name: /^ruotsi/ }).getByRole('cell')).toHaveText(['2', '0', '0', '3'])
  await expect(page.getByRole('row', { name: /^englanti/ }).getByRole('cell')).toHaveText(['3', '0', '0', '3'])
  await walk.look(page, '1-list')

  // Side by side; nothing is saved without a title and a text, and the next one opens.
  await page.getByRole('link', { name: 'Laituri, ruotsiksi: puuttuu' }).click()
  await page.getByRole('heading', { level: 1, name: 'Laituri – ruotsiksi' }).waitFor()
  await page.getByText('Laituri rannalle.').waitFor()
  await page.getByLabel('Otsikko').fill('Brygga')
  await page.getByRole('button', { name: 'Tallenna ja avaa seuraava' }).click()
  await page
    .locator('.hds-error-summary')
    .getByRole('link', { name: /^Teksti/ })
    .waitFor()
  await walk.look(page, '2-side')
  await page.getByLabel('Teksti').fill('Brygga vid stranden.')
  await page.getByRole('button', { name: 'Tallenna ja avaa seuraava' }).click()
  await page.getByRole('heading', { level: 1, name: 'Penkki – ruotsiksi' }).waitFor()
  await page.goto(`${walk.base}/desk/${id}/translations?all=yes&language=sv`)
  await page
    .getByRole('cell', { name: /valmis Olli Official|valmis .*\d{4}$/ })
    .first()
    .waitFor()
  const phone = await walk.open()
  await walk.signIn(phone, 'official', `/desk/${id}/translations?language=sv`)
  await phone.getByText('1 ehdotus').waitFor()
  await walk.look(phone, '3-phone')
  await phone.getByRole('link', { name: /^Penkki, ruotsiksi/ }).click()
  await phone.getByLabel('Otsikko').waitFor()
  await walk.look(phone, '4-phone-side')
  await phone.context().close()

  // By a sheet: half a row holds everything back and says where; the whole sheet is saved.
  await page.goto(`${walk.base}/desk/${id}/translations`)
  await page.getByRole('link', { name: 'Käännä taulukossa' }).click()
  await page.getByLabel('Mille kielelle käännetään').selectOption('en')
  const download = page.waitForEvent('download')
  await page.getByRole('link', { name: 'Lataa CSV-tiedosto' }).click()
  const sheet = await readFile(await (await download).path(), 'utf8')
  const filled = (words) =>
    sheet
      .split('\r\n')
      .map((line) => {
        const cells = line.split(';')
        const found = words[cells[5]?.replaceAll('"', '')]
        if (found) [cells[6], cells[8]] = found
        return cells.join(';')
      })
      .join('\r\n')
  const choose = (content) =>
    page.getByLabel(/^Käännökset englanniksi/).setInputFiles({
      name: 'en.csv',
      mimeType: 'text/csv',
      buffer: Buffer.from(content),
    })
  await choose(filled({ Katos: ['Shelter', 'A shelter by the sea.'], Laituri: ['Pier', ''] }))
  await page.getByText('Yhdellä rivillä on korjattavaa').waitFor()
  await page.getByText('Rivi 3').waitFor()
  await walk.look(page, '5-faulty')
  await choose(filled({ Katos: ['Shelter', 'A shelter by the sea.'], Laituri: ['Pier', 'A pier.'] }))
  await page.getByText('Taulukossa on 2 uutta käännöstä').waitFor()
  await page.getByRole('button', { name: 'Tallenna 2 käännöstä' }).click()
  await page.getByText('2 käännöstä on tallennettu').first().waitFor()
  await walk.look(page, '6-saved')
  const projects = await ask(`/${id}/projects`)
  assert.deepEqual(projects.map(({ title }) => [title.fi, title.sv, title.en]).sort(), [
    ['Katos', 'Skydd', 'Shelter'],
    ['Laituri', 'Brygga', 'Pier'],
    ['Penkki', undefined, undefined],
  ])

  // The freeze counts what is left, and wants the word.
  await page.goto(`${walk.base}/office/${id}`)
  await page.getByRole('button', { name: 'Lukitse', exact: true }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByText('Ruotsi: otsikko puuttuu 1 hankkeelta ja teksti 1 hankkeelta.').waitFor()
  await dialog.getByText('Englanti: otsikko puuttuu 1 hankkeelta ja teksti 1 hankkeelta.').waitFor()
  for (const box of await dialog.getByRole('checkbox').all()) await box.check()
  await dialog.getByLabel('Päätöksen numero').fill('HEL 2026-000124')
  await dialog.getByRole('button', { name: 'Lukitse', exact: true }).click()
  await dialog.getByText('Kirjoita sana puuttuu.').waitFor()
  await walk.look(page, '7-freeze')
  await dialog.getByLabel(/^Kirjoita sana puuttuu/).fill('Puuttuu')
  await dialog.getByRole('button', { name: 'Lukitse', exact: true }).click()
  await page.getByText('HEL 2026-000124').waitFor()
  assert.equal((await ask(`/${id}`)).phase, 'frozen')
}
