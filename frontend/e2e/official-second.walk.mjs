// Four eyes: what one official asks for, another one confirms, on a phone too; whoever asked can take it back, and not confirm it herself.
import assert from 'node:assert/strict'
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
    count: 1,
    settings: { four_eyes: true },
  })
  const request = async () => {
    const { version, warnings } = await ask(`/${id}/steps`)
    await ask(`/${id}/steps/asked`, {
      step: 'freeze',
      version,
      accepted: warnings.map(({ code }) => code),
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
