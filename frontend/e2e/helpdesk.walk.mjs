// The help desk looks up somebody who calls, and she sees on her own page that it did, and why.
import { votingRound } from './lib/rounds.mjs'

export default async function helpdesk(walk) {
  const { name } = await votingRound()
  const tuija = await walk.open({ screen: 'desktop', lang: 'fi', path: '/fi' })
  await walk.signIn(tuija, 'help-desk', '/help-desk')
  await tuija.getByRole('heading', { level: 1, name: 'Neuvonta' }).waitFor()
  const desk = tuija.getByRole('region', { name: name.fi }) // other walks rehearse beside this one
  await desk.getByRole('button', { name: 'Hae', exact: true }).click()
  await desk.getByText('Kirjoita, miksi haet henkilön.', { exact: true }).waitFor()
  await walk.look(tuija, 'errors')
  await desk.getByLabel('Henkilötunnus').fill('270981-902N')
  await desk.getByLabel('Syy, jonka hän näkee').selectOption('asked')
  await desk.getByLabel('Syy omin sanoin').fill('Soitti, ei pääse äänestämään')
  await desk.getByRole('button', { name: 'Hae', exact: true }).click()
  await desk.getByRole('button', { name: 'Hae toinen henkilö' }).waitFor()
  await walk.look(tuija, 'answer')

  const astrid = await walk.open({ screen: 'narrow', lang: 'sv', path: '/sv' })
  await walk.signIn(astrid, 'astrid', '/sv/account')
  await astrid.getByRole('heading', { name: 'Vem har sökt mig i rösträttsförteckningen' }).waitFor()
  await astrid.getByText('rådgivningen (du tog kontakt)').first().waitFor()
  await walk.look(astrid, 'trace')
}
