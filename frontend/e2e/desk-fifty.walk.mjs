// Fifty cases that a division has prepared are decided one by one in fifty times three actions: begin to accept, accept as estimated, go on. Each
// action is counted; keys and clicks alike.
import assert from 'node:assert/strict'
import { expect } from './lib/expect.mjs'
import { proposingRound } from './lib/rounds.mjs'
import { call, prepare } from './lib/staff.mjs'

const many = 50

export default async function fifty(walk) {
  const round = await proposingRound()
  const stamp = `x${Date.now().toString(36)}`
  const leena = await walk.open({ screen: 'desktop' })
  await walk.signIn(leena, 'leena', '/desk')
  const prepared = []
  for (let index = 1; index <= many; index++) {
    const title = `Penkki ${String(index).padStart(2, '0')} ${stamp}`
    const { proposal } = await call(leena, 'POST', `/rounds/${round.id}/assisted`, {
      submit: true,
      assisted: {
        channel: 'workshop',
        name: 'Työpajan väki',
        consent: { how: 'spoken', given_on: new Date(round.times.proposing.opens).toISOString().slice(0, 10) },
        text: {
          title,
          what: 'Kaksi penkkiä.',
          area: 'central',
          theme: round.settings.themes[0].id,
          language: 'fi',
        },
      },
    })
    prepared.push({ id: proposal.id, title })
  }
  await prepare(walk, leena, round, prepared)

  await leena.goto(`${walk.base}/desk/${round.id}?q=${stamp}`)
  let actions = 0
  const act = async (press) => {
    actions++
    await press()
  }
  await leena.getByRole('link', { name: prepared[0].title }).click()
  for (const [index, { id, title }] of prepared.entries()) {
    await leena.getByRole('heading', { level: 1, name: `#${id} ${title}` }).waitFor()
    const accept = leena.getByRole('button', { name: 'Hyväksy', exact: true })
    const keys = index % 2 === 1
    await accept.waitFor()
    await act(() => (keys ? leena.keyboard.press('a') : accept.click()))
    await expect(leena.getByLabel('Enintään, euroa')).toHaveValue('12000')
    await act(() => accept.click())
    await leena.getByText('Ehdotuksesta on päätetty.').waitFor()
    if (index === many - 1) break // there is no other to go on to
    const next = leena.getByRole('link', { name: `Seuraava ehdotus #${prepared[index + 1].id}` })
    await next.waitFor()
    await act(() => (keys ? leena.keyboard.press('n') : next.click()))
  }
  const { total } = await call(leena, 'GET', `/rounds/${round.id}/queue?q=${stamp}&state=accepted`)
  assert.equal(total, many)
  assert.ok(actions <= many * 3, `${actions} actions for ${many} cases`)
  console.log(`      ${actions} actions for ${many} cases`)
}
