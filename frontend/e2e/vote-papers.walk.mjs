// A round of two papers, district and whole city, in one journey: picks that must fit the money, a blank ballot, a paper left unused;
// then a vote that closes in the meantime. An official sets the round up, and voting codes stand for voters.
import assert from 'node:assert/strict'
import { absent, expect } from './lib/expect.mjs'
import { area, openRound, project, text } from './lib/papers.mjs'
import { listen, thanks } from './lib/vote.mjs'

async function openPapers(walk) {
  const form = { kind: 'knapsack', min: 1, max: 1000, blank: true }
  const { codes, step, at } = await openRound(walk, `walk-${Date.now()}`, {
    name: text('Kahden lipun kierros', 'Omgång med två sedlar'),
    areas: [
      area('itarata', 'Itärata', 'Österbanan', false),
      area('lansiranta', 'Länsiranta', 'Västerstranden', false),
      area('kaupunki', 'Koko kaupunki', 'Hela staden', true),
    ],
    papers: [
      { id: 'oma', name: text('Oma alue', 'Eget område'), areas: ['itarata', 'lansiranta'], form },
      { id: 'yhteinen', name: text('Koko kaupunki', 'Hela staden'), areas: ['kaupunki'], form },
    ],
    projects: [
      project('itarata', 'Kallis katos', 60_000),
      project('itarata', 'Toinen kallis katos', 50_000),
      project('itarata', 'Juuri sopiva penkki', 40_000),
      project('lansiranta', 'Laituri', 20_000),
      project('kaupunki', 'Puita joka kadulle', 90_000),
    ],
    count: 3,
  })
  return { codes, at: (page) => at('fi', page), close: () => step('close') }
}

export default async function votePapers(walk) {
  const { codes, at, close } = await openPapers(walk)
  const tick = (page, title) => page.getByRole('checkbox', { name: new RegExp(`: ${title}$`) })
  const byCode = async (page, code) => {
    await page.getByRole('link', { name: 'Tunnistaudu' }).click()
    await page.getByLabel('Äänestyskoodi').fill(` ${code.toLowerCase().replaceAll('-', ' ')} `)
    await page.getByRole('button', { name: 'Jatka koodilla' }).click()
    await page.getByRole('button', { name: 'Äänestä', exact: true }).waitFor()
  }

  // Both papers in one journey; what does not fit is refused in words, what fits exactly is taken.
  {
    const page = await walk.open({ screen: 'narrow', path: at('') })
    const heard = listen(page.context())
    await page.getByText('Harjoitus: tämän kierroksen').waitFor()
    await page.getByText('Äänestyslippu 1/2').waitFor()
    await page.getByRole('button', { name: /^Itärata/ }).click()
    await tick(page, 'Kallis katos').check()
    await tick(page, 'Toinen kallis katos').click()
    await expect(tick(page, 'Toinen kallis katos')).toHaveAccessibleDescription(
      /Tämä ei mahdu: rahaa on jäljellä 40\s000/,
    )
    await walk.axe(page, 'money bar')
    await walk.fits(page)
    await walk.shot(page, '1-money')
    await tick(page, 'Juuri sopiva penkki').check()
    await page.getByText(/Jäljellä 0\s€/).waitFor()
    await page.getByRole('button', { name: 'Jatka' }).click()
    await page.getByText('Äänestyslippu 2/2').waitFor()
    await page.getByRole('button', { name: 'Tarkista' }).click()
    await page.getByRole('alert').filter({ hasText: 'Valitse ensin ainakin yksi hanke' }).waitFor()
    await page.getByRole('button', { name: 'Äänestä tyhjää' }).click()
    await page.getByText('Tyhjä ääni').waitFor()
    await walk.axe(page, 'review of two papers')
    await walk.fits(page)
    await walk.shot(page, '2-review')
    await byCode(page, codes[0])
    await page.getByRole('button', { name: 'Äänestä', exact: true }).click()
    await page.getByRole('heading', { level: 1, name: thanks }).waitFor()
    await page.getByText('Kuitti on aito').first().waitFor({ state: 'attached' })
    await expect(page.getByRole('button', { name: 'Tallenna kuitti' })).toHaveCount(2)
    assert.equal(heard.credentials.length, 2)
    const ballots = heard.ballots.map((request) => Buffer.from(request.postDataJSON().ballot, 'base64').toString())
    assert.match(ballots[0], /\npaper oma\narea itarata\nchoices 1 3\nsalt /)
    assert.match(ballots[1], /\npaper yhteinen\narea kaupunki\nchoices\nsalt /)
    await walk.shot(page, '3-receipts')
    await page.context().close()
  }

  // One paper now, the other left unused and used later with the same code.
  {
    const page = await walk.open({ path: at('') })
    const heard = listen(page.context())
    await page.getByRole('button', { name: 'Jätä tämä lippu käyttämättä' }).click()
    await tick(page, 'Puita joka kadulle').check()
    await page.getByRole('button', { name: 'Tarkista' }).click()
    await page.getByText('Jätät tämän lipun käyttämättä').waitFor()
    await byCode(page, codes[1])
    await page.getByRole('button', { name: 'Äänestä', exact: true }).click()
    await page.getByRole('heading', { level: 1, name: thanks }).waitFor()
    assert.equal(heard.ballots.length, 1)
    await page.goto(walk.base + at(''))
    await page.getByText('Tässä selaimessa on jo äänestetty').waitFor()
    await page.getByRole('button', { name: /^Länsiranta/ }).click()
    await tick(page, 'Laituri').check()
    await page.getByRole('button', { name: 'Jatka' }).click()
    await page.getByRole('button', { name: 'Jätä tämä lippu käyttämättä' }).click()
    await byCode(page, codes[1])
    await page.getByText('Jo käytetty').waitFor()
    await page.getByRole('button', { name: 'Äänestä', exact: true }).click()
    await page.getByRole('heading', { level: 1, name: thanks }).waitFor()
    assert.equal(heard.ballots.length, 2)
    await page.getByRole('heading', { name: 'Muut kuitit tässä selaimessa' }).waitFor()
    await page.context().close()
  }

  // The vote closes while somebody is about to click.
  {
    const page = await walk.open({ path: at('') })
    const heard = listen(page.context())
    await page.getByRole('button', { name: /^Länsiranta/ }).click()
    await tick(page, 'Laituri').check()
    await page.getByRole('button', { name: 'Jatka' }).click()
    await page.getByRole('button', { name: 'Jätä tämä lippu käyttämättä' }).click()
    await byCode(page, codes[2])
    await close()
    await page.getByRole('button', { name: 'Äänestä', exact: true }).click()
    await page.getByRole('alert').filter({ hasText: 'Äänestys on päättynyt' }).waitFor()
    await absent(page.getByRole('button', { name: 'Yritä uudelleen' }))
    await walk.axe(page, 'closed')
    await walk.shot(page, '4-closed')
    assert.equal(heard.ballots.length, 0)
    await page.goto(walk.base + at(''))
    await page.getByRole('heading', { level: 1, name: 'Äänestys ei ole nyt auki' }).waitFor()
    await walk.axe(page, 'shut')
    await page.context().close()
  }
}
