// What a walk asks of a page. A question that does not wait is answered by whichever of the two is faster, the walk or the page: so walks ask by
// `expect`, which asks again until it is so, and read what they need by the functions here, each of which first waits for what it is told.
import { expect as every } from '@playwright/test'

/** How long a walk waits for anything, in milliseconds. No walk asks how fast a machine is: this only ends one that would wait for ever. */
export const patience = 120_000

export const expect = every.configure({ timeout: patience })

/** The texts of so many elements. */
export async function texts(locator, count) {
  await expect(locator).toHaveCount(count)
  return locator.allTextContents()
}

/** The text of one element, once it is of this kind. */
export async function text(locator, kind) {
  await expect(locator).toHaveText(kind)
  return (await locator.textContent()).trim()
}

/** An attribute of one element, once it is of this kind. */
export async function attribute(locator, name, kind) {
  await expect(locator).toHaveAttribute(name, kind)
  return locator.getAttribute(name)
}

/** How many there are on a page that stands, where no number can be told beforehand. */
export async function howMany(locator) {
  await settled(locator.page())
  return locator.count()
}

/** The page's title, once it is of this kind. */
export async function title(page, kind) {
  await settled(page)
  await expect(page).toHaveTitle(kind)
  return page.title()
}

/** The page's address, once it is of this kind; what the expression finds in it is `groups`. */
export async function address(page, kind) {
  await expect(page).toHaveURL(kind)
  const url = new URL(page.url())
  return { url, groups: kind.exec(page.url()) }
}

/** The requests that a page is waiting for; `watch` keeps them. */
const asked = new WeakMap()
const kinds = ['fetch', 'xhr', 'script', 'stylesheet', 'font']

/** Keeps note of what the pages of a context are waiting for. What they send, which walks hold up on its way, does not count. */
export function watch(context) {
  const running = (request) => {
    if (request.method() !== 'GET' || !kinds.includes(request.resourceType())) return new Set()
    const page = request.frame().page()
    if (!asked.has(page)) asked.set(page, new Set())
    return asked.get(page)
  }
  context.on('request', (request) => running(request).add(request))
  for (const end of ['requestfinished', 'requestfailed']) context.on(end, (request) => running(request).delete(request))
}

/**
 * Waits until a page stands: it has its one heading, nothing on it is on its way, and its fonts are there. It is asked in every frame that is drawn:
 * an assertion asks again only after 100, 350 and 850 ms, and of every walk that would be half the time.
 */
export async function settled(page) {
  const requests = () => [...(asked.get(page) ?? [])].map((request) => request.url())
  const deadline = Date.now() + 3 * patience
  for (;;) {
    await page
      .waitForFunction(() => document.querySelectorAll('h1').length === 1 && !document.querySelector('.waiting')) // ui/hds/Spinner
      .catch(async (error) => {
        const [headings, waiting] = [await page.locator('h1').count(), await page.locator('.waiting').count()]
        throw new Error(`${page.url()} does not stand: ${headings} headings, ${waiting} parts on their way`, {
          cause: error,
        })
      })
    await expect
      .poll(requests, { message: 'every request is answered', intervals: [0, 5, 10, 20, 50, 100] })
      .toEqual([])
    // An answer is drawn in the frame after it, and what is drawn may ask anew.
    const stands = await page.evaluate(async () => {
      await document.fonts.ready
      await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)))
      return document.querySelectorAll('h1').length === 1 && !document.querySelector('.waiting')
    })
    if (stands && requests().length === 0) return
    if (Date.now() > deadline) throw new Error(`${page.url()} does not come to rest`)
  }
}

/** Fails when something is on a page that stands. */
export async function absent(locator, why) {
  await settled(locator.page())
  await expect(locator, why).toHaveCount(0)
}
