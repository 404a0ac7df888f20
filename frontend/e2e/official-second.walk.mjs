// Four eyes: what one official asks for, another one confirms, on a phone too; whoever asked can take it back, and not confirm it herself.
import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { absent } from './lib/expect.mjs'
import { area, prepareRound, project, text } from './lib/papers.mjs'

export default async function second(walk) {
  const id = `walk-second-${Date.now()}`
  const { ask } = await prepareRound(walk, id, {
    name: text('Kahden virkamiehen kierros', 'Omgång för två'),
    areas: [area('kaupunki', 'Koko kaupunki', 'Hela staden', true)],
    papers: [
      {
        id: 'lippu',
        name: text('Äänestyslippu', 'Röstsedel'),
        areas: ['kaupunki'],
        form: { kind: 'approval', min: 1, max: 2, blank: true },
      },
    ],
    projects: [project('kaupunki', 'Katos', 60_000), project('kaupunki', 'Laituri', 50_000)],
    count: 0, // another official makes them
    settings: { four_eyes: true },
  })

  // Voting codes: another official makes them, sees them once, and prints eight slips to a page.
  await ask(`/${id}/codes/asked`, { count: 9, label: 'Kirjaston päivä', place: 'Oodi' })
  const maker = await walk.open({ screen: 'phone' })
  await walk.signIn(maker, 'official-2', `/office/${id}/roll`)
  await maker.getByText('Jakopaikka: Oodi').waitFor()
  await walk.look(maker, 'codes-asked')
  await maker.getByRole('button', { name: 'Vahvista ja tee koodit' }).click()
  await maker.getByText('Koodit näytetään vain nyt').waitFor()
  await maker.evaluate(() => {
    globalThis.print = () => {
      document.body.dataset.printed = 'yes'
    }
  })
  await maker.getByRole('button', { name: 'Tulosta laput' }).click()
  await maker.locator('body[data-printed]').waitFor()
  await walk.look(maker, 'codes-made')
  await maker.emulateMedia({ media: 'print' })
  await maker.setViewportSize({ width: 733, height: 1062 }) // A4 at 96 dots an inch, without its margins
  const spare = await maker.evaluate(() => {
    const belowCode = (slip) =>
      slip.getBoundingClientRect().bottom - slip.querySelector('code').getBoundingClientRect().bottom
    return Math.min(...[...document.querySelectorAll('[data-slips] li')].map(belowCode))
  })
  assert.ok(spare > 30, `${spare} px below the code: the check code takes 30`)
  const paper = (await maker.pdf({ preferCSSPageSize: true })).toString('latin1')
  if (process.env.OSBU_SHOTS) writeFileSync(`${process.env.OSBU_SHOTS}/slips.pdf`, paper, 'latin1')
  assert.equal(paper.match(/\/Type\s*\/Page\b/g).length, 2, 'nine slips take two pages')

  const request = async () => {
    const { version, warnings } = await ask(`/${id}/steps`)
    await ask(`/${id}/steps/asked`, {
      step: 'freeze',
      version,
      accepted: warnings.map(({ code }) => code),
      missing: 'puuttuu',
      decision: 'Harjoitus 1 §',
      reason: 'Harjoitus',
    })
  }

  // Whoever asked finds no way to confirm, and takes it back with a reason.
  await request()
  const first = await walk.open({ screen: 'desktop' })
  await walk.signIn(first, 'official', `/office/${id}`)
  await first.getByText('Omaa pyyntöä ei voi vahvistaa itse.').waitFor()
  await absent(first.getByRole('button', { name: 'Katso ja vahvista' }), 'the way to confirm her own request')
  await walk.look(first, 'own')
  await first.getByRole('button', { name: 'Peru pyyntö' }).click()
  const dialog = first.getByRole('dialog')
  await dialog.getByRole('button', { name: 'Peru pyyntö' }).click()
  await walk.look(first, 'reason')
  await dialog.getByRole('textbox').fill('Hanke puuttuu')
  await dialog.getByRole('button', { name: 'Peru pyyntö' }).click()
  await first.getByText('Toinen virkamies vahvistaa tämän. Mitään ei tapahdu ennen sitä.').waitFor()
  await walk.look(first, 'before')

  // Another official sees what is asked for, by whom, and confirms it.
  await request()
  const other = await walk.open({ screen: 'narrow', lang: 'sv' })
  await walk.signIn(other, 'official-2', `/office/${id}`)
  await other.getByText(/^Olavi Virkamies/).waitFor()
  await walk.look(other, 'asked-sv')
  await other.getByRole('button', { name: 'Granska och bekräfta' }).click()
  await walk.look(other, 'confirm-sv')
  await other.getByRole('dialog').getByRole('button', { name: 'Lås', exact: true }).click()
  await other.getByRole('dialog').waitFor({ state: 'detached' })
  assert.equal((await ask(`/${id}`)).phase, 'frozen')
}
