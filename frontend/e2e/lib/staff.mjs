// What the staff's walks share.
import assert from 'node:assert/strict'
import { base } from './walk.mjs'

/** Calls the office in the name of whoever is signed in on the page, for what there is no page for or another walk walks. */
export async function call(page, method, path, data) {
  const { csrf } = await (await page.request.get(`${base}/api/v1/session`)).json()
  const answer = await page.request.fetch(`${base}/api/v1${path}`, { method, data, headers: { 'X-CSRF-Token': csrf } })
  assert.ok(answer.ok(), `${method} ${path}: ${answer.status()} ${await answer.text()}`)
  return answer.status() === 204 ? undefined : answer.json()
}
