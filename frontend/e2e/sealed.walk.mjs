// Sealed ballots of three trustees, any two of whom open them: the key is made and tried out before the freeze, a voter's browser
// sends what nobody can read, and after the close two codes, one from paper and one from a file, open it for the count.
import assert from 'node:assert/strict'
import { absent, expect, text } from './lib/expect.mjs'
import { call } from './lib/staff.mjs'
import { listen, thanks } from './lib/vote.mjs'

const hour = 3_600_000

async function prepare(page) {
  const id = `sealed-${Date.now()}`
  const window = (from, to) => ({
    opens: new Date(Date.now() + from * hour).toISOString(),
    closes: new Date(Date.now() + to * hour).toISOString(),
  })
  const name = { fi: 'Sinetöity kierros', sv: 'Förseglad runda', en: 'Sealed round' }
  await call(page, 'POST', '/rounds', {
    id,
    name,
    rehearsal: true,
    times: { proposing: window(-5, -4), vetting: window(-4, -3), voting: window(-1, 24) },
    settings: {
      areas: [{ id: 'koko', name, pot: 10_000_000, population: 1, citywide: true, postal_codes: [] }],
      papers: [{ id: 'lippu', name, areas: ['koko'], form: { kind: 'approval', min: 1, max: 2, blank: false } }],
      rule: { rule: 'greedy' },
      eligibility: { age: 12, moment: 'voting', municipalities: [] },
      reserve_maintenance: false,
      final_ballots: true,
      openings_from: 0,
      sealing: { trustees: 3, needed: 2 },
      themes: [],
    },
  })
  const step = async (step) => {
    const { version, warnings } = await call(page, 'GET', `/rounds/${id}/steps`)
    const accepted = warnings.map(({ code }) => code)
    await call(page, 'POST', `/rounds/${id}/steps`, {
      step,
      version,
      accepted,
      missing: 'puuttuu',
      decision: '1 §',
      reason: 'Harjoitus',
    })
  }
  for (const name of ['propose', 'vet']) await step(name)
  await call(page, 'POST', `/rounds/${id}/projects/import`, {
    projects: ['Penkki', 'Puita'].map((fi) => ({
      title: { fi, sv: fi, en: fi },
      area: 'koko',
      cost: { minimum: 100, maximum: 100, maintenance: 0 },
    })),
  })
  const { codes } = await call(page, 'POST', `/rounds/${id}/codes`, { count: 1, label: 'Harjoitus' })
  return { id, code: codes[0], step }
}

