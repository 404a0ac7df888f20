// The rounds of `osbu demo`. Walks beside each other rehearse rounds of their own, which are nobody else's.
import assert from 'node:assert/strict'
import { base } from './walk.mjs'

async function demoRound(phase, what) {
  const rounds = await (await fetch(`${base}/api/v1/rounds`)).json()
  const round = rounds.find((one) => one.phase === phase && !one.rehearsal)
  assert.ok(round, `the demo has a round ${what}`)
  return round
}

export const proposingRound = () => demoRound('proposing', 'that is open for proposals')
export const votingRound = () => demoRound('voting', 'that is open for voting')
