// What the staff's walks share.
import assert from 'node:assert/strict'
import { base } from './walk.mjs'

/** Calls the office in the name of whoever is signed in on the page, for what there is no page for or another walk walks. */
export async function call(page, method, path, data) {
  const { csrf } = await (await page.request.get(`${base}/api/v1/session`)).json()
  const answer = await page.request.fetch(`${base}/api/v1${path}`, { method, data, headers: { 'X-CSRF-Token': csrf } })
  assert.ok(answer.ok(), `${method} ${path}: ${answer.status()} ${await answer.text()}`)
  return answer.json()
}

/** What every page of the staff must stand: axe, 320 px or the screen it is on, and a picture. */
export function looker(walk) {
  return async (page, shot) => {
    await page.getByRole('heading', { level: 1 }).waitFor()
    await page.locator('.waiting').first().waitFor({ state: 'detached' }) // none is left
    await walk.axe(page, shot)
    await walk.fits(page)
    await walk.shot(page, shot)
  }
}

/** Whether what a locator finds has the focus. */
export const focused = (locator) => locator.evaluate((element) => element === document.activeElement)
