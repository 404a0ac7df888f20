// Rounds that an official sets up for a walk, by the API; voting codes stand for voters.
import assert from 'node:assert/strict'

const hour = 3_600_000
export const text = (fi, sv) => ({ fi, sv })

/** Asks as an official: GET, or POST where there is something to send. */
async function office(walk) {
  const page = await walk.open({ screen: 'desktop', path: '/fi' })
  await walk.signIn(page, 'official')
  const { csrf } = await (await page.request.get(`${walk.base}/api/v1/session`)).json()
  return async (path, data) => {
    const address = `${walk.base}/api/v1/rounds${path}`
    const answer = data
      ? await page.request.post(address, { data, headers: { 'X-CSRF-Token': csrf } })
      : await page.request.get(address)
    assert.ok(answer.ok(), `${path}: ${answer.status()} ${await answer.text()}`)
    return answer.status() === 204 ? undefined : answer.json()
  }
}

/** An area of 100 000 €. */
export const area = (id, fi, sv, citywide) => ({
  id,
  name: text(fi, sv),
  pot: 10_000_000,
  population: 1,
  citywide,
  postal_codes: [],
})

/** A project of so many euros. */
export const project = (where, title, euros) => ({
  area: where,
  title: { fi: title },
  cost: { minimum: 100, maximum: euros * 100, maintenance: 0 },
})

/** A rehearsal that is ready for the freeze, with so many codes to vote with. */
export async function prepareRound(walk, id, { name, areas, papers, projects, count, settings = {} }) {
  const ask = await office(walk)
  const window = (from, to) => ({
    opens: new Date(Date.now() + from * hour).toISOString(),
    closes: new Date(Date.now() + to * hour).toISOString(),
  })
  await ask('', {
    id,
    name,
    rehearsal: true,
    times: { proposing: window(-5, -4), vetting: window(-4, -3), voting: window(-1, 24) },
    settings: {
      areas,
      papers,
      rule: { rule: 'greedy' },
      eligibility: { age: 12, moment: 'calendar-year', municipalities: [] },
      reserve_maintenance: false,
      final_ballots: true,
      openings_from: 0,
      themes: [],
      ...settings,
    },
  })
  const step = async (name) => {
    const { version, warnings } = await ask(`/${id}/steps`)
    const accepted = warnings.map(({ code }) => code)
    return ask(`/${id}/steps`, {
      step: name,
      version,
      accepted,
      missing: 'puuttuu',
      decision: 'Harjoitus 1 §',
      reason: 'Harjoitus',
    })
  }
  for (const name of ['propose', 'vet']) await step(name)
  await ask(`/${id}/projects/import`, { projects })
  const { codes } = count ? await ask(`/${id}/codes`, { count, label: 'Harjoitus' }) : { codes: [] }
  return { ask, step, codes, at: (lang, page = '') => `/${lang}/rounds/${id}/vote/${page}` }
}

/** The same with its vote open. */
export async function openRound(walk, id, of) {
  const round = await prepareRound(walk, id, of)
  for (const name of ['freeze', 'open']) await round.step(name)
  return round
}

/** A rehearsal that one person votes in, with two projects for 100 000 €, its vote open. */
export const openForOne = (walk, id, name) =>
  openRound(walk, id, {
    name,
    areas: [area('kaupunki', 'Koko kaupunki', 'Hela staden', true)],
    papers: [
      {
        id: 'lippu',
        name: text('Äänestyslippu', 'Röstsedel'),
        areas: ['kaupunki'],
        form: { kind: 'approval', min: 1, max: 2, blank: false },
      },
    ],
    projects: [project('kaupunki', 'Katos', 60_000), project('kaupunki', 'Penkki', 50_000)],
    count: 1,
  })

/**
 * A rehearsal whose one paper has this form, its vote open, with three projects for 100 000 €. finish closes it and counts; it gives the numbers
 * of what is funded.
 */
export async function openPaper(walk, form) {
  const id = `walk-${form.kind}-${Date.now()}`
  const { ask, step, codes, at } = await openRound(walk, id, {
    name: text('Yhden lipun kierros', 'Omgång med en sedel'),
    areas: [area('kaupunki', 'Koko kaupunki', 'Hela staden', true)],
    papers: [{ id: 'lippu', name: text('Äänestyslippu', 'Röstsedel'), areas: ['kaupunki'], form }],
    projects: [
      project('kaupunki', 'Katos', 60_000),
      project('kaupunki', 'Laituri', 50_000),
      project('kaupunki', 'Penkki', 40_000),
    ],
    count: 1,
  })
  return {
    code: codes[0],
    at,
    finish: async () => {
      for (const name of ['close', 'count']) await step(name)
      const { fixes } = await ask(`/${id}/steps`)
      return fixes.areas[0].funded
    },
  }
}
