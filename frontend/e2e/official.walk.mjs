// An official's round from a preset to the published result: she creates a rehearsal, puts projects on the ballot, prints voting codes,
// takes every step with its confirmation, and ends on the public results page. In between, one code votes on a phone.
import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { absent, expect, howMany, texts } from './lib/expect.mjs'
import { call } from './lib/staff.mjs'
import { choose, identifyByCode, thanks } from './lib/vote.mjs'

const hour = 3_600_000
const inHelsinki = new Intl.DateTimeFormat('sv-SE', {
  timeZone: 'Europe/Helsinki',
  dateStyle: 'short',
  timeStyle: 'short',
})
/** A moment as <input type="datetime-local"> takes it; hours: from now. */
const local = (moment) => inHelsinki.format(moment).replace(' ', 'T')
const hours = (from) => local(new Date(Date.now() + from * hour))

export default async function official(walk) {
  const page = await walk.open({ screen: 'desktop', path: '/office' })
  await page.getByText('Tämä sivu on kaupungin työntekijöille.').waitFor()
  await walk.look(page, '01-stranger')
  await walk.signIn(page, 'official', '/office')
  await page.getByRole('link', { name: 'OmaStadi' }).first().waitFor()
  await walk.look(page, '02-rounds')

  // An empty form says what is missing and leads there.
  await page.getByRole('link', { name: 'Uusi kierros' }).click()
  await page.getByRole('button', { name: 'Perusta kierros' }).click()
  const summary = page.locator('.hds-error-summary')
  await summary.waitFor()
  await expect(summary, 'the error summary has the focus').toBeFocused()
  await walk.look(page, '03-create-errors')
  await summary.getByRole('link', { name: /^Nimi suomeksi/ }).click()
  const name = `Harjoitus ${Date.now()}`
  await page.keyboard.type(name)
  const id = name.toLowerCase().replace(' ', '-')
  await expect(page.getByLabel('Kierroksen tunnus osoitteessa')).toHaveValue(id)
  await page.getByLabel('Nimi ruotsiksi').fill(`Övning ${name.slice(10)}`)
  await page.getByLabel(/^Tämä on harjoitus/).check()
  await expect(page.getByLabel(/^Helsinki 2026/)).toBeChecked()
  await page.getByRole('cell', { name: '10 000 000 €' }).waitFor()
  const window = (legend) => page.getByRole('group', { name: legend })
  for (const [legend, opens, closes] of [
    ['Ehdotusten teko', -72, -48],
    ['Arviointi', -72, -24],
    ['Äänestys', -1, 24],
  ]) {
    await window(legend).getByLabel('Alkaa').fill(hours(opens))
    await window(legend).getByLabel('Päättyy').fill(hours(closes))
  }
  // The server's complaints stand by the fields too; a word that the pages' own addresses need is no round's.
  await page.getByLabel('Kierroksen tunnus osoitteessa').fill('new')
  await page.getByRole('button', { name: 'Perusta kierros' }).click()
  await summary.getByRole('link', { name: /^Kierroksen tunnus osoitteessa.*käytössä sivujen osoitteissa/ }).click()
  await page.getByLabel('Kierroksen tunnus osoitteessa').fill(id)
  await window('Äänestys').getByLabel('Päättyy').fill(hours(-2))
  await page.getByRole('button', { name: 'Perusta kierros' }).click()
  await summary.getByRole('link', { name: /^Äänestys, Päättyy/ }).click()
  await expect(window('Äänestys').getByLabel('Päättyy')).toBeFocused()
  await window('Äänestys').getByLabel('Päättyy').fill(hours(24))
  await page.getByRole('button', { name: 'Perusta kierros' }).click()
  await page.waitForURL(`**/office/${id}`)
  const phase = (text) => page.locator('[aria-current=step]', { hasText: text }).waitFor()
  await phase('Valmistelu')
  await page.getByText('Harjoitus: tämän kierroksen').waitFor()
  await walk.look(page, '04-control')

  // A slip of the pen in the name is mended until the freeze, in both languages.
  await page.getByRole('link', { name: /^Nimi ja harjoitus/ }).click()
  await page.getByLabel('Nimi ruotsiksi').fill('')
  await page.getByLabel('Syy').fill('Kirjoitusvirhe')
  await page.getByRole('button', { name: 'Tallenna' }).click()
  await summary.getByRole('link', { name: /^Nimi ruotsiksi/ }).click()
  await page.keyboard.type(`Övningen ${name.slice(10)}`)
  await walk.look(page, '04-naming')
  await page.getByRole('button', { name: 'Tallenna' }).click()
  await page.waitForURL(`**/office/${id}`)

  // Pots by population, to the exact sum, with a reason for the log.
  await page.getByRole('link', { name: /^Asetukset/ }).click()
  await page.getByLabel('Jaa rahat asukasluvun mukaan').check()
  await page.getByLabel('Jaettavaa yhteensä, euroa').fill('1000003')
  const populations = [127_000, 113_000, 95_000, 44_000, 101_000, 56_000, 118_001]
  for (const [index, population] of populations.entries())
    await page.locator(`[id="areas[${index}].population"]`).fill(String(population))
  await page.getByText('Yhteensä 1 000 003 €').waitFor()
  const shown = (await texts(page.getByText(/^Alue saa/), populations.length)).map((text) =>
    Number(text.replace(/\D/g, '')),
  )
  assert.equal(
    shown.reduce((sum, pot) => sum + pot),
    1_000_003,
  )

  // The rule is explained where it is chosen, and can be tried before it is.
  await page.getByText('vain tarpeeksi ääniä saaneet hankkeet otetaan').waitFor()
  await page.getByRole('button', { name: 'Kokeile tätä tapaa' }).click()
  await page.getByRole('table', { name: 'Kokeilun hankkeet' }).getByText('toteutuu').first().waitFor()
  await page.getByRole('table', { name: 'Tavat rinnakkain' }).getByText('Yhtä suuret osuudet').waitFor()
  await walk.look(page, '05-settings')
  await page.getByRole('button', { name: 'Tallenna asetukset' }).click()
  await summary.getByRole('link', { name: /^Syy/ }).click()
  await page.keyboard.type('Uusi jako')
  await page.getByRole('button', { name: 'Tallenna asetukset' }).click()
  await page.waitForURL(`**/office/${id}`)
  const saved = await call(page, 'GET', `/rounds/${id}`)
  assert.deepEqual(
    saved.settings.areas.map(({ pot }) => pot / 100),
    shown,
  )

  // The next round begins as a copy of this one, and is thrown away again.
  await page.getByRole('link', { name: 'Kopioi uudeksi kierrokseksi' }).click()
  await expect(page.getByLabel(/^Samoin kuin toinen kierros/)).toBeChecked()
  await expect(page.getByLabel('Kopioitava kierros')).toHaveValue(id)
  await page.getByRole('cell', { name: '1 000 003 €' }).waitFor()
  await walk.look(page, '05-copy')
  await page.getByLabel('Nimi suomeksi').fill(`${name} kopio`)
  await page.getByLabel('Nimi ruotsiksi').fill(`${name} kopia`)
  await page.getByLabel('Kierroksen tunnus osoitteessa').fill(`${id}-2`)
  await page.getByRole('button', { name: 'Perusta kierros' }).click()
  await page.waitForURL(`**/office/${id}-2`)
  const copied = await call(page, 'GET', `/rounds/${id}-2`)
  // What was loose because nothing was at stake is protected again.
  assert.deepEqual(copied.settings, { ...saved.settings, openings_from: 100, sealing: { needed: 2, trustees: 3 } })
  await call(page, 'DELETE', `/rounds/${id}-2`)
  await page.goto(`${walk.base}/office/${id}`)

  const step = async (button, { decision, reason, word, tick = false } = {}) => {
    await page.getByRole('button', { name: button, exact: true }).click()
    const dialog = page.getByRole('dialog')
    const confirm = dialog.getByRole('button', { name: button, exact: true })
    if (decision || reason || tick) {
      await confirm.click() // nothing is sent before the rest is there
      await expect(dialog.locator(':focus'), 'what is missing has the focus').toHaveAttribute('id', /^step-/)
    }
    // What is odd about the step wants a tick each: this round's times are past on purpose.
    const oddities = dialog.getByRole('group', { name: /^Tarkista nämä/ }).getByRole('checkbox')
    for (let index = 0, all = await howMany(oddities); index < all; index++) await oddities.nth(index).check()
    if (decision) await dialog.getByLabel('Päätöksen numero').fill(decision)
    if (word) await dialog.getByLabel(/^Kirjoita sana/).fill(word)
    if (reason) await dialog.getByLabel('Syy').fill(reason)
    if (tick) await dialog.getByLabel('Ymmärrän, että tätä ei voi perua.').check()
    if (decision || tick) await walk.look(page, `step-${button.toLowerCase().replaceAll(/[^a-z]/g, '')}`)
    await confirm.click()
    await dialog.waitFor({ state: 'detached' })
  }

  await step('Avaa ehdotuksille')
  await phase('Ehdotukset')
  await expect(page.getByRole('heading', { name: 'Seuraava vaihe' }), 'the next step has the focus').toBeFocused()
  await step('Siirry arviointiin')
  await phase('Arviointi')

  // The freeze waits for projects and for somebody who may vote.
  await page.getByText('Vie hankkeita äänestykseen. Yhtään ei vielä ole.').waitFor()
  await page.getByText('Kenelläkään ei ole vielä äänioikeutta.').waitFor()
  await absent(page.getByRole('button', { name: 'Lukitse', exact: true }))
  await walk.look(page, '06-blocked')

  // Ready projects of the city come in by the import; one is taken off and put back by hand, then all are numbered anew.
  await call(page, 'POST', `/rounds/${id}/projects/import`, {
    projects: saved.settings.areas.flatMap(({ id: area, name: { fi } }) =>
      ['Penkkejä', 'Valoja', 'Puita'].map((what, index) => ({
        title: { fi: `${what}: ${fi}`, sv: `${what} (sv): ${fi}` },
        description: { fi: `${what} alueelle.`, sv: `${what} (sv).` },
        area,
        theme: saved.settings.themes[index]?.id,
        cost: { minimum: 1_000_000, maximum: 2_000_000 * (index + 1), maintenance: 50_000 },
      })),
    ),
  })
  await page.getByRole('link', { name: /^Äänestettävät hankkeet/ }).click()
  await page.getByText('Äänestyksessä on 21 hanketta.').waitFor()
  await page.getByRole('button', { name: 'Poista hanke 1', exact: true }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Poista', exact: true }).click()
  await page.getByText('Äänestyksessä on 20 hanketta.').waitFor()
  await page.getByRole('checkbox', { name: 'Valitse hanke 2', exact: true }).check()
  await page.getByRole('checkbox', { name: 'Valitse hanke 4', exact: true }).check()
  await page.getByRole('button', { name: 'Poista valitut äänestyksestä (2)' }).click()
  await page
    .getByRole('dialog')
    .getByRole('button', { name: /^Poista valitut/ })
    .click()
  await page.getByText('Äänestyksessä on 18 hanketta.').waitFor()
  await page.getByRole('checkbox', { name: /^Penkkejä: Eteläinen/ }).check()
  await walk.look(page, '07-ballot')
  await page.getByRole('button', { name: 'Vie valitut äänestykseen (1)' }).click()
  await page.getByText('Äänestyksessä on 19 hanketta.').waitFor()
  await page.getByRole('button', { name: 'Vie kaikki äänestykseen (2)' }).click()
  await page.getByText('Äänestyksessä on 21 hanketta.').waitFor()
  await page.getByText('Hyväksyttyjä ehdotuksia ei ole odottamassa.').waitFor()
  await page.getByRole('button', { name: 'Numeroi uudelleen' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Numeroi uudelleen' }).click()
  await page.locator('.visually-hidden', { hasText: 'Hankkeet on numeroitu uudelleen.' }).waitFor({ state: 'attached' })
  const numbers = (await call(page, 'GET', `/rounds/${id}/projects`)).map(({ number }) => number)
  assert.deepEqual(
    numbers.sort((a, b) => a - b),
    Array.from({ length: 21 }, (_, index) => index + 1),
  )

  // Voting codes are shown once, and saved as a file.
  await page.goto(`${walk.base}/office/${id}/roll`)
  await page.getByLabel('Erän nimi').fill('Oodin äänestyspäivä')
  await page.getByLabel('Koodien määrä').fill('0')
  await page.getByRole('button', { name: 'Tee koodit' }).click()
  await summary.getByText('Kirjoita luku väliltä 1–20 000.').waitFor()
  await page.getByLabel('Koodien määrä').fill('3')
  await page.getByRole('button', { name: 'Tee koodit' }).click()
  const list = page.getByRole('region', { name: 'Uudet äänestyskoodit' })
  const codes = await texts(list.getByRole('listitem'), 3)
  assert.equal(new Set(codes).size, 3)
  const download = page.waitForEvent('download')
  await page.getByRole('link', { name: 'Tallenna CSV-tiedostona' }).click()
  assert.equal(await readFile(await (await download).path(), 'utf8'), `code\r\n${codes.join('\r\n')}\r\n`)
  await walk.look(page, '08-codes')
  await page.reload()
  await page.getByRole('heading', { level: 2, name: 'Äänestyskoodit' }).waitFor()
  await absent(list, 'the codes are not shown again')
  await expect(page.locator('body')).not.toContainText(codes[0])

  // A batch that was lost is void for good; the other stays as it is.
  await page.getByLabel('Erän nimi').fill('Bussiin jäänyt')
  await page.getByLabel('Koodien määrä').fill('2')
  await page.getByRole('button', { name: 'Tee koodit' }).click()
  await page.getByRole('button', { name: 'Mitätöi erä Bussiin jäänyt' }).click()
  await page.getByRole('dialog').getByLabel('Syy').fill('Laukku katosi')
  await page.getByRole('dialog').getByRole('button', { name: 'Mitätöi' }).click()
  await page.getByRole('cell', { name: /^Mitätöity .*2 koodia jäi käyttämättä/ }).waitFor()
  await page.getByRole('button', { name: 'Mitätöi erä Oodin äänestyspäivä' }).waitFor()
  await walk.look(page, '08-codes-void')

  await page.goto(`${walk.base}/office/${id}`)
  await step('Lukitse', { decision: 'HEL 2026-000123', word: 'puuttuu', tick: true }) // there is no English
  await phase('Lukittu')
  await page.getByText('HEL 2026-000123').waitFor()
  await page.getByRole('link', { name: /^Asetukset/ }).click()
  await page.getByText('Asetukset on lukittu päätöksellä HEL 2026-000123.').waitFor()
  await walk.look(page, '09-frozen-settings')
  await page.goto(`${walk.base}/office/${id}`)
  await step('Avaa äänestys', { tick: true })
  await phase('Äänestys')

  // Somebody votes with a code.
  const at = (lang, way = '') => `/${lang}/rounds/${id}/vote${way && `/${way}`}`
  const voter = await walk.open({ path: at('fi') })
  const [first] = await choose(voter, 'Keskinen', 1)
  await identifyByCode(voter, at, codes[0])
  await voter.getByRole('button', { name: 'Äänestä', exact: true }).click()
  await voter.getByRole('heading', { level: 1, name: thanks }).waitFor()
  await voter.context().close()

  // The end of the vote is moved, with a reason and not into the past; the rest does not move any more.
  await page.getByRole('link', { name: /^Ajat/ }).click()
  await expect(window('Arviointi').getByLabel('Päättyy')).toBeEditable({ editable: false })
  await expect(window('Äänestys').getByLabel('Alkaa')).toBeEditable({ editable: false })
  await window('Äänestys').getByLabel('Päättyy').fill(hours(-0.5))
  await page.getByLabel('Syy').fill('Ruuhka')
  await page.getByRole('button', { name: 'Siirrä ajat' }).click()
  await summary.getByRole('link', { name: /^Äänestys, Päättyy/ }).waitFor()
  await walk.look(page, '10-times-refused')
  const later = new Date(Date.now() + 30 * hour)
  await window('Äänestys').getByLabel('Päättyy').fill(local(later))
  await page.getByRole('button', { name: 'Siirrä ajat' }).click()
  await page.waitForURL(`**/office/${id}`)
  assert.equal(
    (await call(page, 'GET', `/rounds/${id}`)).times.voting.closes.slice(0, 16),
    later.toISOString().slice(0, 16),
  )

  // Nobody sees a vote before the close, nor anybody but officials before publication.
  await page.getByRole('link', { name: /^Tulos/ }).click()
  await page.getByText('Tulosta ei ole vielä.').waitFor()
  await page.goto(`${walk.base}/office/${id}`)
  await step('Sulje äänestys', { reason: 'Harjoitus riittää', tick: true })
  await phase('Suljettu')
  await step('Laske äänet')
  await phase('Laskettu')
  await page.getByRole('link', { name: /^Tulos/ }).click()
  await page.getByText('Tulosta ei ole vielä julkaistu. Asukkaat eivät näe tätä sivua.').waitFor()
  await walk.look(page, '11-preview')
  const hidden = await fetch(`${walk.base}/api/v1/rounds/${id}/results`)
  assert.ok(!hidden.ok)
  assert.equal((await hidden.json()).code, 'results_hidden')
  await page.goto(`${walk.base}/office/${id}`)
  await step('Vahvista tulos', { decision: 'HEL 2026-000456' })
  await phase('Vahvistettu')
  assert.ok(!(await fetch(`${walk.base}/api/v1/rounds/${id}/results`)).ok)

  // The number was typed wrong: it is corrected, for a reason that everybody will read.
  await page.getByRole('link', { name: 'Korjaa numero' }).click()
  await page.waitForURL(`**/office/${id}/decision`)
  await page.getByLabel('Päätöksen numero').fill('HEL 2026-000465')
  await page.getByRole('button', { name: 'Korjaa numero' }).click()
  await summary.getByRole('link', { name: /^Syy/ }).click()
  await page.keyboard.type('Kaksi numeroa oli vaihtanut paikkaa.')
  await walk.look(page, '12-correction')
  await page.getByRole('button', { name: 'Korjaa numero' }).click()
  await page.waitForURL(`**/office/${id}`)
  await page.getByText('HEL 2026-000465').first().waitFor()
  await step('Julkaise tulos', { tick: true })
  await phase('Toteutus')
  await walk.look(page, '13-published')

  // What everybody sees now, and can take along to check.
  await page.getByRole('link', { name: /^Tulos/ }).click()
  await page.getByRole('link', { name: 'Avaa julkinen tulossivu' }).click()
  await page.waitForURL(`**/fi/rounds/${id}/results`)
  const resident = await walk.open({ path: `/fi/rounds/${id}/results?area=central` })
  await resident.getByText('Tulos on vahvistettu: HEL 2026-000465.').waitFor()
  await resident.getByText(/Aiemmin HEL 2026-000456, nyt HEL 2026-000465\. Syy: Kaksi numeroa/).waitFor()
  await resident.getByRole('heading', { name: 'Nämä toteutetaan' }).waitFor()
  await resident
    .getByRole('heading', { level: 4, name: new RegExp(first) })
    .first()
    .waitFor()
  await resident.locator('summary').getByText('Samat luvut taulukkona').click()
  await resident
    .getByRole('rowheader', { name: new RegExp(first) })
    .first()
    .waitFor()
  await walk.look(resident, '14-results')

  // The result on a phone and a desk in both languages, all of it open, also with letters twice as large.
  for (const lang of ['fi', 'sv']) {
    for (const screen of ['phone', 'desktop']) {
      const seen = await walk.open({ screen, lang, path: `/${lang}/rounds/${id}/results?area=central` })
      await seen.getByRole('heading', { name: lang === 'fi' ? 'Mitä seuraavaksi?' : 'Vad händer nu?' }).waitFor()
      const folded = seen.locator('main details:not([open]) > summary')
      while ((await howMany(folded)) > 0) await folded.first().click()
      await walk.look(seen, `14-results-${lang}-${screen}`)
      if (screen === 'phone') {
        await seen.evaluate(() => {
          document.documentElement.style.fontSize = '200%'
        })
        await walk.fits(seen)
        await walk.shot(seen, `14-results-${lang}-large`)
      }
      await seen.context().close()
    }
  }
  const record = resident.waitForEvent('download')
  await resident.getByRole('link', { name: 'Lataa aineisto (zip)' }).click()
  const zip = await readFile(await (await record).path())
  assert.equal(zip.subarray(0, 4).toString('latin1'), 'PK\x03\x04')

  // The log tells all of it.
  await page.goto(`${walk.base}/office/${id}/audit`)
  const log = page.getByRole('listitem').filter({ has: page.getByText('Tiedot', { exact: true }) })
  for (const did of [
    'Kierros perustettu',
    'Asetukset muutettu',
    'Äänestyskoodeja tehty',
    'Lukittu',
    'Äänestys avattu',
    'Päätöksen numero korjattu',
    'Ajat siirretty',
    'Äänestys suljettu',
    'Tulos julkaistu',
  ])
    await log.getByText(did, { exact: true }).first().waitFor()
  await page.getByText('Syy: Harjoitus riittää').waitFor()
  // What became of what, in words; narrowed to an action, and saved as a file.
  await page.getByLabel('Toimi', { exact: true }).selectOption({ label: 'Ajat siirretty' })
  await page.waitForURL(/action=times/)
  await absent(log.getByText('Kierros perustettu', { exact: true }))
  await log.first().getByText('Tiedot', { exact: true }).click()
  await log
    .first()
    .getByRole('row', { name: /Äänestys · Päättyy/ })
    .waitFor()
  await walk.look(page, '15-log')
  const file = page.waitForEvent('download')
  await page.getByRole('link', { name: 'Lataa Excel-tiedostona' }).click()
  const workbook = await readFile(await (await file).path())
  assert.equal(workbook.subarray(0, 4).toString('latin1'), 'PK\x03\x04')

  // Who works for the city, on what, and by which claim.
  await page.goto(`${walk.base}/office`)
  await page.getByRole('link', { name: 'Henkilöt ja roolit' }).click()
  await page
    .getByRole('row', { name: /^Olavi Virkamies Virkamies Kaikki alueet/ })
    .first()
    .waitFor()
  await page.getByLabel('Rooli', { exact: true }).selectOption({ label: 'Stadiluotsi' })
  await absent(page.getByText('roles=official', { exact: true }))
  await walk.look(page, '16-people')

  // In Swedish, on the smallest phone, with whatever font it has.
  const pages = [
    '',
    '/new',
    '/people',
    `/${id}`,
    `/${id}/ballot`,
    `/${id}/roll`,
    `/${id}/settings`,
    `/${id}/times`,
    `/${id}/audit`,
  ]
  for (const fallback of ['liberation', 'noto']) {
    const other = await walk.open({ screen: 'narrow', lang: 'sv', fallback })
    await walk.signIn(other, 'official', '/office')
    for (const path of pages) {
      await other.goto(`${walk.base}/office${path}`)
      await walk.fits(other)
    }
    await other.context().close()
  }
  const small = await walk.open({ screen: 'narrow', lang: 'sv' })
  await walk.signIn(small, 'official', '/office')
  for (const room of pages) {
    await small.goto(`${walk.base}/office${room}`)
    await walk.look(small, `sv${room.replace(id, 'round').replaceAll('/', '-')}`)
  }
}
