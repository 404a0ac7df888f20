// A published round's record, checked by osbu-verify in the browser: whole it is confirmed, with one bit changed it is refused with the place. The
// page itself may not compile WebAssembly. A check can be stopped.
import assert from 'node:assert/strict'
import { openForOne, text } from './lib/papers.mjs'
import { identifyByCode, thanks } from './lib/vote.mjs'

export default async function voteRecord(walk) {
  const id = `walk-record-${Date.now()}`
  const { step, codes, at } = await openForOne(walk, id, text('Tarkistettu kierros', 'Kontrollerad omgång'))
  const page = await walk.open({ path: at('fi') })
  const here = `${walk.base}/fi/rounds/${id}/record`
  await page.goto(here)
  await page.getByText('Aineistoa ei ole vielä julkaistu').waitFor()
  await page.goto(walk.base + at('fi'))
  await page.getByRole('checkbox').first().check()
  await identifyByCode(page, at, codes[0])
  await page.getByRole('button', { name: 'Äänestä', exact: true }).click()
  await page.getByRole('heading', { level: 1, name: thanks }).waitFor()
  for (const name of ['close', 'count', 'confirm', 'publish']) await step(name)

  await page.goto(`${walk.base}/fi/rounds/${id}/results`)
  await page.getByRole('link', { name: 'Tarkista selaimessa' }).click()
  await page.waitForURL(here)
  const start = page.getByRole('button', { name: 'Tarkista aineisto' })
  await start.waitFor()
  await walk.look(page, 'before')
  assert.deepEqual(
    await page.evaluate(() =>
      WebAssembly.compile(new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0])).then(
        () => 'compiled',
        (error) => error.name,
      ),
    ),
    'CompileError',
    'the page compiles WebAssembly: its policy is too wide',
  )

  // The program is long on its way, and nobody waits for it.
  const other = await walk.open({ path: `/fi/rounds/${id}/record` })
  await other.context().route('**/osbu-verify.wasm', () => {})
  await other.getByRole('button', { name: 'Tarkista aineisto' }).click()
  await other.getByText('Vaihe 2/5: ohjelmaa ladataan').waitFor()
  await walk.shot(other, 'progress')
  await other.getByRole('button', { name: 'Keskeytä' }).click()
  await other.getByText('Keskeytit tarkistuksen. Mitään ei vahvistettu.').waitFor()

  await start.click()
  await page.getByText('Aineisto on kunnossa').waitFor()
  await page.getByText(/^Ääniä 1, joista tyhjiä 0\. Toteutettavia hankkeita 1, hinta [56]0.000.€\.$/).waitFor()
  await page.getByText('Lokin avain on se, jonka tämä palvelu on näyttänyt selaimellesi.').waitFor()
  await page.getByText('Kaikki, mitä ohjelma kertoi').click()
  await page.getByText('"key_compared": true').waitFor()
  await walk.look(page, 'good')

  const record = await (await page.request.get(`${walk.base}/api/v1/rounds/${id}/record`)).body()
  record[record.length >> 1] ^= 1
  await page.getByText('Minulla on aineisto tiedostona').click()
  await page
    .getByLabel('Aineisto (zip)')
    .setInputFiles({ name: 'muutettu.zip', mimeType: 'application/zip', buffer: record })
  await page.getByText('Aineisto ei ole kunnossa').waitFor()
  await page.getByText(/Ensimmäinen virhe on tiedostossa \S+/).waitFor()
  await walk.look(page, 'bad')
  await page.evaluate(() => {
    document.documentElement.style.fontSize = '200%'
  })
  await walk.fits(page)
}
