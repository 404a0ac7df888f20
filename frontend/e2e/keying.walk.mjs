// Rights are marked in the poll book and a spoiled paper is taken back; then two people key the batch in, by the keyboard alone and apart from each other:
// what is wrong is said at its field, a reload loses nothing, what is handed in leaves nothing behind. They differ in two papers, one of which is doubtful;
// one of them keys these again, and an official puts the batch into the log. Two officers sign the place's closing certificate, which adds up.
import assert from 'node:assert/strict'
import { absent, expect } from './lib/expect.mjs'
import { endVote, markPaper, openPlace } from './lib/place.mjs'
import { call } from './lib/staff.mjs'

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

const left = (page) => page.evaluate(() => JSON.stringify({ ...sessionStorage, ...localStorage }))

export default async function keying(walk) {
  const id = `keying-${Date.now()}`
  const { place, official, officer, codes, day, of } = await openPlace(walk, id, 6)
  const batch = `${walk.base}/polling/${id}/batches/KIRJASTO1`

  // Four vote on paper: the first by the page, on a phone. She spoils her paper and gets another one.
  const book = await walk.open({ path: '/fi' })
  await walk.signIn(book, 'officer', `/polling/${id}/${place}`)
  const mark = async () => {
    const form = book.locator('form').filter({ hasText: 'Hae äänestäjä' })
    await form.getByLabel('Henkilötunnus').fill(codes[0])
    await form.getByLabel('Millä henkilö todisti').selectOption('passport')
    await form.getByLabel('Miten hän äänestää?').selectOption('paper')
    await form.getByRole('button', { name: 'Hae ja merkitse' }).click()
  }
  await mark()
  await book.getByText('Äänioikeus on merkitty').waitFor()
  await walk.look(book, '0-marked')
  await book.getByRole('button', { name: 'Seuraava äänestäjä' }).click()
  await mark()
  await book.getByText('Äänioikeus on jo käytetty').waitFor()
  await book.getByRole('button', { name: 'Seuraava äänestäjä' }).click()
  await call(officer, 'POST', `/rounds/${id}/places/${place}/paper-undos`, {
    identity_code: codes[0],
    document: 'passport',
    reason: 'spoiled',
  })
  for (const code of codes.slice(0, 4)) await markPaper(officer, id, place, code)
  await book.context().close()
  await call(officer, 'PUT', `/rounds/${id}/places/${place}/batches/KIRJASTO1`, { paper: 'lippu', day, declared: 4 })
  await officer.goto(batch)
  await officer.getByText('Liput tallennetaan vasta, kun äänestysaika on päättynyt').waitFor()
  await endVote(official, id)

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
    [`${of.Katos} ${of.Laituri} ${of.Penkki} ${of.Puita} ${of.Keinu} ${of.Lava}`, /enintään 5 hanketta/],
  ]) {
    await field.fill(typed)
    await press('Enter')
    await expect(field).toHaveAccessibleDescription(said)
    await expect(field).toBeFocused()
  }
  await walk.look(officer, '3-wrong')
  // A number that is whole is taken without any key, and read back; one that is wrong is said at once, and the next key replaces it.
  await field.fill('')
  await type('999')
  await expect(field).toHaveAccessibleDescription(/ei ole tätä numeroa/)
  await type(String(of.Katos))
  await expect(officer.getByRole('status').filter({ hasText: 'Katos' })).toHaveCount(1)
  await expect(field).toHaveValue('')
  await type(String(of.Katos))
  await expect(field).toHaveAccessibleDescription(/on lipussa jo/)
  await field.fill('')
  await press('Enter')
  await officer.getByRole('heading', { name: 'Tallennettu 1/4' }).waitFor()
  await expect(serial).toBeFocused()

  // A paper with as many numbers as there may be, five of three digits, takes less than eight seconds.
  count()
  await type('AB123CD2')
  await type(`${of.Laituri}${of.Penkki}${of.Puita}${of.Keinu}${of.Lava}`)
  await press('Enter')
  await officer.getByRole('heading', { name: 'Tallennettu 2/4' }).waitFor()
  const strokes = count()
  console.log(`      a paper is ${strokes} strokes, ${(strokes * stroke).toFixed(1)} s at 200 a minute`)
  assert.ok(strokes * stroke < 8, `${strokes} strokes`)

  // The same paper once more; a doubtful one; and a reload in the middle of a paper.
  await press('Enter') // once too often
  await type('AB123CD2')
  await expect(serial).toHaveAccessibleDescription(/on jo tallennettu/)
  await serial.fill('')
  await type('AB12-3CD3')
  await press('Enter') // as a scanner sends it: it ends no paper
  await expect(field).toBeFocused()
  await absent(officer.getByText('tarvitsee syyn'))
  await press('Enter')
  await expect(reason).toBeFocused()
  await expect(reason).toHaveAccessibleDescription(/tarvitsee syyn/)
  await type('liian m')
  await press('Enter')
  await officer.getByRole('heading', { name: 'Tallennettu 3/4' }).waitFor()
  await type('AB123CD4')
  await type(String(of.Vene))
  await expect(field).toHaveValue('')
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
  await type('ZZ12ZZ12')
  await type(String(of.Vene))
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
    ['AB123CD3', `${of.Katos} ${of.Laituri} ${of.Penkki}`], // there are six crosses on it
    ['AB123CD2', `${of.Laituri} ${of.Penkki} ${of.Puita} ${of.Keinu}`], // she has missed one
    ['AB123CD1', of.Puita],
  ]) {
    await hers.type(code)
    await hers.press('Enter') // by habit, as after the numbers: it changes nothing
    await hers.type(String(typed))
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
  await hers.type(String(of.Lava))
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

  // An official puts it into the log: four marks, four papers.
  await official.goto(`${walk.base}/polling/${id}/batches`)
  await official.getByText('Båda säger samma sak om varje sedel').waitFor()
  await official.locator('summary').filter({ hasText: 'För in i loggen' }).click()
  await official.getByRole('button', { name: 'Kontrollera talen' }).click()
  await official.getByText('Talen stämmer', { exact: true }).waitFor()
  await walk.look(official, '10-seal')
  await official.getByRole('button', { name: 'För in i loggen' }).click()
  await official.getByText('Räknade 3').waitFor()
  await walk.look(official, '11-sealed')

  // The place's closing certificate, by two; on a phone.
  const phone = await walk.open({ path: '/fi' })
  await walk.signIn(phone, 'officer', `/polling/${id}/${place}/certificate`)
  await phone.getByLabel('Lippuja uurnassa').fill('4')
  await phone.getByLabel('Viety mukana pois').fill('0')
  await phone.getByText('Luetteloon on merkitty 5 paperiäänestystä, joista 1 on peruttu.').waitFor()
  await phone.getByText('Luvut täsmäävät.').waitFor()
  await phone.getByRole('button', { name: 'Allekirjoita' }).click()
  await phone.getByText('toinen allekirjoitus puuttuu').waitFor()
  await walk.look(phone, '12-certificate')
  await official.goto(`${walk.base}/polling/${id}/${place}/certificate`)
  await official.getByRole('button', { name: 'Underteckna som andra' }).click()
  await official.getByText('Två funktionärer har undertecknat protokollet').waitFor()
  await walk.look(official, '13-signed')
}
