// The front page: both acts as equals with the time that is left, when, where the money goes, the one menu of the site; on a phone, on a desk and with
// letters twice as large, without anything that moves once it is there. Whoever has voted here finds the receipt in place of the vote.
import assert from 'node:assert/strict'
import { expect } from './lib/expect.mjs'
import { proposingRound, votingRound } from './lib/rounds.mjs'

export default async function front(walk) {
  const [voting, proposing] = [await votingRound(), await proposingRound()]
  const words = {
    fi: {
      vote: 'Äänestä nyt',
      propose: 'Tee ehdotus',
      money: 'Mihin rahat menevät',
      how: 'Näin äänestät',
      menu: 'Valikko',
    },
    sv: {
      vote: 'Rösta nu',
      propose: 'Lämna ett förslag',
      money: 'Vart pengarna går',
      how: 'Så röstar du',
      menu: 'Meny',
    },
  }
  for (const lang of ['fi', 'sv']) {
    const { vote, propose, money, how, menu } = words[lang]
    for (const screen of ['phone', 'desktop']) {
      const page = await walk.open({ screen, lang, path: '/about:blank' })
      await page.addInitScript(() => {
        window.moved = 0
        new PerformanceObserver((list) => {
          for (const { value, hadRecentInput } of list.getEntries()) if (!hadRecentInput) window.moved += value
        }).observe({ type: 'layout-shift', buffered: true })
      })
      await page.goto(`${walk.base}/${lang}`)
      for (const act of [vote, propose]) await page.getByRole('region', { name: act }).getByRole('link').waitFor()
      await page
        .getByRole('region', { name: propose })
        .getByText(/\d+ (päivää|dagar|tuntia|timmar)/)
        .waitFor()
      await page.getByRole('heading', { name: money }).waitFor()
      await page.getByRole('heading', { name: how }).waitFor()
      await walk.look(page, `${lang}-${screen}`)
      const moved = await page.evaluate(() => window.moved)
      assert.ok(moved < 0.02, `${lang} ${screen}: the page moved by ${moved}`)
      if (screen === 'desktop') continue
      await page.evaluate(() => {
        document.documentElement.style.fontSize = '200%'
      })
      await walk.fits(page)
      await walk.shot(page, `${lang}-large`)
      // Of the proposals three are drawn here each day: the list has them all.
      const list = await walk.open({ screen: 'phone', lang, path: `/${lang}/rounds/${proposing.id}/proposals` })
      await list.getByRole('listitem').getByRole('heading').first().waitFor()
      await list.evaluate(() => {
        document.documentElement.style.fontSize = '200%'
      })
      await walk.fits(list)
      await page.evaluate(() => {
        document.documentElement.style.fontSize = ''
      })
      await page.getByRole('button', { name: menu }).click()
      await page
        .getByRole('navigation')
        .getByRole('link', { name: lang === 'fi' ? 'Ehdota' : 'Föreslå' })
        .click()
      await page.waitForURL(`**/${lang}/rounds/${proposing.id}/propose`)
    }
  }

  // The menu is the same within a round; who has voted in this browser is led to the receipt.
  const page = await walk.open({ screen: 'desktop', lang: 'fi', path: `/fi/rounds/${proposing.id}` })
  const menu = page.getByRole('navigation', { name: 'Päävalikko' })
  await expect(menu.getByRole('link', { name: 'Äänestä' })).toHaveAttribute('href', `/fi/rounds/${voting.id}/vote`)
  await page.evaluate((key) => {
    localStorage.setItem(key, JSON.stringify([{ paper: 'ballot', commit: 'c', promise: 'p' }]))
  }, `osbu.vote.${voting.id}.receipts`)
  await page.goto(`${walk.base}/fi`)
  await page.getByRole('region', { name: 'Olet äänestänyt' }).getByRole('link', { name: 'Katso kuitti' }).waitFor()
  await expect(menu.getByRole('link', { name: 'Olet äänestänyt' })).toHaveAttribute(
    'href',
    `/fi/rounds/${voting.id}/vote/receipt`,
  )
  await menu.getByRole('link', { name: 'Oma sivu' }).click()
  await page.getByRole('link', { name: /^Kuitti äänestäsi/ }).waitFor()
  await walk.look(page, 'mine')
}
