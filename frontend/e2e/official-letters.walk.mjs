// E-mails in a round's own words: what cannot be filled in, or is missing, is named before anything is kept; a preview; and back to the standard text.
import { expect } from './lib/expect.mjs'
import { area, prepareRound, project, text } from './lib/papers.mjs'

export default async function letters(walk) {
  const id = `walk-letters-${Date.now()}`
  await prepareRound(walk, id, {
    name: text('Omien sanojen kierros', 'Omgång med egna ord'),
    areas: [area('kaupunki', 'Koko kaupunki', 'Hela staden', true)],
    papers: [
      {
        id: 'lippu',
        name: text('Äänestyslippu', 'Röstsedel'),
        areas: ['kaupunki'],
        form: { kind: 'approval', min: 1, max: 1, blank: true },
      },
    ],
    projects: [project('kaupunki', 'Katos', 60_000)],
    count: 0,
  })
  for (const screen of ['desktop', 'phone']) {
    const page = await walk.open({ screen })
    await walk.signIn(page, 'official', `/office/${id}`)
    await page.getByRole('link', { name: /^Sähköpostien tekstit/ }).click()
    await page.getByLabel('Mikä sähköposti').selectOption('asked')
    await expect(page.getByLabel('Otsikko')).toHaveValue('Stadiluotsi kysyy sinulta: {title}')
    await page.getByLabel('Teksti', { exact: true }).fill('Hei! {facilitator} kysyy:\n\n{question}\n\nVastaa {untill}.')
    await page.getByRole('button', { name: 'Tallenna' }).click()
    await page.getByText('Kohtaa {untill} ei voi täydentää.').first().waitFor()
    await walk.look(page, `${screen}-unknown`)
    await page.getByLabel('Teksti', { exact: true }).fill('Hei! {facilitator} kysyy:\n\n{question}\n\nVastaa {until}.')
    await page.getByText('Tekstistä puuttuu {link}.').first().waitFor()
    await page
      .getByLabel('Teksti', { exact: true })
      .fill('Hei! {facilitator} kysyy:\n\n{question}\n\nVastaa {until}.\n\nAvaa ehdotus:\n{link}')
    await page.getByRole('button', { name: 'Esikatselu' }).click()
    await page.getByText('Hei! Leena Lahti kysyy:').waitFor()
    await walk.look(page, `${screen}-preview`)
    await page.getByRole('button', { name: 'Tallenna' }).click()
    await page.getByText('oma teksti', { exact: true }).waitFor()
    await page.getByRole('button', { name: 'Palauta valmis teksti' }).click()
    await page.getByText('valmis teksti', { exact: true }).waitFor()
    await expect(page.getByLabel('Otsikko')).toHaveValue('Stadiluotsi kysyy sinulta: {title}')
    await page.getByLabel('Mikä sähköposti').selectOption('merge_asked')
    await page.getByText('Muiden ehdotusten nimet').waitFor()
    await page.getByRole('button', { name: 'Esikatselu' }).click()
    await page.getByText('Istumapaikkoja koirapuistoon').waitFor()
    await walk.look(page, `${screen}-merge`)
    await page.context().close()
  }
}
