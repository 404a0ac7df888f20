// The same vote in Swedish by keyboard alone, on a wide screen: Tab, Space and Enter.
import assert from 'node:assert/strict'
import { hasNotVoted, votingRound } from './lib/vote.mjs'

export default async function voteByKeyboard(walk) {
  const { round, at } = await votingRound()
  const page = await walk.open({ screen: 'desktop', lang: 'sv', path: at('sv') })
  const { keyboard } = page
  await page.getByRole('heading', { level: 1, name: 'Välj område' }).waitFor()

  /** Tabs until the focus is on what has this role and name, and checks that one can see it there. */
  const tabTo = async (target, { back = false, most = 80 } = {}) => {
    for (let presses = 0; presses < most; presses++) {
      await keyboard.press(back ? 'Shift+Tab' : 'Tab')
      if (await target.evaluateAll((elements) => elements.includes(document.activeElement))) {
        const { hidden, mark } = await page.evaluate(() => {
          const element = document.activeElement
          const box = element.getBoundingClientRect()
          const top = document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2)
          const style = getComputedStyle(element.matches('.project-tick input') ? element.nextElementSibling : element)
          return {
            hidden: !(element === top || element.contains(top) || top?.contains(element)),
            mark: style.outlineStyle !== 'none' || style.boxShadow !== 'none',
          }
        })
        assert.ok(!hidden, `the focus on ${target} is covered by something`)
        assert.ok(mark, `the focus on ${target} cannot be seen`)
        return
      }
    }
    assert.fail(`Tab does not reach ${target}`)
  }
  const heading = async (name) => {
    await page.getByRole('heading', { level: 1, name }).waitFor()
    assert.ok(
      await page.getByRole('heading', { level: 1, name }).evaluate((element) => element === document.activeElement),
      `the heading “${name}” has the focus`,
    )
  }

  // The skip link comes first.
  await keyboard.press('Tab')
  assert.equal(await page.evaluate(() => document.activeElement.className), 'skip')
  await keyboard.press('Enter')
  assert.equal(await page.evaluate(() => document.activeElement.id), 'main')

  await tabTo(page.getByLabel('Postnummer'))
  await keyboard.type('00150')
  await tabTo(page.getByRole('button', { name: 'Välj Södra' }))
  await keyboard.press('Enter')
  await heading('Välj projekt')

  const ticks = page.getByRole('checkbox')
  for (const index of [0, 1, 2]) {
    await tabTo(ticks.nth(index))
    await keyboard.press('Space')
    assert.ok(await ticks.nth(index).isChecked())
    await page
      .getByRole('status')
      .filter({ hasText: `${index + 1} av 5 valda` })
      .waitFor({ state: 'attached' })
  }
  await keyboard.press('Space')
  assert.ok(!(await ticks.nth(2).isChecked()))
  await walk.shot(page, '2-projects', { full: false })

  // Past the rest of the list without tabbing through it.
  await tabTo(page.getByRole('link', { name: 'Hoppa över listan' }), { back: true })
  await keyboard.press('Enter')
  await tabTo(page.getByRole('button', { name: 'Granska' }), { most: 1 })
  await keyboard.press('Enter')
  await heading('Granska dina val')
  assert.equal(await page.locator('.review-list li').count(), 2)
  await walk.axe(page, 'review')

  await tabTo(page.getByRole('link', { name: 'Identifiera dig' }))
  await keyboard.press('Enter')
  await heading('Identifiera dig')
  await tabTo(page.getByRole('main').getByRole('link', { name: 'Logga in' }))
  await keyboard.press('Enter')
  const astrid = page.getByRole('button', { name: /Astrid Lindholm/ })
  await astrid.waitFor()
  await tabTo(astrid)
  await keyboard.press('Enter')

  await page.getByRole('heading', { level: 1, name: 'Granska och rösta' }).waitFor()
  await hasNotVoted(page, round)
  const cast = page.getByRole('button', { name: 'Rösta', exact: true })
  await cast.waitFor()
  await walk.shot(page, '5-vote')
  await tabTo(cast)
  await keyboard.press('Enter')
  await heading('Tack, din röst är i urnan')
  await page.getByText('Kvittot är äkta').waitFor()
  await walk.axe(page, 'receipt')
  await walk.shot(page, '6-receipt')

  // What others can see opens by keyboard, too.
  await tabTo(page.locator('.receipt-others summary'))
  await keyboard.press('Enter')
  await page.locator('.receipt-others').getByText('Håll alltså kvittot för dig själv').waitFor()
}
