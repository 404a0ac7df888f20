// The record is published, and sheets of paper are compared with it: an official draws them by a seed, saves what auditors saw, and another one publishes
// it. Everybody reads it beside the record, and draws the same sheets.
import assert from 'node:assert/strict'
import { absent, expect, texts } from './lib/expect.mjs'
import { endVote, markPaper, openPlace } from './lib/place.mjs'
import { call } from './lib/staff.mjs'

/** What stands on the six sheets. */
const sheets = ['1', '2', '3', '4', '5', '6'].map((last) => `AB12-3CD${last}`)

async function publishRound(walk, id) {
  const { step, place, official, officer, codes, day, of } = await openPlace(walk, id, 6)
  for (const code of codes) await markPaper(officer, id, place, code)
  await call(officer, 'PUT', `/rounds/${id}/places/${place}/batches/KIRJASTO1`, { paper: 'lippu', day, declared: 6 })
  await endVote(official, id)
  const rows = sheets.map((serial, at) => `${serial};${at < 4 ? of.Katos : `${of.Laituri} ${of.Penkki}`};`)
  const file = Buffer.from(['sarjanumero;numerot;syy', ...rows, ''].join('\n')).toString('base64')
  const box = async (path, data) => {
    // Without cookies: the box knows nobody.
    const answer = await fetch(`${walk.base}/box/v1/rounds/${id}/batches/KIRJASTO1/${path}`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(data),
    })
    assert.ok(answer.ok, `${path}: ${answer.status}`)
    assert.ok((await answer.json()).done, path)
  }
  for (const who of [officer, official]) {
    const { capability } = await call(who, 'POST', `/rounds/${id}/batches/KIRJASTO1/keying`)
    await box('sheets', { capability, file, confirm: true })
  }
  const { capability } = await call(official, 'POST', `/rounds/${id}/batches/KIRJASTO1/sealing`)
  await box('seal', { capability, taken_away: 0, confirm: true })
  return { step, official, of }
}

export default async function comparison(walk) {
  const id = `comparison-${Date.now()}`
  const { step, official, of } = await publishRound(walk, id)
  const here = `${walk.base}/polling/${id}/comparison`
  await official.goto(here)
  await official.getByText('Materialet har inte publicerats än').waitFor()
  await walk.look(official, '1-early')
  for (const name of ['close', 'count', 'confirm', 'publish']) await step(name)

  // The round, though its vote is over, is on the list still. What is missing is said; then five of the six are drawn.
  await official.goto(`${walk.base}/polling`)
  await official.locator(`main a[href$="/polling/${id}"]`).waitFor()
  await official.goto(`${walk.base}/polling/${id}/batches`)
  await official.getByRole('link', { name: 'Jämför pappersröster med materialet' }).click()
  await official.getByLabel('Hur många sedlar').fill('0')
  await official.getByRole('button', { name: 'Lotta fram sedlarna' }).click()
  await expect(official.getByLabel('Startvärde')).toHaveAccessibleDescription(/Skriv startvärdet/)
  await official.getByLabel('Startvärde').fill('3 1 4 1 5')
  await official.getByLabel('Hur många sedlar').fill('5')
  await official.getByRole('button', { name: 'Lotta fram sedlarna' }).click()
  await official.getByRole('heading', { name: 'Jämförelse 1' }).waitFor()
  const labels = official.locator('form').filter({ hasText: 'Vad som syns på sedlarna' })
  const fields = labels.getByRole('textbox')
  await expect(fields).toHaveCount(5)
  await walk.look(official, '2-drawn')

  // A word is no number; then one sheet says something else, one is not there, one is left out.
  const drawn = (await texts(labels.locator('label').filter({ hasText: /^KIRJASTO1/ }), 5)).map(
    (label) => /[0-9A-Z]{4}-[0-9A-Z]{4}/.exec(label)[0],
  )
  const truth = (serial) => (sheets.indexOf(serial) < 4 ? `${of.Katos}` : `${of.Penkki}, ${of.Laituri}`)
  await fields.nth(0).fill('Katos')
  for (const at of [1, 3]) await fields.nth(at).fill(truth(drawn[at]))
  await labels.getByRole('checkbox').nth(2).check()
  await labels.getByRole('button', { name: 'Spara och jämför' }).click()
  await expect(fields.nth(0)).toHaveAccessibleDescription(/Skriv nummer/)
  await walk.look(official, '3-wrong')
  await fields.nth(0).fill(String(of.Lava))
  await official.reload()
  await expect(fields.nth(0)).toHaveValue(String(of.Lava))
  await labels.getByRole('button', { name: 'Spara och jämför' }).click()
  await official.getByText('2 av 4 granskade sedlar är fel').waitFor()
  await official.getByText('Väntar på en annan tjänsteman').waitFor()
  await absent(official.getByRole('button', { name: 'Publicera det som framkom' }))
  await walk.look(official, '4-saved')

  // The public sees what was drawn, and nothing of what was found.
  const visitor = await walk.open({ path: `/fi/rounds/${id}/record` })
  await visitor.getByRole('heading', { name: 'Kaupungin tekemät vertailut' }).waitFor()
  await visitor.getByText('Havaintoja ei ole vielä julkaistu.').waitFor()
  await absent(visitor.getByText('katsotusta'))

  // Another official publishes it, on a phone.
  const other = await walk.open({ path: '/fi' })
  await walk.signIn(other, 'official-2', `/polling/${id}/comparison`)
  await other.getByText('2 lippua 4 katsotusta on väärin').waitFor()
  await walk.look(other, '5-other')
  await other.getByRole('button', { name: 'Julkaise havainnot' }).click()
  await other.getByText('Havainnot on julkaistu').first().waitFor()
  await walk.look(other, '6-published')

  await visitor.reload()
  await visitor.getByText('2 lippua 4 katsotusta on väärin').waitFor()
  await visitor.getByText(`KIRJASTO1 ${drawn[0]}: lipussa ${of.Lava}, aineistossa`).waitFor()
  await visitor.getByText('1 lippua ei löytynyt nipustaan').waitFor()
  await visitor.getByText('kaikista 6 lipusta noin 3 on väärin').waitFor()
  await walk.look(visitor, '7-public')

  // Anybody draws the same.
  await visitor.getByLabel('Siemenluku').fill('3 1 4 1 5')
  await visitor.getByLabel('Montako lippua').fill('5')
  await visitor.getByRole('button', { name: 'Arvo liput' }).click()
  await visitor.getByText('5 lippua on arvottu').waitFor()
  for (const serial of drawn) await visitor.getByLabel(`KIRJASTO1 ${serial}`).waitFor()
  await walk.look(visitor, '8-same')
}
