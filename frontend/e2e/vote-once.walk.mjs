// However the last click goes, it ends in one credential and one ballot: a double click, two tabs, lost answers, a reload in between,
// another device, a phone lost for good. With voting codes, so that it can be walked any number of times.
import assert from 'node:assert/strict'
import { expect, text } from './lib/expect.mjs'
import { aboutToCast, choose, identifyByCode, kept, listen, openVote, thanks, votingCode } from './lib/vote.mjs'

export default async function voteOnce(walk) {
  const { round, at } = await openVote()
  const cast = (page) => page.getByRole('button', { name: 'Äänestä', exact: true })
  const done = (page) => page.getByRole('heading', { level: 1, name: thanks }).waitFor()

  // Two tabs, a double click in each.
  {
    const code = await votingCode(walk, round)
    const one = await walk.open({ path: at('fi') })
    const heard = listen(one.context())
    await choose(one, 'Kaakkoinen', 3)
    const two = await one.context().newPage()
    await identifyByCode(one, at, code)
    await identifyByCode(two, at, code)
    // Not by the mouse, which waits for each page to be ready for it.
    const twice = (button) => {
      button.click()
      button.click()
    }
    await Promise.all([one, two].map((page) => cast(page).evaluate(twice)))
    await Promise.all([done(one), done(two)])
    await one.getByText('Kuitti on aito').waitFor({ state: 'attached' })
    assert.equal(heard.credentials.length, 1)
    assert.equal(heard.ballots.length, 1)
    await expect(one.getByRole('button', { name: 'Tallenna kuitti' })).toHaveCount(1)

    // Another device with the same code: told honestly, nothing sent, the choices stay.
    const other = await walk.open({ path: at('fi') })
    const heardThere = listen(other.context())
    await choose(other, 'Kaakkoinen', 1)
    await other.goto(walk.base + at('fi', 'identify'))
    await other.getByLabel('Äänestyskoodi').fill(code)
    await other.getByRole('button', { name: 'Jatka koodilla' }).click()
    await other.getByText('Äänioikeutesi on jo käytetty').waitFor()
    await other.getByText('voit saada uuden koodin paikan päällä').waitFor()
    await walk.axe(other, 'spent elsewhere')
    await walk.shot(other, 'spent-elsewhere')
    assert.deepEqual([heardThere.credentials.length, heardThere.ballots.length], [0, 0])
    await other.context().close()
    await one.context().close()
  }

  // The answers of office and box get lost on the way, once each: the same bytes go again by themselves.
  {
    const page = await walk.open({ path: at('fi') })
    const heard = listen(page.context())
    for (const end of ['credential', 'ballots']) {
      let lost = false
      await page.route(`**/${end}`, async (route) => {
        if (lost) return route.continue()
        lost = true
        await route.fetch()
        return route.abort('connectionreset')
      })
    }
    await choose(page, 'Läntinen', 2)
    await identifyByCode(page, at, await votingCode(walk, round))
    await cast(page).click()
    await done(page)
    assert.equal(heard.credentials.length, 2)
    assert.equal(heard.ballots.length, 2)
    assert.equal(new Set(heard.credentials).size, 1)
    assert.equal(new Set(heard.ballots.map((request) => request.postData())).size, 1)
    await expect(page.getByRole('button', { name: 'Tallenna kuitti' })).toHaveCount(1)
    await page.context().close()
  }

  // The office signs but never answers; the page is closed and the choices are changed before the next try. The first request goes
  // again, with the ballot that is chosen now, since none was sent yet.
  {
    const code = await votingCode(walk, round)
    const page = await walk.open({ path: at('fi') })
    const heard = listen(page.context())
    const reached = new Promise((resolve) => {
      void page.route('**/credential', async (route) => {
        await route.fetch()
        resolve()
      })
    })
    await choose(page, 'Koillinen', 1)
    await identifyByCode(page, at, code)
    await cast(page).click()
    await reached
    await page.goto(walk.base + at('fi'))
    await page.unroute('**/credential')
    await choose(page, 'Koillinen', 2)
    await page.goto(walk.base + at('fi', 'identify'))
    await page.getByLabel('Äänestyskoodi').fill(code)
    await page.getByRole('button', { name: 'Jatka koodilla' }).click()
    await page.getByRole('heading', { name: 'Äänestyksesi jäi kesken' }).waitFor()
    await page.getByRole('heading', { name: 'Pitääkö sinun lopettaa tähän?' }).waitFor()
    await walk.axe(page, 'begun')
    await walk.shot(page, 'begun')
    const ballot = aboutToCast(page)
    await page.getByRole('button', { name: 'Yritä uudelleen' }).click()
    await done(page)
    assert.equal(new Set(heard.credentials).size, 1)
    assert.equal(heard.ballots.length, 1)
    assert.match(await ballot, /\nchoices \d+ \d+\n/)
    await page.context().close()
  }

  // The box gets the ballot but never answers; the page is closed. Next time it says so and sends the same ballot, without any sign-in.
  {
    const page = await walk.open({ path: at('fi') })
    const heard = listen(page.context())
    const reached = new Promise((resolve) => {
      void page.route('**/ballots', async (route) => {
        await route.fetch()
        resolve()
      })
    })
    await choose(page, 'Pohjoinen', 2)
    await identifyByCode(page, at, await votingCode(walk, round))
    await cast(page).click()
    await reached
    await page.goto(walk.base + at('fi'))
    await page.unroute('**/ballots')
    await page.getByText('Yksi ääni ei ole ehkä vielä uurnassa').waitFor()
    await walk.axe(page, 'unfinished')
    await walk.shot(page, 'unfinished')
    await page.getByRole('button', { name: 'Lähetä ääni' }).click()
    await done(page)
    await page.getByText('Kuitti on aito').waitFor({ state: 'attached' })
    assert.equal(heard.credentials.length, 1)
    assert.equal(new Set(heard.ballots.map((request) => request.postData())).size, 1)
    await expect.poll(() => kept(page)).not.toContain('envelope')
    await page.context().close()
  }

  // The ballot leaves a phone that dies before it arrives. Its recovery code brings the vote to the end on a computer, with choices made anew:
  // neither the code nor the choices were kept anywhere.
  {
    const code = await votingCode(walk, round)
    const phone = await walk.open({ screen: 'narrow', path: at('fi') })
    const heard = listen(phone.context())
    const reached = new Promise((resolve) => {
      void phone.route('**/ballots', resolve)
    })
    const [chosen] = await choose(phone, 'Eteläinen', 1)
    await identifyByCode(phone, at, code)
    await phone.getByText('Pätkiikö yhteytesi? Tee palautuskoodi').click()
    await walk.shot(phone, 'recovery-offer')
    await phone.getByRole('button', { name: 'Tee palautuskoodi' }).click()
    await phone.getByText('Koodi toimii, kun olet painanut ”Äänestä”').waitFor()
    await expect(
      phone.getByRole('heading', { name: 'Palautuskoodisi' }),
      'the code’s heading has the focus',
    ).toBeFocused()
    const shape = /^([0-9A-Z]{4}-){6}[0-9A-Z]{4}$/
    const shown = phone.getByText(shape)
    const recovery = await text(shown, shape)
    await walk.axe(phone, 'recovery made')
    await walk.fits(phone)
    await walk.shot(phone, 'recovery-made')
    await cast(phone).click()
    await reached
    await phone.getByText('Koodi toimii äänestyksen päättymiseen asti').waitFor()
    // On paper is the code, and not what was chosen.
    await expect(phone.getByText(chosen, { exact: true })).toBeVisible()
    await phone.evaluate(() => {
      document.documentElement.dataset.print = 'sheet'
    })
    await phone.emulateMedia({ media: 'print' })
    await expect(phone.getByText(chosen, { exact: true })).toBeHidden()
    await expect(shown).toBeVisible()
    await walk.shot(phone, 'recovery-print')
    assert.ok(!(await kept(phone)).includes(recovery.slice(0, 9)))
    assert.ok(!heard.credentials.join().includes(recovery.slice(0, 9)))
    await expect(phone).not.toHaveURL(new RegExp(recovery.slice(0, 4)))
    await phone.context().close()

    const computer = await walk.open({ screen: 'desktop', path: at('fi', 'identify') })
    const heardThere = listen(computer.context())
    await computer.getByLabel('Äänestyskoodi').fill(code)
    await computer.getByRole('button', { name: 'Jatka koodilla' }).click()
    await computer.getByText('Äänioikeutesi on jo käytetty').waitFor()
    await computer.getByRole('link', { name: 'Minulla on palautuskoodi' }).click()
    await computer.getByRole('heading', { level: 1, name: 'Jatka palautuskoodilla' }).waitFor()
    const field = computer.getByLabel('Palautuskoodi', { exact: true })
    const swapped = recovery.at(-1) === '0' ? '1' : '0'
    for (const [typed, words] of [
      ['', 'Täytä tämä'],
      [recovery.slice(0, -1) + swapped, 'Tämä ei ole palautuskoodi'],
    ]) {
      await field.fill(typed)
      await computer.getByRole('button', { name: 'Jatka', exact: true }).click()
      await computer.getByText(words).waitFor()
    }
    await walk.axe(computer, 'recover')
    await walk.shot(computer, 'recover')
    await field.fill(recovery.toLowerCase().replaceAll('-', ' '))
    await field.press('Enter')
    await computer.getByText('Äänestyksesi jatkuu täällä').waitFor()
    await walk.axe(computer, 'going on')
    await walk.shot(computer, 'going-on')
    await choose(computer, 'Eteläinen', 3)
    await computer.getByRole('button', { name: 'Tarkista' }).click()
    const ballot = aboutToCast(computer)
    await cast(computer).click()
    await done(computer)
    assert.equal(
      new Set([...heard.credentials, ...heardThere.credentials].map((text) => JSON.parse(text).blinded)).size,
      1,
    )
    assert.equal(heardThere.ballots.length, 1)
    assert.match(await ballot, /\nchoices \d+ \d+ \d+\n/)
    await computer.context().close()
  }
}
