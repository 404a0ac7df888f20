// The roll by a page: an official sends the file, reads what is wrong with it, sends it whole, and takes it; on a phone what came of it is seen too.
import { absent, expect } from './lib/expect.mjs'
import { area, prepareRound, project, text } from './lib/papers.mjs'

const characters = '0123456789ABCDEFHJKLMNPRSTUVWXY'
const header = 'identity_code,municipality,area,protected'

/** Made-up people with identity codes of the test range. */
function people(count) {
  const born = Date.UTC(1920, 0, 1)
  return Array.from({ length: count }, (_, index) => {
    const [year, month, day] = new Date(born + (index % 29_000) * 86_400_000).toISOString().slice(2, 10).split('-')
    const date = `${day}${month}${year}`
    const number = 900 + Math.floor(index / 29_000)
    return `${date}-${number}${characters[Number(`${date}${number}`) % 31]},091,kaupunki,0`
  })
}

export default async function roll(walk) {
  const id = `walk-roll-${Date.now()}`
  await prepareRound(walk, id, {
    name: text('Luettelon kierros', 'Omgång med förteckning'),
    areas: [area('kaupunki', 'Koko kaupunki', 'Hela staden', true)],
    papers: [
      {
        id: 'lippu',
        name: text('Äänestyslippu', 'Röstsedel'),
        areas: ['kaupunki'],
        form: { kind: 'approval', min: 1, max: 2, blank: true },
      },
    ],
    projects: [project('kaupunki', 'Katos', 60_000)],
    count: 1,
  })
  const page = await walk.open({ screen: 'desktop' })
  await walk.signIn(page, 'official', `/office/${id}/roll`)
  const choose = (to, rows) =>
    to.locator('#roll-file').setInputFiles({
      name: 'luettelo.csv',
      mimeType: 'text/csv',
      buffer: Buffer.from([header, ...rows, ''].join('\n')),
    })
  const status = page.getByRole('status')

  // What is wrong is told by row and column, without what stands there; nothing has changed.
  const rows = people(100_000)
  const wrong = rows[0].slice(0, 10)
  await choose(page, [`${wrong}!,091,kaupunki,0`, `${rows[1].slice(0, 11)},91,kallio,0`, ...rows.slice(2, 50), rows[2]])
  await page.getByRole('alert').getByText('Tiedostossa on 4 virhettä').waitFor()
  await page
    .getByRole('row', { name: '2 identity_code Henkilötunnuksen tarkistusmerkki on väärä.', exact: true })
    .waitFor()
  await page.getByRole('row', { name: '52 Sama henkilö kuin rivillä 4.' }).waitFor()
  await expect(page.getByRole('main')).not.toContainText(wrong)
  await walk.look(page, '1-faults')

  // A large file: the work goes on behind the page, which finds it again.
  await choose(page, rows)
  await page.getByRole('progressbar').waitFor()
  await walk.shot(page, '2-progress')
  await page.getByText('Voit sulkea sivun.').waitFor()
  await page.reload()
  await status.getByText('Tiedosto on tarkistettu').waitFor({ timeout: 60_000 })
  await page.getByRole('row', { name: 'Lisätään 100 000' }).waitFor()
  await walk.look(page, '3-checked')
  await page.getByRole('button', { name: 'Tuo luettelo, jossa on 100 000 henkilöä' }).click()
  await status.getByText('Luettelo on tuotu').waitFor({ timeout: 60_000 })
  await expect(page.locator('dl').getByText('100 000')).toBeVisible()
  await walk.look(page, '4-taken')

  // A file that is cut off would take the vote from many: it wants a word.
  const phone = await walk.open({ screen: 'narrow', lang: 'sv' })
  await walk.signIn(phone, 'official', `/office/${id}/roll`)
  await choose(phone, rows.slice(0, 60_000))
  await phone.getByText('40 000 personer skulle försvinna').waitFor({ timeout: 60_000 })
  await phone.getByRole('button', { name: /^Importera förteckningen med/ }).click()
  await phone.getByText('Bekräfta först att personerna tas bort.').waitFor()
  await walk.look(phone, '5-phone')
  await phone.getByRole('button', { name: 'Förkasta filen' }).click()
  await absent(phone.getByRole('button', { name: 'Förkasta filen' }))
  await page.goto(`${walk.base}/office/${id}/audit`)
  const log = page.getByText('Äänioikeusluettelo tuotu', { exact: true }).and(page.locator(':not(option)'))
  await expect(log, 'the roll was imported once').toHaveCount(1)
}
