// What an official types is read as it looks or is an error at its field: wrong money, codes parted as one likes, hours that the
// clock shows twice or never. What she does not touch stays as it is, to the cent and the second.
import assert from 'node:assert/strict'
import { absent, expect } from './lib/expect.mjs'
import { call } from './lib/staff.mjs'

export default async function typed(walk) {
  const page = await walk.open({ screen: 'desktop', path: '/office' })
  await walk.signIn(page, 'official', '/office')
  const name = `Kirjoitettu ${Date.now()}`
  const id = name.toLowerCase().replace(' ', '-')
  const times = {
    proposing: { opens: '2027-01-10T06:00:00Z', closes: '2027-02-10T18:00:00Z' },
    vetting: { opens: '2027-01-10T06:00:00Z', closes: '2027-06-10T13:00:00Z' },
    voting: { opens: '2027-10-01T06:00:20Z', closes: '2027-11-15T21:59:59Z' },
  }
  const made = { id, name: { fi: name, sv: name }, times, rehearsal: true, preset: 'helsinki-2026' }
  const { settings } = await call(page, 'POST', '/rounds', made)
  const saved = () => call(page, 'GET', `/rounds/${id}`)

  await page.goto(`${walk.base}/office/${id}/settings`)
  const area = page.getByRole('group', { name: 'Eteläinen', exact: true })
  const pot = area.getByLabel('Rahaa, euroa')
  const summary = page.locator('.hds-error-summary')
  const save = page.getByRole('button', { name: 'Tallenna asetukset' })
  await page.getByLabel('Syy', { exact: true }).fill('Oikeat summat')
  for (const wrong of ['2,5 milj.', '-5', '1.868', '']) {
    await pot.fill(wrong)
    await save.click()
    await summary.getByRole('link', { name: /^Eteläinen, .*Kirjoita summa euroina/ }).click()
    await expect(pot, 'the link leads to the field').toBeFocused()
    await expect(pot, 'what was written stays').toHaveValue(wrong)
  }
  await walk.look(page, '01-money')
  assert.deepEqual((await saved()).settings, settings, 'nothing that cannot be read is saved')

  await pot.fill('1.868.353,50 €')
  await area.getByText('Postinumerot ja oma laskentatapa').click()
  const postal = area.getByRole('textbox', { name: /^Postinumerot/ })
  await postal.fill('')
  await postal.pressSequentially('00100 00120,00130; 0014')
  await expect(postal).toHaveValue('00100 00120,00130; 0014')
  await area.getByText('Postinumerot ja oma laskentatapa').click() // the summary's link opens it again
  await save.click()
  await summary.getByRole('link', { name: /”0014” ei kelpaa/ }).click()
  await expect(postal).toBeFocused()
  await postal.pressSequentially('0')
  await save.click()
  await page.waitForURL(`**/office/${id}`)
  const after = (await saved()).settings
  assert.equal(after.areas[0].pot, 186_835_350)
  assert.deepEqual(after.areas[0].postal_codes, ['00100', '00120', '00130', '00140'])
  assert.deepEqual(after.areas.slice(1), settings.areas.slice(1), 'the other areas stay as they were')

  await page.goto(`${walk.base}/office/${id}/times`)
  const opens = page.getByRole('group', { name: 'Äänestys' }).getByLabel('Alkaa')
  const move = page.getByRole('button', { name: 'Siirrä ajat' })
  await page.getByLabel('Syy', { exact: true }).fill('Talviaikaan')
  await opens.fill('2027-03-28T03:30')
  await page.getByText('Tätä kellonaikaa ei ole').first().waitFor()
  await opens.fill('2027-10-31T03:30')
  await move.click()
  await summary.getByRole('link', { name: /Valitse, kumpaa aikaa tarkoitat/ }).waitFor()
  await walk.look(page, '02-twice')
  await page.getByText('Toinen, kellojen siirron jälkeen').click()
  await move.click()
  await page.waitForURL(`**/office/${id}`)
  await absent(summary)
  const moved = (await saved()).times
  assert.equal(Date.parse(moved.voting.opens), Date.parse('2027-10-31T01:30:00Z'))
  assert.equal(
    Date.parse(moved.voting.closes),
    Date.parse(times.voting.closes),
    'an untouched moment keeps its seconds',
  )
}
