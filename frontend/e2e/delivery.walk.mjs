// From the result to the ribbon: an official hands a project to a division, its expert reports, and a resident follows both on a phone.
import { expect } from './lib/expect.mjs'
import { area, openRound, project, text } from './lib/papers.mjs'
import { identifyByCode } from './lib/vote.mjs'

export default async function delivery(walk) {
  const id = `walk-delivery-${Date.now()}`
  const { step, codes, at } = await openRound(walk, id, {
    name: text('Toteutettava kierros', 'Omgång som genomförs'),
    areas: [area('kaupunki', 'Koko kaupunki', 'Hela staden', true)],
    papers: [
      {
        id: 'lippu',
        name: text('Äänestyslippu', 'Röstsedel'),
        areas: ['kaupunki'],
        form: { kind: 'approval', min: 1, max: 3, blank: false },
      },
    ],
    projects: [project('kaupunki', 'Katos', 40_000), project('kaupunki', 'Laituri', 50_000)],
    count: 1,
  })
  const page = await walk.open({ screen: 'phone', path: at('fi') })
  await page.getByRole('checkbox', { name: /: Katos$/ }).check()
  await page.getByRole('button', { name: 'Tarkista' }).click()
  await identifyByCode(page, at, codes[0])
  await page.getByRole('button', { name: 'Äänestä', exact: true }).click()
  await page.getByText('Kuitti on aito').first().waitFor({ state: 'attached' })
  for (const name of ['close', 'count', 'confirm', 'publish']) await step(name)

  // The official hands the project over.
  const official = await walk.open({ screen: 'desktop', path: '/desk' })
  await walk.signIn(official, 'official', `/desk/${id}/delivery/1/0`)
  await official.getByLabel('Vastaava toimiala').selectOption({ label: 'Kaupunkiympäristö' })
  await official.getByRole('button', { name: 'Siirrä' }).click()
  await expect(official.getByRole('status').filter({ hasText: 'Kaupunkiympäristö' })).toBeAttached()

  // Her form of the month: a phase, a promise, a word to everybody.
  const expert = await walk.open({ screen: 'desktop', path: '/desk' })
  await walk.signIn(expert, 'expert', '/desk/delivery')
  await expert.locator(`a[href$="/${id}/delivery/1/0"]`).click()
  await expert.getByLabel('Vaihe nyt').selectOption({ label: 'Suunnittelu' })
  await expert.getByLabel('Eteneekö hanke?').selectOption({ label: 'Keskeytetty' })
  await expert.getByLabel(/Uutinen.*suomeksi/).fill('Piirrämme katosta asukkaiden kanssa.')
  await expert.getByLabel(/Uutinen.*ruotsiksi/).fill('Vi ritar taket med invånarna.')
  await expert.getByRole('button', { name: 'Kerro', exact: true }).click()
  await expert.getByRole('alert').filter({ hasText: 'Syy' }).waitFor()
  await expert.getByLabel(/Syy.*suomeksi/).fill('Maaperä tutkitaan.')
  await expert.getByLabel(/Syy.*ruotsiksi/).fill('Marken undersöks.')
  await expert.getByText('Päivät, asiakirjat ja yhteyshenkilö').click()
  await expert.getByRole('group', { name: 'Rakentaminen' }).getByLabel('Luvattu päivä').fill('2026-01-15')
  await walk.look(expert, '1-report')
  await expert.getByRole('button', { name: 'Kerro', exact: true }).click()
  await expect(expert.getByRole('status').filter({ hasText: 'hankkeen sivulla' })).toBeAttached()
  await expert.goto(`${walk.base}/desk/delivery`)
  await expert.getByRole('link', { name: 'Katos' }).first().waitFor()
  await walk.look(expert, '2-mine')

  // A sheet of many projects: what is wrong is told by its row and column, and when it is right all of it is taken at once.
  await official.goto(`${walk.base}/desk/${id}/delivery`)
  const give = (text) =>
    official
      .getByLabel('Valitse tiedosto')
      .setInputFiles({ name: 'hankkeet.csv', mimeType: 'text/csv', buffer: Buffer.from(text) })
  await give('hkrId;Hankkeen numero;phase;realizedCost\n4711;2;7. Rakentaminen;999999\n5;;construction;1\n')
  await official.getByText('1 rivi on korjattava').waitFor()
  await official.getByText('hankkeet.csv, rivi 2').waitFor()
  await official.getByText('Enintään 50000').waitFor()
  await walk.look(official, '2-sheet-faults')
  await give('hkrId;Hankkeen numero;phase;realizedCost\n4711;2;7. Rakentaminen;12 000,50\n5;;construction;1\n')
  await official.getByText('Maksettu yhteensä: 0 € → 12 000,50 €').waitFor()
  await walk.look(official, '2-sheet')
  await official.getByRole('button', { name: 'Tuo 1 rivin muutokset' }).click()
  await official.getByText('Tiedot on tuotu').waitFor()

  // What is finished is asked about: whoever is signed in says once whether it was worth it.
  await give('hkrId;phase\n4711;completed\n')
  await official.getByRole('button', { name: 'Tuo 1 rivin muutokset' }).click()
  await official.getByText('Tiedot on tuotu').waitFor()
  await official.goto(`${walk.base}/fi/rounds/${id}/delivery/2`)
  await official.getByText('Kyllä', { exact: true }).click()
  await walk.look(official, '2-worth')
  await official.getByRole('button', { name: 'Vastaa', exact: true }).click()
  await official.getByText('Vastasit: Kyllä.').waitFor()
  await official.getByText('Vastauksia on vielä niin vähän').waitFor()

  // The round in numbers, in which one voter and two projects show nothing of anybody, and on one sheet for the press.
  await page.goto(`${walk.base}/fi/rounds/${id}/statistics`)
  await page.getByRole('heading', { level: 1, name: 'Tilastot' }).waitFor()
  await page.getByText('Lukuja on niin vähän, ettei niitä voi kertoa.').first().waitFor()
  await page
    .getByRole('table', { name: 'Kaikki valitut hankkeet' })
    .getByText(/^90\s000\s€$/)
    .first()
    .waitFor()
  await walk.look(page, '2-statistics')
  await page.getByRole('link', { name: 'Luvut yhdellä sivulla medialle' }).click()
  await page.getByText('2 hanketta toteutetaan').waitFor()
  await walk.look(page, '2-press')

  // Everybody sees that it is late, and nobody has said so.
  await page.goto(`${walk.base}/fi/delivery?round=${id}`)
  await page.getByRole('heading', { level: 1, name: 'Hankkeiden toteutus' }).waitFor()
  await page
    .getByText(/päivää myöhässä/)
    .first()
    .waitFor()
  await page.getByLabel('Vain myöhässä olevat').click()
  await page.getByText('1 hanke', { exact: true }).waitFor()
  await walk.look(page, '3-list')
  await page.getByRole('link', { name: 'Katos' }).click()
  await page.getByText('Piirrämme katosta asukkaiden kanssa.').waitFor()
  await page.getByText('Maaperä tutkitaan.').first().waitFor()
  await page.getByText('Asukkaat äänestivät hankkeen jatkoon').waitFor()
  await page.getByText('Vastuu siirtyi: Kaupunkiympäristö').waitFor()
  await walk.look(page, '4-project')
  await page.goto(`${walk.base}/sv/rounds/${id}/delivery/1`)
  await page.getByText('Vi ritar taket med invånarna.').waitFor()
  await page.getByText('Marken undersöks.').first().waitFor()
  await walk.look(page, '5-projekt')

  // The fund's controller books an order, more than there is first; everybody reads it.
  await official.goto(`${walk.base}/office/${id}/ledger`)
  await official.getByLabel('Summa euroina').fill('50 000')
  await official.getByLabel('Tositteen tai tilauksen numero').fill('T-4711')
  await official.getByLabel('Selite suomeksi').first().fill('Urakka')
  await official.getByLabel('Selite ruotsiksi').first().fill('Entreprenad')
  await official.getByRole('button', { name: 'Kirjaa', exact: true }).click()
  await official.getByText('Tilillä ei ole näin paljon rahaa').waitFor()
  await official.getByLabel('Summa euroina').fill('12 000,50')
  await official.getByRole('button', { name: 'Kirjaa', exact: true }).click()
  await expect(official.getByRole('status').filter({ hasText: 'Kirjattu' })).toBeAttached()
  await official.getByText('Tosite T-4711').waitFor()
  await walk.look(official, '6-booking')
  // The same paper typed once more is told of, and nothing is booked.
  await official.getByLabel('Summa euroina').fill('100')
  await official.getByLabel('Tositteen tai tilauksen numero').fill('t-4711')
  await official.getByLabel('Selite suomeksi').first().fill('Urakka')
  await official.getByLabel('Selite ruotsiksi').first().fill('Entreprenad')
  await official.getByRole('button', { name: 'Kirjaa', exact: true }).click()
  await official.getByText('on jo kirjattu samoille tileille').waitFor()
  await walk.look(official, '6-twice')
  await page.goto(`${walk.base}/fi/rounds/${id}/ledger`)
  await page
    .getByText(/12\s000,50\s€/)
    .first()
    .waitFor()
  await walk.look(page, '7-ledger')
  // The area's page over all rounds, from the ledger's heading.
  await page.getByRole('link', { name: 'Koko kaupunki' }).first().click()
  await page.getByRole('heading', { level: 1, name: 'Koko kaupunki' }).waitFor()
  await page.getByRole('link', { name: 'Toteutettava kierros' }).first().waitFor()
  await page
    .getByText(/12\s000,50\s€/)
    .first()
    .waitFor()
  await walk.look(page, '7-area')
  await page.goto(`${walk.base}/sv/areas/kaupunki?round=${id}`)
  await page.getByRole('heading', { level: 1, name: 'Hela staden' }).waitFor()
  await walk.look(page, '7-omrade')
  // The same list in another site's frame, which has no header, no scripts and no room.
  const frame = await walk.open({ screen: 'narrow', path: `/embed/fi?round=${id}` })
  await frame.getByRole('link', { name: 'Katos' }).waitFor()
  await walk.fits(frame)
  await walk.look(frame, '7-embed')
  await page.goto(`${walk.base}/sv/fund`)
  await page.getByRole('heading', { level: 1, name: 'Delaktighetsfonden' }).waitFor()
  await walk.look(page, '8-fond')
}
