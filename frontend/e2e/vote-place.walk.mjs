// A morning at a voting place: an officer on a phone asks for her place and is assigned, sets up a kiosk and finds Eero on the roll; he votes at the
// kiosk by keyboard alone, with larger text and in Swedish, and leaves nothing behind. Nobody votes there but by a code.
import assert from 'node:assert/strict'
import { absent, expect, text } from './lib/expect.mjs'
import { tabTo } from './lib/keyboard.mjs'
import { openVote } from './lib/vote.mjs'

export default async function votingPlace(walk) {
  const { round } = await openVote()
  const officer = await walk.open({ path: '/fi' })
  await officer.goto(`${walk.base}/api/v1/sign-in?return_to=/fi`)
  const eero = await text(officer.getByRole('button', { name: /Eero Mäkelä/ }), /\d{6}[-+A]\d{3}\w/)
  const identity = /\d{6}[-+A]\d{3}\w/.exec(eero)?.[0]
  assert.ok(identity, eero)

  // She asks for her place, and an official agrees.
  await walk.signIn(officer, 'officer', `/polling/${round.id}`)
  const card = (page) => page.getByRole('listitem').filter({ hasText: 'Kallion kirjasto' })
  await card(officer).getByRole('button', { name: 'Työskentelen täällä' }).click()
  await card(officer).getByText('Virkamies ei ole vielä vastannut').waitFor()
  await walk.look(officer, '1-asked')
  const official = await walk.open({ screen: 'desktop', path: '/fi' })
  await walk.signIn(official, 'official', `/polling/${round.id}`)
  await card(official)
    .getByRole('button', { name: /^Hyväksy/ })
    .click()
  await absent(card(official).getByRole('button', { name: /^Hyväksy/ }), 'a request that is agreed to')
  await walk.look(official, '2-places')
  await officer.reload()
  await card(officer).getByRole('link').click()
  await expect(officer.getByRole('link', { name: /^Tulosta mallilippuja/ })).toHaveAttribute(
    'href',
    `/fi/rounds/${round.id}/vote/sample`,
  )

  // A kiosk, by a code that is typed in its browser.
  await officer.getByLabel('Päätteen nimi').fill('Pääte 1')
  await officer.getByRole('button', { name: 'Ota uusi pääte käyttöön' }).click()
  const codeText = /^[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}$/
  const code = () => officer.getByText(codeText)
  const enrolment = await text(code(), codeText)
  await walk.look(officer, '3-kiosk')
  const kiosk = await walk.open({ screen: 'desktop', lang: 'sv', path: `/sv/rounds/${round.id}/kiosk` })
  await kiosk.getByLabel('Funktionärens kod').fill(enrolment)
  await walk.look(kiosk, '4-enrol')
  await kiosk.getByRole('button', { name: 'Ta i bruk' }).click()
  await kiosk.getByRole('heading', { level: 1, name: 'Välkommen att rösta' }).waitFor()
  await walk.look(kiosk, '5-start')

  // What is missing is said; then Eero is found, and gets a code.
  await officer.getByRole('button', { name: 'Hae ja anna koodi' }).click()
  await officer.locator('.hds-error-summary').waitFor()
  await walk.look(officer, '6-missing')
  await officer.getByRole('textbox', { name: 'Henkilötunnus' }).fill(identity)
  await officer.getByRole('combobox', { name: 'Millä henkilö todisti' }).selectOption('passport')
  await officer.getByRole('button', { name: 'Hae ja anna koodi' }).click()
  await officer.getByText('Voi äänestää').waitFor()
  const ticket = await text(code().first(), codeText)
  await walk.look(officer, '7-code')
  await absent(officer.getByText(identity), 'the identity code on the screen')

  // No way out of the kiosk, and nothing without a code.
  await kiosk.goto(`${walk.base}/sv/account`)
  await kiosk.getByRole('heading', { level: 1, name: 'Välkommen att rösta' }).waitFor()
  const { keyboard } = kiosk
  await tabTo(kiosk.getByLabel('Din kod'))
  await keyboard.type(ticket.toLowerCase())
  await keyboard.press('Enter')
  await kiosk.getByRole('heading', { level: 1, name: 'Välj område' }).waitFor()
  await tabTo(kiosk.getByRole('button', { name: 'Större text' }), { back: true })
  await keyboard.press('Enter')
  await walk.look(kiosk, '8-areas')
  await tabTo(kiosk.getByRole('button', { name: /^Södra/ }))
  await keyboard.press('Enter')
  const tick = kiosk.getByRole('checkbox').first()
  await tick.waitFor()
  await tabTo(tick)
  await keyboard.press('Space')
  await expect(tick).toBeChecked()
  await tabTo(kiosk.getByRole('button', { name: 'Granska' }), { back: true })
  await keyboard.press('Enter')
  const cast = kiosk.getByRole('button', { name: 'Rösta', exact: true })
  await cast.waitFor()
  await walk.look(kiosk, '9-review')
  await tabTo(cast)
  await keyboard.press('Enter')
  await kiosk.getByRole('heading', { level: 1, name: 'Tack, din röst är i urnan' }).waitFor()
  await walk.look(kiosk, '10-receipt')
  await tabTo(kiosk.getByRole('button', { name: 'Färdig' }), { back: true })
  await keyboard.press('Enter')
  await kiosk.getByRole('heading', { level: 1, name: 'Välkommen att rösta' }).waitFor()
  await kiosk.goBack()
  await kiosk.getByRole('heading', { level: 1, name: 'Välkommen att rösta' }).waitFor()
  assert.deepEqual(
    await kiosk.evaluate(() => Object.keys(localStorage).filter((key) => key.includes('vote'))),
    [],
    'something of the vote stays',
  )

  // His right is used, wherever he comes next.
  await officer.getByRole('button', { name: 'Seuraava äänestäjä' }).click()
  await officer.getByRole('textbox', { name: 'Henkilötunnus' }).fill(identity)
  await officer.getByRole('combobox', { name: 'Millä henkilö todisti' }).selectOption('passport')
  await officer.getByRole('button', { name: 'Hae ja anna koodi' }).click()
  await officer.getByText('Äänioikeus on jo käytetty').waitFor()
  await walk.look(officer, '11-used')
  await kiosk.context().close()

  // The day is over.
  await officer.getByRole('button', { name: 'Seuraava äänestäjä' }).click()
  await officer.getByRole('button', { name: 'Lopeta Pääte 1' }).click()
  await officer.getByText('Päätteitä ei ole.').waitFor()
}
