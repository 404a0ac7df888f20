// Two people key a batch of ballot papers in, by the keyboard alone and apart from each other: what is wrong is said at its field, a reload loses nothing,
// what is handed in leaves nothing behind. They differ in two papers, one of which is doubtful; one of them keys these again, and an official puts the
// batch into the log. Then two officers sign the place's closing certificate.
import assert from 'node:assert/strict'
import { absent, expect } from './lib/expect.mjs'
import { area, openRound, project, text } from './lib/papers.mjs'
import { call } from './lib/staff.mjs'

const hour = 3_600_000

/** A practised typist's stroke on a number pad, in seconds: 200 a minute. */
const stroke = 0.3

/** Types on a page and counts the strokes. */
function typist({ keyboard }) {
  let strokes = 0
  return {
    type: async (keys) => {
      strokes += keys.length
      await keyboard.type(keys)
    },
    press: async (key) => {
      strokes += key.split('+').length
      await keyboard.press(key)
    },
    count: () => {
      const before = strokes
      strokes = 0
      return before
    },
  }
}

async function prepare(walk) {
  const id = `keying-${Date.now()}`
  const { ask } = await openRound(walk, id, {
    name: text('Paperikierros', 'Pappersomgång'),
    areas: [area('kaupunki', 'Kaupunki', 'Staden', false), area('saaristo', 'Saaristo', 'Skärgården', false)],
    papers: [
      {
        id: 'lippu',
        name: text('Äänestyslippu', 'Röstsedel'),
        areas: ['kaupunki', 'saaristo'],
        form: { kind: 'approval', min: 1, max: 3, blank: false },
      },
    ],
    projects: [
      ...['Katos', 'Laituri', 'Penkki', 'Puita'].map((title) => project('kaupunki', title, 20_000)),
      project('saaristo', 'Vene', 20_000),
    ],
    count: 1, // a roll of nobody has no vote
  })
  const official = await walk.open({ screen: 'desktop', lang: 'sv', path: '/sv' })
  await walk.signIn(official, 'official', '/sv')
  const day = new Date().toISOString().slice(0, 10)
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
  await call(officer, 'PUT', `/rounds/${id}/places/${place.id}/batches/KIRJASTO1`, { paper: 'lippu', day, declared: 4 })
  return { id, ask, place: place.id, official, officer }
}

/** The time to vote ends at this moment. */
async function end(official, id) {
  const { times, versions } = await call(official, 'GET', `/rounds/${id}`)
  times.voting.closes = new Date(Date.now() + 1500).toISOString()
  await call(official, 'PUT', `/rounds/${id}/times`, { times, version: versions.times, reason: 'Harjoitus' })
  await expect
    .poll(async () => Date.parse((await call(official, 'GET', `/rounds/${id}`)).now) - Date.parse(times.voting.closes))
    .toBeGreaterThan(0)
}

const left = (page) => page.evaluate(() => JSON.stringify({ ...sessionStorage, ...localStorage }))

