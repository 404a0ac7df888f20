// Somebody without an address, and somebody whose address is secret: no area is suggested, every area may be chosen.
import { absent, expect } from './lib/expect.mjs'
import { choose, hasNotVoted, openVote, thanks } from './lib/vote.mjs'

export default async function voteWithoutAddress(walk) {
  const { round, at } = await openVote()
  for (const [person, area] of [
    ['onni', 'Itäinen ja Östersundom'],
    ['kerttu', 'Pohjoinen'],
  ]) {
    const page = await walk.open({ lang: 'fi', path: at('fi') })
    await walk.signIn(page, person)
    await page.getByRole('heading', { level: 1, name: 'Valitse alue' }).waitFor()
    await hasNotVoted(page, round)
    await expect(page.getByLabel('Postinumero')).toHaveValue('')
    await absent(page.getByText('Ehdotus: '))
    await choose(page, area, 1)
    await page.getByRole('button', { name: 'Tarkista' }).click()
    await page.getByRole('heading', { level: 1, name: 'Tarkista ja äänestä' }).waitFor()
    await page.getByRole('button', { name: 'Äänestä', exact: true }).click()
    await page.getByRole('heading', { level: 1, name: thanks }).waitFor()
    await page.getByText('Kuitti on aito').waitFor({ state: 'attached' })
    await walk.shot(page, person)
    await page.context().close()
  }
}
