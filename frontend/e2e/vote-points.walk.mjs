// A paper of points, on the narrowest screen: buttons, a number typed, limits that say why, and on to the count.
import assert from 'node:assert/strict'
import { expect } from './lib/expect.mjs'
import { openPaper } from './lib/papers.mjs'
import { identifyByCode, listen, thanks } from './lib/vote.mjs'

export default async function votePoints(walk) {
  const { code, at, finish } = await openPaper(walk, {
    kind: 'points',
    min: 2,
    max: 3,
    blank: false,
    points: 4,
    points_each: 3,
    points_all: true,
  })
  const sample = await walk.open({ screen: 'narrow', lang: 'sv', path: at('sv', 'sample') })
  const rule = 'Du har 4 poäng att ge. Ge dem alla. Ett projekt kan få högst 3 poäng. Ge poäng till minst 2 projekt.'
  await expect(sample.getByRole('article').getByText(rule)).toHaveCount(2)
  await walk.look(sample, '0-sample')
  await sample.context().close()
  const page = await walk.open({ screen: 'narrow', path: at('fi') })
  const heard = listen(page.context())
  const bar = page.getByRole('region', { name: 'Valintasi' })
  await page.getByText('Sinulla on 4 pistettä annettavana. Anna ne kaikki.').waitFor()
  await expect(bar).toContainText('4/4 pistettä jäljellä, hankkeita 0, vähintään 2')

  // More, up to what one project can have: the button keeps its focus and says why it does no more.
  const more = page.getByRole('button', { name: 'Piste lisää: Katos' })
  await more.focus()
  await page.keyboard.press('Enter')
  await page.getByRole('button', { name: 'Tarkista' }).click()
  await page.getByRole('alert').filter({ hasText: 'Valitse ensin ainakin 2 hanketta' }).waitFor()
  await more.focus()
  for (let presses = 1; presses < 4; presses++) await page.keyboard.press('Enter')
  await expect(more).toBeFocused()
  await expect(more).toHaveAccessibleDescription('Yksi hanke voi saada enintään 3 pistettä.')
  await expect(bar).toContainText('1/4 pistettä jäljellä, hankkeita 1, vähintään 2')

  // Typed: as many as are left, and why.
  const typed = page.getByRole('textbox', { name: 'Pisteet: Penkki' })
  await typed.fill('9')
  await typed.press('Enter')
  await expect(typed).toHaveValue('1')
  await expect(typed).toHaveAccessibleDescription(/Olet jo antanut kaikki 4 pistettä/)
  await expect(bar).toContainText('0/4 pistettä jäljellä, hankkeita 2, vähintään 2')
  await walk.axe(page, 'points')
  await walk.fits(page)
  await walk.shot(page, '1-points')

  // Taken back: not all are given.
  await page.getByRole('button', { name: 'Piste vähemmän: Katos' }).click()
  await page.getByRole('button', { name: 'Tarkista' }).click()
  await page.getByRole('alert').filter({ hasText: 'Anna ensin kaikki 4 pistettä' }).waitFor()
  await more.click()
  await page.getByRole('button', { name: 'Tarkista' }).click()

  await page
    .getByRole('listitem')
    .filter({ hasText: /Katos.*: 3 pistettä/ })
    .waitFor()
  await walk.axe(page, 'review of points')
  await walk.fits(page)
  await walk.shot(page, '2-review')
  await identifyByCode(page, at, code)
  await page.getByRole('button', { name: 'Äänestä', exact: true }).click()
  await page.getByRole('heading', { level: 1, name: thanks }).waitFor()
  await page.getByText('Kuitti on aito').first().waitFor({ state: 'attached' })
  const [ballot] = heard.ballots.map((request) => Buffer.from(request.postDataJSON().ballot, 'base64').toString())
  assert.match(ballot, /^osbu\/ballot\/v2\n(.*\n){3}points 1:3 3:1\nsalt /)
  assert.deepEqual(await finish(), ['1', '3'])
}
