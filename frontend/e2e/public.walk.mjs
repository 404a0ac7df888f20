// What the public does with others' proposals: finds them by any form of a word, sees them on a map, takes them along, supports, follows, shares and
// discusses them. A comment is reported, and hidden at the desk; its author is told why, others see nothing.
import assert from 'node:assert/strict'
import { absent, attribute, expect, settled } from './lib/expect.mjs'
import { proposingRound, votingRound } from './lib/rounds.mjs'

export default async function publicSide(walk) {
  const round = await proposingRound()
  const voting = await votingRound()
  const list = `/rounds/${round.id}/proposals`

  // A shared address has no language: the browser's own is taken. Words are found in any form.
  const visitor = await walk.open({
    screen: 'desktop',
    lang: 'sv',
    path: `${list}?q=${encodeURIComponent('hyönteishotellit')}`,
  })
  await visitor.waitForURL(`**/sv${list}?q=*`)
  await visitor.getByRole('link', { name: 'Pörriäishotelleja Kallion pihoille' }).waitFor()
  await visitor.getByRole('button', { name: /^Ta bort avgränsningen/ }).click()

  // The map, drawn without tiles here, opens over the list and asks nobody else for anything.
  const strangers = []
  visitor.on('request', (request) => {
    if (!request.url().startsWith(walk.base)) strangers.push(request.url())
  })
  await visitor.getByRole('button', { name: 'Visa på karta' }).press('Enter')
  await visitor.locator('.leaflet-container canvas').first().waitFor()
  await visitor.waitForURL(`**/sv${list}?map=yes`)
  assert.deepEqual(strangers, [])
  await walk.axe(visitor, 'map')
  await walk.fits(visitor)
  for (const kind of ['csv', 'json', 'geojson', 'atom']) {
    const link = visitor.getByRole('region', { name: 'Ladda ner' }).locator(`a[href*="proposals.${kind}"]`)
    const href = await attribute(link, 'href', /^\/api\//)
    const answer = await visitor.request.get(walk.base + href)
    assert.equal(answer.status(), 200, kind)
    // A feed has the newest only.
    assert.match(await answer.text(), kind === 'atom' ? /<feed[^]*<entry / : /Levähdyspenkkejä/, kind)
  }
  await visitor.goto(`${walk.base}/sv/rounds/${voting.id}/list?area=central`)
  await visitor.getByRole('heading', { level: 3 }).first().waitFor()
  await walk.axe(visitor, 'list')
  const menu = visitor.locator('header')
  await expect(menu).toBeVisible()
  await visitor.emulateMedia({ media: 'print' })
  await expect(menu, 'the paper shows no menu').toBeHidden()
  await walk.shot(visitor, 'list')

  // While a title is written, what is alike is shown.
  const malik = await walk.open({ screen: 'narrow', lang: 'fi', path: '/fi' })
  await walk.signIn(malik, 'malik', `/fi/rounds/${round.id}/propose`)
  await malik.getByLabel('Ehdotuksen nimi').fill('Penkkejä Vuosaaren rannoille')
  await malik.getByText('Samanlainen ehdotus on jo olemassa').waitFor()
  await walk.axe(malik, 'similar')
  await walk.fits(malik)
  const [other] = await Promise.all([
    malik.context().waitForEvent('page'),
    malik.getByRole('link', { name: /Levähdyspenkkejä Vuosaaren/ }).click(),
  ])
  await other.getByRole('heading', { level: 1, name: /Levähdyspenkkejä Vuosaaren/ }).waitFor()
  await other.close()
  const bench = malik.getByRole('button', { name: /^(Kannata tätä|Kannatat tätä)/ })
  const pressed = async (button) => {
    await settled(malik)
    return (await attribute(button, 'aria-pressed', /^(true|false)$/)) === 'true'
  }
  if (!(await pressed(bench))) await bench.click() // a server that ran this walk before remembers
  await malik.getByRole('button', { name: 'Kannatat tätä' }).waitFor()
  await bench.click()
  await malik.getByRole('button', { name: 'Kannata tätä' }).waitFor()

  // By keyboard: follow, then comment; an empty comment says what is missing.
  const { proposals } = await (
    await fetch(`${walk.base}/api/v1${list}?q=${encodeURIComponent('hiljainen katu')}`)
  ).json()
  const page = `/fi${list}/${proposals[0].id}`
  await malik.goto(walk.base + page)
  const follow = malik.getByRole('button', { name: /^(Seuraa|Seuraat) ehdotusta$/ })
  if (!(await pressed(follow))) await follow.press('Enter')
  await malik.getByRole('button', { name: 'Seuraat ehdotusta' }).waitFor()
  await malik.getByRole('button', { name: 'Jaa linkki' }).press('Enter')
  await malik.getByText(`${walk.base}${list}/${proposals[0].id}`).waitFor()
  await malik.getByRole('button', { name: 'Lähetä kommentti' }).press('Enter')
  await malik.locator('[id="comment.text-error"]').waitFor()
  await expect(malik.getByLabel('Kommenttisi'), 'the empty field has the focus').toBeFocused()
  const rude = `<b onclick="alert(1)">Törkeää</b> ${Date.now()}`
  await malik.keyboard.type(rude)

  // The session has ended while he wrote: what he wrote stays, and he signs in beside it.
  await malik.context().clearCookies()
  await malik.getByRole('button', { name: 'Lähetä kommentti' }).press('Enter')
  await malik.getByText('Kirjoittamasi on yhä tällä sivulla. Kirjaudu uudessa välilehdessä').waitFor()
  await walk.axe(malik, 'session ended')
  await expect(malik.getByLabel('Kommenttisi'), 'what was written is there').toHaveValue(rude)
  const tab = await malik.context().newPage()
  await tab.goto(`${walk.base}/fi`)
  await walk.signIn(tab, 'malik', '/fi')
  await tab.close()
  await malik.getByRole('button', { name: 'Lähetä kommentti' }).press('Enter')
  const said = (on) => on.getByRole('listitem').filter({ hasText: rude })
  await said(malik).waitFor()
  await walk.axe(malik, 'discussion')
  await walk.fits(malik)
  await walk.shot(malik, 'discussion')
  await malik.goto(`${walk.base}/fi/rounds/${round.id}/mine`)
  await malik.getByRole('heading', { name: 'Seuraamasi ehdotukset' }).waitFor()
  await malik.getByRole('link', { name: 'Hiljainen katu Fleminginkadulle' }).waitFor()

  // Somebody reports it; the district's facilitator hides it with a word to its author.
  const astrid = await walk.open({ lang: 'sv', path: '/sv' })
  await walk.signIn(astrid, 'astrid', page.replace('/fi', '/sv'))
  // Before, she answers it by keyboard: her words stand under his.
  await said(astrid)
    .getByRole('button', { name: /^Svara på kommentaren/ })
    .press('Enter')
  await expect(astrid.getByLabel('Ditt svar'), 'the place to answer has the focus').toBeFocused()
  const calm = `Lugn ${Date.now()}`
  await astrid.keyboard.type(calm)
  await astrid.getByRole('button', { name: 'Skicka svaret' }).press('Enter')
  const answer = (on) => on.getByRole('list', { name: /^Svar på kommentaren/ }).getByRole('listitem')
  await answer(astrid).filter({ hasText: calm }).waitFor()
  await walk.axe(astrid, 'thread')
  await walk.fits(astrid)
  await said(astrid)
    .getByRole('button', { name: /^Anmäl/ })
    .click()
  await astrid.getByRole('dialog').getByRole('button', { name: 'Anmäl' }).click()
  await astrid.getByRole('dialog').locator('.hds-selection-group__error-text').waitFor()
  await walk.axe(astrid, 'report')
  await astrid.getByRole('dialog').getByText('Kränkande eller hotfull').click()
  await astrid.getByRole('dialog').getByRole('button', { name: 'Anmäl' }).click()
  await said(astrid).getByText('Du har anmält kommentaren').waitFor()

  // She reports the proposal itself, too.
  await astrid.getByRole('button', { name: 'Anmäl förslaget som osakligt' }).click()
  await astrid.getByRole('dialog').getByText('Reklam eller skräp').click()
  await astrid.getByRole('dialog').getByRole('button', { name: 'Anmäl' }).click()
  await astrid.locator('#main').getByText('Du har anmält förslaget').waitFor()

  const desk = await walk.open({ screen: 'desktop', lang: 'fi', path: '/fi' })
  await walk.signIn(desk, 'leena', `/desk/${round.id}`)
  await desk.getByRole('link', { name: 'Ilmoitetut tekstit' }).click()
  await said(desk).getByText('1 ilmoitus').waitFor()
  await said(desk).getByText('Ilmoituksen syy: Loukkaava tai uhkaava').waitFor()
  const whole = desk.getByRole('list', { name: 'Ehdotukset' }).getByRole('listitem').filter({ hasText: 'Mainontaa' })
  await whole.getByRole('button', { name: /^Säilytä/ }).waitFor()
  await walk.axe(desk, 'reported')
  await walk.shot(desk, 'reported')
  await said(desk)
    .getByRole('button', { name: /^Piilota/ })
    .click()
  await desk.getByRole('dialog').getByText('Loukkaava tai uhkaava').click()
  await desk.getByRole('dialog').getByLabel('Viesti kirjoittajalle').fill('Kerro asia asiana.')
  await desk.getByRole('dialog').getByRole('button', { name: 'Piilota kommentti' }).click()
  await said(desk).waitFor({ state: 'detached' })
  await whole.getByRole('button', { name: /^Säilytä/ }).click()
  await whole.waitFor({ state: 'detached' })
  await desk.getByRole('link', { name: 'Näytä piilotetut' }).click()
  await said(desk).waitFor()
  await walk.axe(desk, 'hidden ones')

  await astrid.reload()
  await astrid.getByRole('heading', { name: 'Diskussion' }).waitFor()
  await astrid.getByRole('button', { name: 'Skicka kommentaren' }).waitFor()
  await absent(said(astrid), 'others do not see it any more')
  const hers = astrid.getByRole('listitem').filter({ hasText: calm })
  await hers.getByRole('button', { name: 'Radera' }).click()
  await astrid.getByRole('dialog').getByRole('button', { name: 'Radera kommentaren' }).click()
  await hers.waitFor({ state: 'detached' })
  await malik.goto(walk.base + page.replace('/fi', '/en'))
  await said(malik).getByText('Your comment is hidden.').waitFor()
  await said(malik).getByText('Kerro asia asiana.').waitFor()
  await walk.axe(malik, 'hidden')
  await walk.fits(malik)
  await walk.shot(malik, 'hidden')
  await said(malik).getByRole('button', { name: 'Delete' }).click()
  await malik.getByRole('dialog').getByRole('button', { name: 'Delete the comment' }).click()
  await said(malik).waitFor({ state: 'detached' })
}
