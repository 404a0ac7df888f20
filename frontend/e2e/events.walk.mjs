// An event from its announcement to the calendar: the district's facilitator writes and publishes it, a resident finds it and signs up with the keyboard,
// the calendar file is read, the event is called off; and the team looks at whom the round reaches.
import assert from 'node:assert/strict'
import { address, attribute, expect } from './lib/expect.mjs'
import { proposingRound, votingRound } from './lib/rounds.mjs'

const local = (days, hour) => {
  const day = new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10)
  return `${day}T${hour}`
}

export default async function events(walk) {
  const round = await proposingRound()
  const voting = await votingRound()
  const title = `Pihatalkoot; "puut", ja muuta ${Date.now()}`

  const leena = await walk.open({ screen: 'desktop', lang: 'fi', path: '/fi' })
  await walk.signIn(leena, 'leena', `/desk/${round.id}`)
  await leena.getByRole('link', { name: 'Tapahtumat', exact: true }).click()
  await leena.getByRole('heading', { level: 1, name: /^Tapahtumat/ }).waitFor()
  await walk.look(leena, 'desk')
  await leena.getByRole('link', { name: 'Uusi tapahtuma' }).click()
  await leena.getByRole('button', { name: 'Tallenna' }).click()
  await leena.getByText('Valitse päivä ja kellonaika.').first().waitFor()
  await walk.look(leena, 'form-errors')
  await leena.getByLabel('Nimi suomeksi').fill(title)
  await leena.getByLabel('Nimi ruotsiksi').fill('Gårdstalko')
  await leena.getByLabel('Kuvaus suomeksi').fill('Istutetaan yhdessä.')
  await leena.getByLabel('Kuvaus ruotsiksi').fill('Vi planterar tillsammans.')
  await leena.getByLabel('Alkaa').fill(local(3, '17:00'))
  await leena.getByLabel('Päättyy').fill(local(3, '19:30'))
  await leena.getByLabel('Paikan nimi').fill('Karhupuisto')
  await leena.getByLabel('Katuosoite').fill('Fleminginkatu 1')
  await leena.getByLabel('Koordinaatit kartalla').fill('60.1845, 24.9520')
  await leena.getByRole('button', { name: 'Valitse kartalta' }).click()
  await leena.getByRole('button', { name: 'Valitse kartan keskikohta' }).click()
  await expect(leena.getByLabel('Koordinaatit kartalla')).toHaveValue('60.1845, 24.952')
  await walk.look(leena, 'form-map')
  await leena.getByLabel('Esteetön kulku').check()
  await leena.getByLabel('Paikkoja, joihin ilmoittaudutaan').fill('1')
  await leena.getByRole('button', { name: 'Tallenna' }).click()
  await leena.getByRole('button', { name: 'Julkaise', exact: true }).click()
  await leena.getByText('Julkaistu', { exact: true }).waitFor()
  await walk.look(leena, 'editor')
  const [, id] = (await address(leena, /\/events\/(\d+)$/)).groups
  const page = `/fi/rounds/${round.id}/events/${id}`

  // With the keyboard, on a phone: from the calendar to a seat.
  const malik = await walk.open({ path: '/fi' })
  await walk.signIn(malik, 'malik', `/fi/rounds/${round.id}/events?kind=workshop`)
  await malik.getByRole('link', { name: title }).waitFor()
  await walk.look(malik, 'calendar')
  await malik.getByRole('button', { name: 'Näytä kartalla' }).click()
  await malik.getByRole('region', { name: 'Tapahtumat kartalla' }).waitFor()
  await malik.getByRole('link', { name: title }).press('Enter')
  await malik.getByRole('heading', { level: 1, name: title }).waitFor()
  await malik.getByText('1 paikka vapaana').waitFor()
  await malik.getByRole('button', { name: 'Ilmoittaudu' }).press('Enter')
  await malik.getByText('Sinulla on paikka.', { exact: true }).first().waitFor()
  await walk.look(malik, 'event')

  const astrid = await walk.open({ lang: 'sv', path: '/sv' })
  await walk.signIn(astrid, 'astrid', page.replace('/fi/', '/sv/'))
  await astrid.getByRole('button', { name: 'Ställ dig i kö' }).press('Enter')
  await astrid.getByText('Du är nummer 1 i kön.').first().waitFor()
  await walk.look(astrid, 'waiting')

  // She is told so by e-mail, and finds the event among her own things.
  await walk.email('astrid@example.org', 'Du står i kö')
  await astrid.goto(`${walk.base}/sv/account`)
  await astrid.getByRole('heading', { name: 'Mina evenemang' }).waitFor()
  await astrid.getByText('Du är nummer 1 i kön.').first().waitFor()
  await astrid.locator(`a[href^="webcal:"][href*="/events/${id}/calendar.ics"]`).waitFor()
  await walk.look(astrid, 'mine')
  await astrid.goBack()
  await astrid.getByText('Du är nummer 1 i kön.').first().waitFor()

  const calendar = await attribute(malik.getByRole('link', { name: 'Lisää kalenteriin' }), 'href', /\/calendar\.ics/)
  const file = await (await fetch(new URL(calendar, walk.base))).text()
  const lines = file.replaceAll('\r\n ', '').split('\r\n')
  assert.ok(lines.includes(`SUMMARY:${title.replaceAll(';', '\\;').replaceAll(',', '\\,')}`), file)
  assert.ok(lines.includes('STATUS:CONFIRMED') && lines.includes('LOCATION:Karhupuisto\\, Fleminginkatu 1'), file)

  await malik.getByRole('button', { name: 'Peru ilmoittautumiseni' }).press('Enter')
  await malik.getByRole('button', { name: 'Ilmoittaudu jonoon' }).waitFor()
  await astrid.reload()
  await astrid.getByText('Du har en plats.', { exact: true }).first().waitFor()
  const email = await walk.email('astrid@example.org', 'Du fick en plats')
  assert.ok(email.Plain.includes('Karhupuisto, Fleminginkatu 1'), email.Plain)

  // It moves to another hour: what Astrid will read is shown before it is saved.
  await leena.reload()
  await leena.getByText('Astrid L.').waitFor()
  await leena.getByLabel('Alkaa').fill(local(3, '18:00'))
  await leena.getByRole('button', { name: 'Tallenna', exact: true }).click()
  await leena.getByRole('heading', { name: 'Aika tai paikka muuttuu' }).waitFor()
  await leena.getByText('Evenemangets tid eller plats har ändrats: Gårdstalko').waitFor()
  await walk.look(leena, 'moved-preview')
  await leena.getByRole('button', { name: 'Takaisin lomakkeelle' }).click()
  await astrid.reload()
  await astrid
    .getByText(/17[.:]00/)
    .first()
    .waitFor()
  await leena.getByRole('button', { name: 'Tallenna', exact: true }).click()
  await leena.getByRole('button', { name: 'Tallenna ja lähetä sähköpostit' }).click()
  await leena.getByText('Tallennettu', { exact: true }).first().waitFor()
  await astrid.reload()
  await astrid
    .getByText(/18[.:]00/)
    .first()
    .waitFor()

  // At the door: Astrid does not come, two others do.
  await leena.getByText('Kaikki paikat on varattu.').waitFor()
  await leena.getByRole('button', { name: 'Poista listalta: Astrid L.' }).click()
  await walk.look(leena, 'take-off')
  await leena.getByRole('button', { name: 'Poista listalta', exact: true }).click()
  await leena.getByText('1 paikka vapaana').waitFor()
  await walk.email('astrid@example.org', 'Din anmälan har tagits bort')
  await leena.getByLabel('Kuinka monta ihmistä').fill('2')
  await leena.getByRole('button', { name: 'Kirjaa', exact: true }).click()
  await leena.getByText('Anna kokonaisluku 1–1.').first().waitFor()
  await leena.getByLabel('Kuinka monta ihmistä').fill('1')
  await leena.getByLabel('Nimi, jos hän haluaa kertoa sen').fill('Ossi Ovela')
  await leena.getByRole('button', { name: 'Kirjaa', exact: true }).click()
  await leena.getByText('Ossi Ovela').waitFor()
  await astrid.reload()
  await astrid.getByRole('button', { name: 'Ställ dig i kö' }).press('Enter')
  await astrid.getByText('Du är nummer 1 i kön.').first().waitFor()
  await leena.getByRole('link', { name: 'Tulosta lista' }).click()
  await leena.getByRole('cell', { name: 'Astrid L.' }).waitFor()
  await walk.look(leena, 'door-list')
  await leena.goBack()

  await leena.reload()
  await leena.getByText('Astrid L.').waitFor()
  await leena.getByLabel('Muistiinpano').fill('Lapiot varattu.')
  await leena.getByRole('button', { name: 'Lisää muistiinpano' }).click()
  await leena.getByText('Lapiot varattu.').first().waitFor()
  await leena.getByRole('button', { name: 'Peru tapahtuma' }).click()
  await leena.getByLabel('Syy suomeksi').fill('Maa on jäässä.')
  await leena.getByLabel('Syy ruotsiksi').fill('Marken är frusen.')
  await walk.look(leena, 'cancelling')
  await leena.getByRole('button', { name: 'Peru tapahtuma' }).click()
  await leena.getByText('Peruttu', { exact: true }).waitFor()
  await astrid.reload()
  await astrid.getByText('Marken är frusen.').waitFor()
  await walk.look(astrid, 'cancelled')

  await leena.goto(`${walk.base}/desk/${round.id}/equality`)
  await leena.getByRole('heading', { level: 1, name: 'Yhdenvertaisuus yhdellä silmäyksellä' }).waitFor()
  await leena.getByRole('region', { name: 'Annettu apu alueittain' }).getByText('ei kerrota').first().waitFor()
  await walk.look(leena, 'equality')

  const visitor = await walk.open({ screen: 'narrow', lang: 'sv', path: `/sv/rounds/${voting.id}/events?kind=voting` })
  await visitor.getByRole('link', { name: 'Rösta i Berghäll' }).click()
  await visitor.getByRole('heading', { name: 'Tillgänglighet' }).waitFor()
  await walk.look(visitor, 'voting-place')
}
