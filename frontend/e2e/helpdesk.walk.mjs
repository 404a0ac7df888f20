// The help desk looks up somebody who calls, and she sees on her own page that it did, and why.
import { votingRound } from './lib/rounds.mjs'

export default async function helpdesk(walk) {
  await votingRound()
  const tuija = await walk.open({ screen: 'desktop', lang: 'fi', path: '/fi' })
  await walk.signIn(tuija, 'help-desk', '/help-desk')
  await tuija.getByRole('heading', { level: 1, name: 'Neuvonta' }).waitFor()
  await tuija.getByRole('button', { name: 'Hae', exact: true }).first().click()
  await tuija.getByText('Kirjoita, miksi haet henkilön.').first().waitFor()
  await walk.look(tuija, 'errors')
  await tuija.getByLabel('Henkilötunnus').first().fill('270981-902N')
  await tuija.getByLabel('Syy, jonka hän näkee').first().selectOption('asked')
  await tuija.getByLabel('Syy omin sanoin').first().fill('Soitti, ei pääse äänestämään')
  await tuija.getByRole('button', { name: 'Hae', exact: true }).first().click()
  await tuija.getByRole('button', { name: 'Hae toinen henkilö' }).waitFor()
  await walk.look(tuija, 'answer')

  const astrid = await walk.open({ screen: 'narrow', lang: 'sv', path: '/sv' })
  await walk.signIn(astrid, 'astrid', '/sv/account')
  await astrid.getByRole('heading', { name: 'Vem har sökt mig i rösträttsförteckningen' }).waitFor()
  await astrid.getByText('rådgivningen (du tog kontakt)').first().waitFor()
  await walk.look(astrid, 'trace')
}
