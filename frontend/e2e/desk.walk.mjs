// The desk at working speed: a division has estimated what waits; the Stadiluotsi goes from case to case and accepts each in three actions, finds one by
// its number and one by its author, rejects and re-themes the rest together, and keeps her view of the queue.
import assert from 'node:assert/strict'
import { expect } from './lib/expect.mjs'
import { proposingRound } from './lib/rounds.mjs'
import { call, prepare, propose } from './lib/staff.mjs'

export default async function desk(walk) {
  const round = await proposingRound()
  const stamp = `x${Date.now().toString(36)}`
  const aino = await walk.open()
  await walk.signIn(aino, 'aino', '/fi')
  const proposed = (title) => propose(aino, round, `${title} ${stamp}`, 'Kaksi penkkiä.')
  const prepared = [await proposed('Aita'), await proposed('Keinu'), await proposed('Lamppu')]
  const others = [await proposed('Metro'), await proposed('Silta')]

  const leena = await walk.open({ screen: 'desktop' })
  await walk.signIn(leena, 'leena', '/desk')
  await prepare(walk, leena, round, prepared)

  // Verdict and sum stand in the queue; the dearest first, by the column's heading.
  await leena.goto(`${walk.base}/desk/${round.id}?q=${stamp}`)
  const row = ({ title }) => leena.getByRole('row').filter({ hasText: title })
  await row(prepared[2]).getByText('12 000 €').waitFor()
  await row(others[0]).waitFor()
  await leena.getByRole('button', { name: 'Arvio', exact: true }).click()
  await expect(leena.getByRole('columnheader', { name: 'Arvio' })).toHaveAttribute('aria-sort', 'descending')
  await walk.look(leena, '1-queue')

  // From the first case on, three actions each: begin to accept, accept as estimated, go on.
  let actions = 0
  const act = async (press) => {
    actions++
    await press()
  }
  await leena.getByRole('link', { name: prepared[0].title }).click()
  for (const [index, { id, title }] of prepared.entries()) {
    await leena.getByRole('heading', { level: 1, name: `#${id} ${title}` }).waitFor()
    const accept = leena.getByRole('button', { name: 'Hyväksy', exact: true })
    if (index === 1) await act(() => leena.keyboard.press('a'))
    else await act(() => accept.click())
    await expect(leena.getByLabel('Enintään, euroa')).toHaveValue('12000')
    if (index === 0) await walk.look(leena, '2-accept')
    await act(() => accept.click())
    const next = leena.getByRole('link', { name: /^Seuraava ehdotus #/ })
    await next.waitFor()
    const { state, cost } = await call(leena, 'GET', `/rounds/${round.id}/proposals/${id}`)
    assert.deepEqual([state, cost.maximum], ['accepted', 12_000_00])
    if (index === 1) await act(() => leena.keyboard.press('n'))
    else await act(() => next.click())
  }
  assert.ok(actions <= prepared.length * 3, `${actions} actions for ${prepared.length} cases`)

  // Back at the list, with the filter: what is left, decided together.
  await leena.getByRole('heading', { level: 1, name: others[0].title }).waitFor()
  await leena.keyboard.press('l')
  await leena.getByText('2 ehdotusta', { exact: true }).waitFor()
  await leena.getByRole('button', { name: 'Valitse kaikki näkyvät' }).click()
  await leena.getByRole('button', { name: 'Vaihda teema' }).click()
  await leena.getByLabel('Teema', { exact: true }).last().selectOption({ index: 2 })
  await leena.getByLabel('Miksi korjataan?').fill('Kuuluu liikenteeseen.')
  await walk.look(leena, '3-theme')
  await leena.getByRole('button', { name: 'Vaihda 2 ehdotuksen teema' }).click()
  await leena.getByText('ehdotusta valittu').waitFor({ state: 'detached' })
  await leena.getByRole('button', { name: 'Valitse kaikki näkyvät' }).click()
  await leena.getByRole('button', { name: 'Hylkää' }).click()
  await leena.getByLabel('Syy', { exact: true }).selectOption('not_city_competence')
  await expect(leena.getByLabel('Julkinen perustelu ruotsiksi')).toHaveValue(/^Tack för förslaget\./)
  await leena.getByRole('button', { name: 'Hylkää 2 ehdotusta' }).click()
  await leena.getByText('Näillä rajauksilla ei ole ehdotuksia.').waitFor()

  // By number in whatever state, and by the author's name in all of them; kept for the next time.
  const search = async (words) => {
    await leena.getByLabel('Hae sanoilla').fill(words)
    await leena.getByRole('button', { name: 'Hae', exact: true }).click()
  }
  await search(`#${others[1].id}`)
  await row(others[1]).getByText('Hylätty').waitFor()
  await search('aino')
  await leena.getByLabel('Tila', { exact: true }).selectOption({ label: 'Kaikki tilat' })
  await row(others[1]).waitFor()
  await leena.getByRole('button', { name: 'Lisää rajauksia ja näkymät' }).click()
  await leena.getByLabel('Näkymän nimi').fill(stamp)
  await leena.getByRole('button', { name: 'Tallenna tämä näkymä' }).click()
  await leena.getByRole('link', { name: stamp, exact: true }).waitFor()
  await leena.getByRole('button', { name: `Poista näkymä ${stamp}` }).click()
  await leena.getByRole('link', { name: stamp, exact: true }).waitFor({ state: 'detached' })
  await leena.context().close()

  // An official puts what was accepted on the ballot from the same list, and takes it off again.
  const official = await walk.open({ screen: 'desktop' })
  await walk.signIn(official, 'official', `/desk/${round.id}?state=any&q=${stamp}`)
  const placed = async (state) => {
    await official.getByText('ehdotusta valittu').waitFor({ state: 'detached' })
    for (const { id } of prepared)
      assert.equal((await call(official, 'GET', `/rounds/${round.id}/proposals/${id}`)).state, state)
  }
  await official.getByRole('button', { name: 'Valitse kaikki näkyvät' }).click()
  await official.getByRole('button', { name: /^Vie äänestykseen/ }).click()
  await walk.look(official, '5-place')
  await official.getByRole('button', { name: 'Vie 3 ehdotusta äänestykseen' }).click()
  await placed('on_ballot')
  await official.getByRole('button', { name: 'Valitse kaikki näkyvät' }).click()
  await official.getByRole('button', { name: /^Poista äänestyksestä/ }).click()
  await official.getByRole('button', { name: 'Poista 3 hanketta äänestyksestä' }).click()
  await placed('accepted')
  await official.context().close()

  // On a phone, in Swedish: a compact list, and the decision before its history.
  const phone = await walk.open({ lang: 'sv' })
  await walk.signIn(phone, 'leena', `/desk/${round.id}?state=any&q=${stamp}`)
  await phone.getByRole('link', { name: others[0].title }).waitFor()
  await walk.look(phone, '4-phone')
}
