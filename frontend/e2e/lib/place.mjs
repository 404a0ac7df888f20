// A voting place with an officer at work, in a round with people on its roll.
import { expect } from './expect.mjs'
import { area, prepareRound, project, text } from './papers.mjs'
import { importRoll } from './roll.mjs'
import { call } from './staff.mjs'

const hour = 3_600_000

/** The vote is open, so many people are on the roll, and the place has an officer; its sheets have numbers of three digits, of which five may be named. */
export async function openPlace(walk, id, people) {
  const { ask, step } = await prepareRound(walk, id, {
    name: text('Paperikierros', 'Pappersomgång'),
    areas: [area('kaupunki', 'Kaupunki', 'Staden', false), area('saaristo', 'Saaristo', 'Skärgården', false)],
    papers: [
      {
        id: 'lippu',
        name: text('Äänestyslippu', 'Röstsedel'),
        areas: ['kaupunki', 'saaristo'],
        form: { kind: 'approval', min: 1, max: 5, blank: false },
      },
    ],
    projects: [
      ...['Katos', 'Laituri', 'Penkki', 'Puita', 'Keinu', 'Lava'].map((title) => project('kaupunki', title, 20_000)),
      project('saaristo', 'Vene', 20_000),
    ].map((one, at) => ({ ...one, number: 101 + at })),
  })
  const codes = await importRoll(id, people)
  for (const name of ['freeze', 'open']) await step(name)
  const official = await walk.open({ screen: 'desktop', lang: 'sv', path: '/sv' })
  await walk.signIn(official, 'official', '/sv')
  const place = await call(official, 'POST', `/rounds/${id}/events`, {
    kind: 'voting',
    title: text('Äänestys kirjastossa', 'Röstning i biblioteket'),
    about: text('Tervetuloa', 'Välkommen'),
    place: 'Kirjasto',
    address: 'Katu 1',
    times: [{ begins: new Date(Date.now() + hour).toISOString(), ends: new Date(Date.now() + 2 * hour).toISOString() }],
    languages: ['fi'],
    access: [],
    access_note: {},
    seats: 0,
  })
  await call(official, 'POST', `/rounds/${id}/events/${place.id}/publish`)
  const officer = await walk.open({ screen: 'desktop', path: '/fi' })
  await walk.signIn(officer, 'officer', '/fi')
  await call(officer, 'PUT', `/rounds/${id}/places/${place.id}/request`)
  const [{ officers }] = await call(official, 'GET', `/rounds/${id}/places`)
  await call(official, 'PUT', `/rounds/${id}/places/${place.id}/officers/${officers[0].account}`)
  const projects = await call(officer, 'GET', `/rounds/${id}/projects`)
  return {
    ask,
    step,
    codes,
    place: place.id,
    official,
    officer,
    /** The city's date: marks are counted by its days. */
    day: new Intl.DateTimeFormat('sv-SE', { timeZone: 'Europe/Helsinki' }).format(new Date()),
    /** Each project's number, by its title. */
    of: Object.fromEntries(projects.map(({ number, title }) => [title.fi, number])),
  }
}

/** An officer marks a right as used on paper. */
export const markPaper = (officer, id, place, identity_code) =>
  call(officer, 'POST', `/rounds/${id}/places/${place}/paper-marks`, { identity_code, document: 'passport' })

/** The time to vote ends at this moment. */
export async function endVote(official, id) {
  const { times, versions } = await call(official, 'GET', `/rounds/${id}`)
  times.voting.closes = new Date(Date.now() + 1500).toISOString()
  await call(official, 'PUT', `/rounds/${id}/times`, { times, version: versions.times, reason: 'Harjoitus' })
  await expect
    .poll(async () => Date.parse((await call(official, 'GET', `/rounds/${id}`)).now) - Date.parse(times.voting.closes))
    .toBeGreaterThan(0)
}
