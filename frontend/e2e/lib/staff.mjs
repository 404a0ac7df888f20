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

/** Has the resident who is signed in on the page propose something in central and submit it: its id and title. */
export async function propose(page, round, title, what) {
  const text = {
    title,
    what,
    area: 'central',
    place: 'Alppipuisto',
    theme: round.settings.themes[0].id,
    language: 'fi',
  }
  const { id } = await call(page, 'POST', `/rounds/${round.id}/proposals`, text)
  await call(page, 'POST', `/rounds/${round.id}/proposals/${id}/submit`)
  return { id, title }
}

/**
 * Has a facilitator refer these proposals, and the expert publish of each that it can be done for 10 000 to 12 000 €. The page is that of the
 * facilitator.
 */
export async function prepare(walk, page, round, proposals) {
  await call(page, 'POST', `/rounds/${round.id}/queue/referral`, {
    proposals: proposals.map(({ id }) => id),
    division: 'environment',
  })
  const expert = await walk.open({ path: '/desk' })
  await walk.signIn(expert, 'expert', '/desk')
  await call(expert, 'POST', `/rounds/${round.id}/estimates`, {
    division: 'environment',
    estimates: proposals.map(({ id }) => ({
      proposal: id,
      number: 0,
      competence: 'city',
      feasibility: 'feasible',
      cost: { minimum: 10_000_00, maximum: 12_000_00, maintenance: 500_00 },
      reasons: { fi: 'Onnistuu.', sv: 'Det går.' },
      published: true,
    })),
  })
}