export default async function keying(walk) {
  const { id, place, official, officer } = await prepare(walk)
  const numbers = await call(officer, 'GET', `/rounds/${id}/projects`)
  const of = Object.fromEntries(numbers.map(({ number, title }) => [title.fi, number]))
  const batch = `${walk.base}/polling/${id}/batches/KIRJASTO1`
  await officer.goto(batch)
  await officer.getByText('Liput tallennetaan vasta, kun äänestysaika on päättynyt').waitFor()
  await end(official, id)

  // The officer begins.
  await officer.goto(`${walk.base}/polling/${id}/batches`)
  await officer.getByText('Kukaan ei ole vielä luovuttanut').waitFor()
  await walk.look(officer, '1-batches')
  await officer.getByRole('link', { name: 'Tallenna KIRJASTO1' }).click()
  await officer.getByRole('button', { name: 'Aloita' }).click()
  const serial = officer.getByLabel('Sarjanumero')
  const field = officer.getByLabel('Hankkeiden numerot')
  const reason = officer.getByLabel('Miksi lippu on epäselvä?')
  await serial.focus()
  await walk.look(officer, '2-empty')

  // What is wrong is said at its field, and the focus stays there.
  const { type, press, count } = typist(officer)
  await type('AB12-3C')
  await press('Enter')
  await expect(serial).toHaveAccessibleDescription(/kahdeksan kirjainta/)
  await expect(serial).toBeFocused()
  await type('D1')
  await press('Enter')
  await expect(field).toBeFocused()
  for (const [typed, said] of [
    ['999', /ei ole tätä numeroa/],
    [`${of.Katos} ${of.Katos}`, /on lipussa jo/],
    [`${of.Katos} ${of.Vene}`, /toisella alueella/],
    [`${of.Katos} ${of.Laituri} ${of.Penkki} ${of.Puita}`, /enintään 3 hanketta/],
  ]) {
    await field.fill(typed)
    await press('Enter')
    await expect(field).toHaveAccessibleDescription(said)
    await expect(field).toBeFocused()
  }
  await walk.look(officer, '3-wrong')
  await field.fill(String(of.Katos))
  await officer.getByRole('listitem').filter({ hasText: 'Katos' }).waitFor() // while it is typed
  await press('Enter')
  await expect(officer.getByRole('status').filter({ hasText: 'Katos' })).toHaveCount(1)
  await press('Enter')
  await officer.getByRole('heading', { name: 'Tallennettu 1/4' }).waitFor()
  await expect(serial).toBeFocused()

  // A paper with as many numbers as there may be takes less than eight seconds.
  count()
  await type('AB123CD2')
  await press('Enter')
  await type(`${of.Laituri} ${of.Penkki} ${of.Puita}`)
  await press('Enter')
  await press('Enter')
  await officer.getByRole('heading', { name: 'Tallennettu 2/4' }).waitFor()
  const strokes = count() + 3 * 2 // a city's projects have numbers of three digits
  console.log(`      a paper is ${strokes} strokes, ${(strokes * stroke).toFixed(1)} s at 200 a minute`)
  assert.ok(strokes * stroke < 8, `${strokes} strokes`)

  // The same paper once more; a doubtful one; and a reload in the middle of a paper.
  await type('AB123CD2')
  await press('Enter')
  await expect(serial).toHaveAccessibleDescription(/on jo tallennettu/)
  await serial.fill('AB12-3CD3')
  await press('Enter')
  await press('Enter')
  await expect(reason).toBeFocused()
  await expect(reason).toHaveAccessibleDescription(/tarvitsee syyn/)
  await type('liian m')
  await press('Enter')
  await officer.getByRole('heading', { name: 'Tallennettu 3/4' }).waitFor()
  await type('AB123CD4')
  await press('Enter')
  await type(String(of.Vene))
  await press('Enter')
  await officer.reload()
  await officer.getByRole('heading', { name: 'Tallennettu 3/4' }).waitFor()
  await expect(serial).toHaveValue('AB12-3CD4')
  await field.focus()
  await press('Enter')
  await officer.getByRole('heading', { name: 'Tallennettu 4/4' }).waitFor()

  // A paper is corrected, one too many is struck.
  await officer.getByRole('button', { name: 'Korjaa AB12-3CD1' }).click()
  await expect(serial).toHaveValue('AB12-3CD1')
  await field.focus()
  await press('Backspace')
  await type(String(of.Puita))
  await press('Enter')
  await press('Enter')
  await type('ZZ12ZZ12')
  await press('Enter')
  await type(`${of.Vene}`)
  await press('Enter')
  await press('Enter')
  await officer.getByText('Lippuja on 1 enemmän').waitFor()
  await officer.getByRole('button', { name: 'Poista ZZ12-ZZ12' }).click()
  await walk.look(officer, '4-stack')
  assert.match(await left(officer), /AB123CD2/)
  await officer.getByRole('button', { name: 'Luovuta', exact: true }).click()
  await officer.getByText('Olet luovuttanut lippusi').waitFor()
  await walk.look(officer, '5-handed-in')
  assert.doesNotMatch(await left(officer), /AB123CD/, 'something of the papers stays in the browser')

  // The second begins at the bottom, and sees nothing of the first; on a phone, in Swedish.
  const second = await walk.open({ lang: 'sv', path: '/sv' })
  await walk.signIn(second, 'official', '/sv')
  await second.goto(batch)
  await second.getByRole('button', { name: 'Börja' }).click()
  await second.getByText('Vänd på bunten').waitFor()
  await absent(second.getByText('AB12-3CD'))
  const hers = typist(second)
  await second.getByLabel('Serienummer').focus()
  for (const [code, typed] of [
    ['AB123CD4', of.Vene],
    ['AB123CD3', `${of.Katos} ${of.Laituri} ${of.Penkki}`], // there is a fourth cross on it
    ['AB123CD2', `${of.Laituri} ${of.Penkki}`], // she has missed one
    ['AB123CD1', of.Puita],
  ]) {
    await hers.type(code)
    await hers.press('Enter')
    await hers.type(String(typed))
    await hers.press('Enter')
    await hers.press('Enter')
    await second.getByText(`${code.slice(0, 4)}-${code.slice(4)}`, { exact: true }).waitFor()
  }
  await walk.look(second, '6-second')
  await second.getByRole('button', { name: 'Lämna in', exact: true }).click()
  await second.getByText('Ni har olika om 2 sedlar').waitFor()
  await walk.look(second, '7-differ')

  // The first, too, sees in what they differ now. The second keys these papers again.
  await officer.getByRole('button', { name: 'Katso uudelleen' }).click()
  await officer.getByText('Teillä on 2 eroavaa lippua').waitFor()
  await officer.getByRole('cell', { name: 'ei numeroita, liian monta' }).waitFor()
  await walk.look(officer, '8-differ')
  await second.getByRole('button', { name: 'Rätta AB12-3CD2' }).click()
  await second.getByLabel('Projektens nummer').focus()
  await hers.type(String(of.Puita))
  await hers.press('Enter')
  await hers.press('Enter')
  await second.getByRole('button', { name: 'Rätta AB12-3CD3' }).click()
  await second.getByLabel('Projektens nummer').focus()
  for (const key of ['Backspace', 'Backspace', 'Backspace', '?']) await hers.press(key)
  await expect(second.getByLabel('Varför är sedeln oklar?')).toBeFocused()
  await second.getByLabel('Varför är sedeln oklar?').selectOption('too_many')
  await hers.press('Enter')
  await second.getByRole('button', { name: 'Lämna in på nytt' }).click()
  await second.getByText('Ni säger båda samma sak').waitFor()
  await walk.look(second, '9-agreed')
  await second.context().close()

  // An official puts it into the log; no mark was made at the place, and she says why.
  await official.goto(`${walk.base}/polling/${id}/batches`)
  await official.getByText('Båda säger samma sak om varje sedel').waitFor()
  await official.locator('summary').filter({ hasText: 'För in i loggen' }).click()
  await official.getByRole('button', { name: 'Kontrollera talen' }).click()
  await official.getByText('Talen stämmer inte').waitFor()
  await official.getByLabel('Förklaring').fill('Övning utan röstlängd.')
  await walk.look(official, '10-seal')
  await official.getByRole('button', { name: 'För in i loggen' }).click()
  await official.getByText('Räknade 3').waitFor()
  await walk.look(official, '11-sealed')

  // The place's closing certificate, by two; on a phone.
  const phone = await walk.open({ path: '/fi' })
  await walk.signIn(phone, 'officer', `/polling/${id}/${place}/certificate`)
  await phone.getByLabel('Lippuja uurnassa').fill('4')
  await phone.getByLabel('Viety mukana pois').fill('0')
  await phone.getByLabel('Eron syy').fill('Harjoitus ilman luetteloa.')
  await phone.getByRole('button', { name: 'Allekirjoita' }).click()
  await phone.getByText('toinen allekirjoitus puuttuu').waitFor()
  await walk.look(phone, '12-certificate')
  await official.goto(`${walk.base}/polling/${id}/${place}/certificate`)
  await official.getByRole('button', { name: 'Underteckna som andra' }).click()
  await official.getByText('Två funktionärer har undertecknat protokollet').waitFor()
  await walk.look(official, '13-signed')
}
