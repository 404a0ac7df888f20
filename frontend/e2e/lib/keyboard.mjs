// Walking by keyboard alone.
import assert from 'node:assert/strict'
import { settled } from './expect.mjs'

/** Tabs until the focus is on what has this role and name, and checks that one can see it there. */
export async function tabTo(target, { back = false, most = 80 } = {}) {
  const page = target.page()
  await settled(page) // or what is drawn meanwhile would be passed by
  for (let presses = 0; presses < most; presses++) {
    await page.keyboard.press(back ? 'Shift+Tab' : 'Tab')
    if (await target.evaluateAll((elements) => elements.includes(document.activeElement))) {
      const { hidden, mark } = await page.evaluate(() => {
        const element = document.activeElement
        const box = element.getBoundingClientRect()
        const top = document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2)
        const style = getComputedStyle(element.matches('[type=checkbox]') ? element.nextElementSibling : element)
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
