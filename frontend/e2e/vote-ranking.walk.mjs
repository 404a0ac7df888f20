// A paper that is ranked: chosen on the list, ordered by keyboard alone, and on to the count.
import assert from 'node:assert/strict'
import { expect } from './lib/expect.mjs'
import { tabTo } from './lib/keyboard.mjs'
import { openPaper } from './lib/papers.mjs'
import { identifyByCode, listen, thanks } from './lib/vote.mjs'

export default async function voteRanking(walk) {
  const { code, at, finish } = await openPaper(walk, { kind: 'ranking', min: 2, max: 3, blank: false })
  const sample = await walk.open({ screen: 'narrow', path: at('fi', 'sample') })
  const rule = 'Valitse 2–3 hanketta ja pane ne järjestykseen, mieluisin ensin. Kirjoita hankkeen ruutuun sen sija'
  await expect(sample.getByRole('article').getByText(rule)).toHaveCount(2)
  await sample.context().close()
  const page = await walk.open({ screen: 'narrow', path: at('fi') })
  const heard = listen(page.context())
  const { keyboard } = page
  const bar = page.getByRole('region', { name: 'Valintasi' })
  const order = page.getByRole('list').filter({ has: page.getByRole('button', { name: /^Siirrä ylös/ }) })
  const said = (text) => page.getByRole('status').filter({ hasText: text }).waitFor({ state: 'attached' })
  await page.getByText('Valitse 2–3 hanketta ja pane ne järjestykseen').waitFor()
  await page.getByText('Et ole vielä valinnut hankkeita').waitFor() // nothing is filled in beforehand

  for (const [index, title] of ['Katos', 'Laituri', 'Penkki'].entries()) {
    await page.getByRole('checkbox', { name: new RegExp(`: ${title}$`) }).focus()
    await keyboard.press('Space')
    await said(`${title} on nyt sijalla ${index + 1}`)
    if (index === 0) {
      await page.getByRole('button', { name: 'Tarkista' }).click()
      await page.getByRole('alert').filter({ hasText: 'Valitse ensin ainakin 2 hanketta' }).waitFor()
    }
  }
  await expect(bar).toContainText('3/3 sijaa täytetty')

  // By a button, with the focus on what has moved.
  const up = page.getByRole('button', { name: 'Siirrä ylös: Penkki' })
  await tabTo(up)
  await keyboard.press('Enter')
  await said('Penkki on nyt sijalla 2, sijoja on 3')
  await expect(up).toBeFocused()
  // By keys.
  await keyboard.press('ArrowUp')
  await said('Penkki on nyt sijalla 1, sijoja on 3')
  await expect(up).toBeFocused()
  await expect(up).toHaveAttribute('aria-disabled', 'true')
  await keyboard.press('ArrowUp')
  await expect(up).toBeFocused()
  // To a place.
  const place = page.getByRole('combobox', { name: 'Siirrä sijalle: Katos' })
  await place.selectOption({ label: 'sijalle 3' })
  await said('Katos on nyt sijalla 3, sijoja on 3')
  await expect(order).toHaveText(/1\.\s*Penkki.*2\.\s*Laituri.*3\.\s*Katos/s)
  await walk.axe(page, 'ranking')
  await walk.fits(page)
  await walk.shot(page, '1-ranking')

  // Taken out, and put back last.
  await page.getByRole('button', { name: 'Poista: Laituri' }).click()
  await said('Laituri ei ole enää järjestyksessäsi')
  await expect(page.getByRole('heading', { name: 'Järjestyksesi' })).toBeFocused()
  await page.getByRole('checkbox', { name: /: Laituri$/ }).check()
  await page.getByRole('button', { name: 'Tarkista' }).click()
  await page.getByRole('link', { name: 'Tunnistaudu' }).waitFor()
  await expect(page.getByRole('listitem').filter({ hasText: 'Penkki' })).toContainText('1.')
  await walk.axe(page, 'review of a ranking')
  await walk.fits(page)
  await walk.shot(page, '2-review')
  await identifyByCode(page, at, code)
  await page.getByRole('button', { name: 'Äänestä', exact: true }).click()
  await page.getByRole('heading', { level: 1, name: thanks }).waitFor()
  await page.getByText('Kuitti on aito').first().waitFor({ state: 'attached' })
  const [ballot] = heard.ballots.map((request) => Buffer.from(request.postDataJSON().ballot, 'base64').toString())
  assert.match(ballot, /^osbu\/ballot\/v2\n(.*\n){3}ranking 3 1 2\nsalt /)
  assert.deepEqual(await finish(), ['3', '1'])
}