export default async function sealed(walk) {
  const page = await walk.open({ screen: 'desktop', path: '/office' })
  await walk.signIn(page, 'official', '/office')
  const { id, code, step } = await prepare(page)
  await page.goto(`${walk.base}/office/${id}/settings`)
  await expect(page.getByLabel('Kuinka monta avaimenhaltijaa')).toHaveValue('3')
  await page.getByText('Jos jäljellä on alle 2 koodia').waitFor()
  await walk.look(page, '1-settings')
  await page.goto(`${walk.base}/office/${id}`)

  // The freeze waits for the key; every trustee gets a code, once.
  await page.getByRole('button', { name: 'Tee avain' }).waitFor()
  await absent(page.getByRole('button', { name: 'Lukitse', exact: true }))
  await walk.look(page, '2-ceremony')
  await page.getByRole('button', { name: 'Tee avain' }).click()
  const codes = []
  let file
  for (const trustee of [1, 2, 3]) {
    const heading = page.getByRole('heading', { name: `Avaimenhaltijan ${trustee}/3 koodi` })
    await expect(heading, 'the next code has the focus').toBeFocused()
    codes.push(
      await text(
        page.locator('.sheet p').filter({ hasText: /^[0-9A-Z]{4}(-[0-9A-Z]{4}){16}$/ }),
        /^[0-9A-Z]{4}(-[0-9A-Z]{4}){16}$/,
      ),
    )
    if (trustee === 1) {
      await page.getByRole('button', { name: 'Seuraava avaimenhaltija' }).click()
      await page.getByText('Anna koodi ensin avaimenhaltijalle.').waitFor()
      await walk.look(page, '3-code')
    }
    if (trustee === 3) {
      const saved = page.waitForEvent('download')
      await page.getByRole('button', { name: 'Tallenna tiedostona' }).click()
      file = await (await saved).path()
    }
    await page.getByLabel(`Avaimenhaltijalla ${trustee} on koodi`).check()
    await page.getByRole('button', { name: trustee < 3 ? 'Seuraava avaimenhaltija' : 'Siirry harjoitukseen' }).click()
  }
  assert.equal(new Set(codes).size, 3)

  // The rehearsal says which code is wrong, and lets nobody freeze before a test text was opened.
  const [first, second] = [page.getByLabel('Koodi 1/2'), page.getByLabel('Koodi 2/2')]
  await first.fill(codes[0].toLowerCase().replaceAll('-', ' '))
  await second.fill(codes[0])
  await page.getByRole('button', { name: 'Avaa koeteksti' }).click()
  await expect(second, 'the wrong code has the focus').toBeFocused()
  await expect(second).toHaveAccessibleDescription(/Tämä koodi on tässä kahdesti/)
  await absent(page.getByRole('button', { name: 'Lukitse', exact: true }))
  await walk.look(page, '4-rehearsal')
  await second.fill(codes[1])
  await page.getByRole('button', { name: 'Avaa koeteksti' }).click()
  await page.getByText('Avain on tehty ja kokeiltu').waitFor()
  await page.getByRole('button', { name: 'Lukitse', exact: true }).click()
  const dialog = page.getByRole('dialog')
  for (const oddity of await dialog
    .getByRole('group', { name: /^Tarkista nämä/ })
    .getByRole('checkbox')
    .all())
    await oddity.check()
  await dialog.getByLabel('Päätöksen numero').fill('HEL 2026-1')
  await dialog.getByLabel('Ymmärrän, että tätä ei voi perua.').check()
  await dialog.getByRole('button', { name: 'Lukitse', exact: true }).click()
  await dialog.waitFor({ state: 'detached' })
  await step('open')

  // On a printed code stands the check code that everybody sees.
  await page.goto(`${walk.base}/office/${id}/roll`)
  await page.getByLabel('Erän nimi').fill('Tarkistus')
  await page.getByLabel('Koodien määrä').fill('1')
  await page.getByRole('button', { name: 'Tee koodit' }).click()
  const shown = await text(page.getByText(/^Äänestyksen tarkistuskoodi: /).first(), /[0-9A-Z]{4}(-[0-9A-Z]{4}){2}$/)
  await page.emulateMedia({ media: 'print' })
  await expect(page.getByRole('listitem').getByText(shown)).toBeVisible()
  await page.emulateMedia({ media: 'screen' })
  await page.goto(`${walk.base}/office/${id}`)

  // What the voter's browser sends says nothing of her choice, and she gets her receipt as ever.
  const phone = await walk.open({ screen: 'narrow', path: `/fi/rounds/${id}/vote` })
  const heard = listen(phone.context())
  await phone.getByRole('checkbox', { name: /Puita$/ }).check()
  await phone.getByRole('button', { name: 'Tarkista' }).click()
  await phone.getByRole('link', { name: 'Tunnistaudu' }).click()
  await phone.getByLabel('Äänestyskoodi').fill(code)
  await phone.getByRole('button', { name: 'Jatka koodilla' }).click()
  await phone.getByRole('button', { name: 'Äänestä', exact: true }).click()
  await phone.getByRole('heading', { level: 1, name: thanks }).waitFor()
  const [{ ballot, commit }] = heard.ballots.map((request) => request.postDataJSON())
  assert.ok(commit)
  assert.doesNotMatch(Buffer.from(ballot, 'base64').toString('latin1'), /osbu|choices/)
  await phone.context().close()
  await step('close')

  // The count waits for two of the three.
  await page.reload()
  await page.getByRole('heading', { name: 'Avaa äänet' }).waitFor()
  await absent(page.getByRole('button', { name: 'Laske äänet', exact: true }))
  await walk.look(page, '5-codes')
  await page.getByLabel('Koodi 1/2').fill(codes[1])
  await page.getByLabel('Tai koodin 2 tiedosto').setInputFiles(file)
  await page.getByRole('button', { name: 'Kokoa avain' }).click()
  await page.locator('#main').getByText('Avain on koottu').waitFor()
  await page.getByRole('button', { name: 'Laske äänet', exact: true }).click()
  await dialog.getByRole('button', { name: 'Laske äänet', exact: true }).click()
  await dialog.waitFor({ state: 'detached' })
  const results = await call(page, 'GET', `/rounds/${id}/results`)
  assert.deepEqual(results.void, [])
  assert.deepEqual(results.areas[0].projects.map(({ title, votes }) => [title.fi, votes]).sort(), [
    ['Penkki', 0],
    ['Puita', 1],
  ])
  for (const name of ['confirm', 'publish']) await step(name)

  // Everybody reads that no sealed vote is void, beside the outcome and among the numbers.
  for (const path of ['results', 'numbers']) {
    await page.goto(`${walk.base}/fi/rounds/${id}/${path}`)
    await page.getByText('Kaikki sinetöidyt äänet saatiin avattua ja laskettua.').waitFor()
    await walk.look(page, `6-${path}`)
  }
  const record = await page.request.get(`${walk.base}/api/v1/rounds/${id}/record`)
  const zip = await record.body()
  assert.match(zip.toString('latin1'), /"opening_key": "[A-Za-z0-9+/]{43}="/)
  assert.match(zip.toString('latin1'), /void\/lippu\.txt/)
}
