// Kind refusals, in words that say why and what one can do: a 12-year-old, one who turns 13 during the vote, a neighbour from
// Espoo, one who is not on the roll. Their choices stay where they are.
import assert from 'node:assert/strict'
import { absent, text } from './lib/expect.mjs'
import { choose, kept, listen, openVote } from './lib/vote.mjs'

export default async function voteRefusals(walk) {
  const { round, at } = await openVote()
  const closes = Date.parse(round.times.voting.closes)

  for (const [person, ...words] of [
    ['vaino', 'Et voi vielä äänestää', 'ikäraja on 13 vuotta', 'seuraavassa olet mukana'],
    ['lumi', 'Et voi vielä äänestää', 'silloin äänestys on vielä auki', 'Tervetuloa takaisin'],
    ['greta', 'Kotikuntasi on muualla'],
    ['veikko', 'Emme löydä sinua äänioikeusluettelosta'],
  ]) {
    const page = await walk.open({ screen: 'narrow', lang: 'fi', path: at('fi') })
    const heard = listen(page.context())
    await choose(page, 'Läntinen', 2)
    await page.getByRole('button', { name: 'Tarkista' }).click()
    await page.getByRole('link', { name: 'Tunnistaudu' }).waitFor()
    await walk.signIn(page, person)
    for (const word of words) await page.getByRole('status').filter({ hasText: word }).waitFor()
    await absent(page.getByRole('button', { name: 'Äänestä', exact: true }))
    if (words[0] === 'Et voi vielä äänestää') {
      const from = /(\d+)\.(\d+)\.(\d{4}) alkaen/
      const [, day, month, year] = from.exec(await text(page.getByRole('status').filter({ hasText: from }), from))
      assert.equal(Date.UTC(year, month - 1, day) < closes, person === 'lumi')
    }
    await walk.axe(page, person)
    await walk.fits(page)
    await walk.shot(page, person)

    // Told before the work, too, when one is signed in from the start.
    await page.goto(walk.base + at('fi'))
    await page.getByText(words[0]).waitFor()
    assert.ok((await kept(page)).includes('basket'), 'the basket is kept')
    assert.deepEqual([heard.credentials.length, heard.ballots.length], [0, 0])
    await page.context().close()
  }
}
