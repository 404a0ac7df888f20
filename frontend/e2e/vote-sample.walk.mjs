// The sample ballot: printed from what was frozen, in both languages or one, in large print; what is printed is the sheet alone, and it says that it is
// no vote.
import assert from 'node:assert/strict'
import { absent, expect, text } from './lib/expect.mjs'
import { openVote } from './lib/vote.mjs'

export default async function sampleBallot(walk) {
  const { round, projects } = await openVote()
  const here = projects.filter(({ area }) => area === 'central')
  assert.ok(here.length > 1, 'the demo has projects in the centre')

  // From the list of projects, for one area, with both languages on one sheet.
  const page = await walk.open({ screen: 'narrow', path: `/fi/rounds/${round.id}/list?area=central` })
  await page.getByRole('link', { name: /mallilippu/ }).click()
  await page.getByRole('heading', { level: 1, name: 'Mallilippu' }).waitFor()
  const sheet = page.getByRole('article')
  await expect(sheet).toHaveCount(1)
  await expect(sheet).toContainText('Mallilippu, ei ääni / Modellsedel, ingen röst')
  await expect(sheet.getByRole('listitem')).toHaveCount(here.length)
  const numbers = here.map(({ number }) => number).sort((a, b) => a - b)
  await expect(sheet.getByRole('listitem').locator('strong')).toHaveText(numbers.map(String))
  for (const { title } of here) {
    await expect(sheet).toContainText(title.fi)
    if (title.sv) await expect(sheet).toContainText(title.sv)
  }
  const { form } = round.settings.papers.find(({ areas }) => areas.includes('central'))
  assert.equal(form.kind, 'approval')
  const above = sheet.getByText(`Voit valita ${form.min}–${form.max} hanketta.`)
  await expect(above, 'the rule stands above and below').toHaveCount(2)
  await expect(sheet.getByText(`Du kan välja ${form.min}–${form.max} projekt.`)).toHaveCount(2)
  await walk.look(page, '1-both')

  // By keyboard: large print, and the sheet alone is printed.
  await page.evaluate(() => {
    window.print = () => {
      document.documentElement.dataset.printed = 'yes'
    }
  })
  const large = page.getByLabel('Suuri teksti')
  await large.focus()
  await page.keyboard.press('Space')
  await expect(large).toBeChecked()
  await page.keyboard.press('Tab')
  await expect(page.getByRole('button', { name: 'Tulosta mallilippu' })).toBeFocused()
  await page.keyboard.press('Enter')
  await expect(page.locator('html')).toHaveAttribute('data-printed', 'yes')
  await page.emulateMedia({ media: 'print' })
  await expect(sheet).toBeVisible()
  await expect(page.locator('header.header')).toBeHidden()
  await expect(large).toBeHidden()
  await expect(sheet).toHaveCSS('font-size', '24px') // 18 pt
  await page.emulateMedia({ media: 'screen' })
  await walk.look(page, '2-large')

  // In Swedish alone, and every area on a sheet of its own.
  const desk = await walk.open({ screen: 'desktop', lang: 'sv', path: `/sv/rounds/${round.id}/vote/sample` })
  await desk.getByLabel('Sedelns språk').selectOption('sv')
  await expect(desk.getByRole('article')).toHaveCount(round.settings.areas.length)
  await expect(desk.getByRole('article').first()).toContainText('Modellsedel, ingen röst')
  await expect(desk.getByRole('article').first()).not.toContainText('Mallilippu')
  await expect(desk.getByRole('article').first()).toHaveCSS('font-size', '16px') // 12 pt
  await walk.look(desk, '3-all')

  // Voting sheets are the places' own: each has a serial, and what has been printed is not printed again.
  const stranger = await walk.open({ screen: 'phone', path: `/fi/rounds/${round.id}/vote/sheets` })
  await stranger.getByRole('heading', { level: 1, name: 'Äänestysliput' }).waitFor()
  await expect(stranger.getByRole('link', { name: 'Kirjaudu' }).first()).toBeVisible()
  await absent(stranger.getByRole('article'))
  const place = await walk.open({ screen: 'desktop', path: '/desk' })
  await walk.signIn(place, 'official', `/polling/${round.id}/batches`)
  await place.getByRole('link', { name: 'Tulosta äänestyslippuja' }).click()
  await place.getByRole('heading', { level: 1, name: 'Äänestysliput' }).waitFor()
  await place.getByLabel('Montako lippua').fill('0')
  await expect(place.getByText('Kirjoita luku väliltä 1–200')).toBeVisible()
  await absent(place.getByRole('article'))
  await place.getByLabel('Montako lippua').fill('3')
  const sheets = place.getByRole('article')
  await expect(sheets).toHaveCount(3)
  const serial = /Sarjanumero \/ Serienummer [0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}/
  await expect(sheets).toContainText([serial, serial, serial])
  await expect(sheets.first()).not.toContainText('Mallilippu')
  const printed = sheets.first().getByText(serial)
  await expect(printed).toBeVisible()
  const [before] = serial.exec(await text(printed, serial))
  await walk.look(place, '4-sheets')
  await place.evaluate(() => window.dispatchEvent(new Event('afterprint')))
  await expect(sheets).toHaveCount(3)
  await absent(sheets.getByText(before))
}
