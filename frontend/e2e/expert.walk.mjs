// A division's expert: a Stadiluotsi sends three proposals; she opens her queue, estimates one by the keyboard alone, forwards one, and brings her sheet back
// with a change and a conflict. The author hears of the estimate and reads it without her name.
import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { absent, expect } from './lib/expect.mjs'
import { proposingRound } from './lib/rounds.mjs'
import { call, propose } from './lib/staff.mjs'

export default async function expert(walk) {
  const round = await proposingRound()
  const stamp = Date.now()

  const aino = await walk.open()
  await walk.signIn(aino, 'aino', '/fi')
  const proposed = (title) => propose(aino, round, `${title} ${stamp}`, 'Kymmenen penkkiä.')
  const [first, second, third] = [
    await proposed('Varjopenkkejä'),
    await proposed('Seinämaalaus'),
    await proposed('Suihkulähde'),
  ]

  // The Stadiluotsi sends them together.
  const leena = await walk.open({ screen: 'desktop' })
  await walk.signIn(leena, 'leena', `/desk/${round.id}?q=${stamp}`)
  await leena.getByRole('link', { name: third.title }).waitFor()
  await leena.getByRole('button', { name: 'Valitse kaikki näkyvät' }).click()
  await leena.getByRole('button', { name: 'Lähetä toimialalle' }).click()
  // The first of this name is the filter's.
  await leena.getByLabel('Toimiala', { exact: true }).nth(1).selectOption({ label: 'Kaupunkiympäristö' })
  await walk.look(leena, '1-refer')
  await leena.getByRole('button', { name: 'Lähetä 3 ehdotusta toimialalle' }).click()
  await leena.getByText('Odottaa arviota', { exact: true }).locator('visible=true').nth(2).waitFor()

  // The expert's queue; from here to the estimate with the keyboard.
  const ilona = await walk.open({ screen: 'desktop' })
  await walk.signIn(ilona, 'expert', `/desk/${round.id}?q=${stamp}`)
  await ilona.getByText('Toimialasi: Kaupunkiympäristö').waitFor()
  const link = ilona.getByRole('link', { name: first.title })
  await link.waitFor()
  await walk.look(ilona, '2-queue')
  await link.focus()
  await ilona.keyboard.press('j')
  await expect(ilona.getByRole('link', { name: second.title }), 'j leads to the next').toBeFocused()
  await ilona.keyboard.press('k')
  await ilona.keyboard.press('Enter')
  await ilona.getByRole('heading', { name: 'Arvioi ehdotus' }).waitFor()
  await absent(ilona.getByText('Yhteydenotot'), 'an expert sees no log of contacts')
  const city = ilona.getByRole('radio', { name: 'Kaupungin, meidän toimialamme' })
  await city.waitFor()
  await city.focus()
  await ilona.keyboard.press('Space')
  await ilona.keyboard.press('Tab')
  await ilona.keyboard.press('Space')
  await ilona.keyboard.press('ArrowDown')
  await ilona.keyboard.press('Tab')
  for (const text of ['', '10 000', '12 000', '500']) {
    if (text) await ilona.keyboard.type(text)
    await ilona.keyboard.press('Tab')
  }
  await ilona.keyboard.type('Onnistuu pienempänä.')
  await ilona.keyboard.press('Enter') // a new line in a text, nothing sent
  await ilona.getByRole('button', { name: 'Julkaise arvio' }).focus()
  await ilona.keyboard.press('Enter')
  const summary = ilona.locator('.hds-error-summary')
  await summary.waitFor()
  await expect(summary, 'the error summary has the focus').toBeFocused()
  await walk.look(ilona, '3-missing')
  await ilona.getByLabel('Perustelu ruotsiksi').focus()
  await ilona.keyboard.type('Det går i mindre skala.')
  await ilona.getByRole('button', { name: 'Julkaise arvio' }).focus()
  await ilona.keyboard.press('Enter')
  await ilona.getByText('Arvio 1, julkaistu').waitFor()
  await walk.look(ilona, '4-estimated')

  // One is another division's.
  await ilona.goto(`${walk.base}/desk/${round.id}/${second.id}`)
  await ilona.getByText('Toisen toimialan', { exact: true }).click()
  await ilona.getByLabel('Toimiala, jolle ehdotus siirretään').selectOption({ label: 'Kulttuuri ja vapaa-aika' })
  await ilona.getByLabel('Huomautus kollegoille').fill('Taidehanke')
  await ilona.getByRole('button', { name: 'Siirrä ehdotus' }).click()
  await ilona.getByText('Ehdotus ei ole sinun toimialasi jonossa.').waitFor()

  // Out, filled in, and back; meanwhile a colleague has estimated the third.
  await ilona.goto(`${walk.base}/desk/${round.id}/sheet/environment`)
  const download = ilona.waitForEvent('download')
  await ilona.getByRole('link', { name: 'Lataa CSV-tiedosto' }).click()
  const file = await readFile(await (await download).path(), 'utf8')
  const lines = file.split(/\r?\n/)
  const at = (id) => lines.findIndex((line) => line.startsWith(`"${id}";`))
  assert.ok(at(first.id) > 0 && at(third.id) > 0 && at(second.id) < 0, 'the sheet has the division’s proposals alone')
  const fill = (id, cells) => {
    const row = lines[at(id)].slice(1, -1).split('";"') // every field is quoted
    for (const [column, cell] of Object.entries(cells)) row[column] = cell
    lines[at(id)] = `"${row.join('";"')}"`
  }
  fill(first.id, { 11: '15 000 €' })
  fill(third.id, { 6: 'kaupungin', 8: 'toteutettavissa', 10: '1000', 11: '2000', 12: '0' })
  const estimate = {
    proposal: third.id,
    number: 0,
    competence: 'city',
    feasibility: 'feasible',
    cost: { minimum: 100_00, maximum: 300_00, maintenance: 0 },
    reasons: {},
    published: false,
  }
  await call(ilona, 'POST', `/rounds/${round.id}/estimates`, { division: 'environment', estimates: [estimate] })
  await ilona
    .getByLabel('Täytetty taulukko (.xlsx tai .csv)')
    .setInputFiles({ name: 'arviot.csv', mimeType: 'text/csv', buffer: Buffer.from(lines.join('\n')) })
  await ilona.getByRole('button', { name: 'Katso, mitä muuttuisi' }).click()
  await ilona.getByText('Enintään, euroa: 12 000 € → 15 000 €').waitFor()
  await ilona.getByText('Enintään, euroa: taulukossa 2 000 €, palvelussa 300 €').waitFor()
  await walk.look(ilona, '5-examined')
  await ilona.getByText('Taulukon arvio', { exact: true }).click()
  await ilona.getByRole('button', { name: 'Tallenna 2 arviota' }).click()
  await ilona.getByText('2 arviota on tallennettu.').locator('visible=true').first().waitFor()
  await ilona.getByRole('button', { name: 'Tarkista taulukko uudelleen' }).click()
  await ilona.getByText('Muuttuu 0, ristiriitoja 0').waitFor()

  // Everybody reads what was published, on a phone, and nobody's name.
  const phone = await walk.open({ path: `/fi/rounds/${round.id}/proposals/${first.id}` })
  await phone.getByRole('heading', { name: 'Asiantuntijoiden arvio' }).waitFor()
  await phone.getByText('10 000 €–15 000 €').or(phone.getByText('15 000 €')).first().waitFor()
  await absent(phone.getByText('Ilona'), 'the expert is not named')
  await walk.look(phone, '6-public')
}
