// Every page that residents read, in all three languages, on the narrowest phone and on a desk: it has a title and a
// heading in its language, nothing is wider than the screen, whatever font stands in for ours; axe finds nothing in Finnish there and in Swedish here.
import assert from 'node:assert/strict'
import { expect, howMany, title } from './lib/expect.mjs'
import { votingRound } from './lib/rounds.mjs'

export default async function residentPages(walk) {
  const rounds = await (await fetch(`${walk.base}/api/v1/rounds`)).json()
  const voting = await votingRound()
  // Results of a round that has been counted, or the word that there are none yet.
  const counted = rounds.find(({ phase }) => ['confirmed', 'delivering', 'archived'].includes(phase)) ?? voting
  const { proposals } = await (await fetch(`${walk.base}/api/v1/rounds/${voting.id}/proposals`)).json()
  const round = `/rounds/${voting.id}`
  const pages = [
    '',
    round,
    `${round}/proposals`,
    ...proposals.slice(0, 1).map(({ id }) => `${round}/proposals/${id}`),
    `${round}/mine`,
    `${round}/propose`,
    `${round}/numbers`,
    `${round}/rights`,
    `${round}/list`,
    `${round}/vote/sample`,
    `/rounds/${counted.id}/results`,
    '/check',
    `${round}/check`,
    '/about/how',
    '/about/paper',
    '/about/limits',
    '/about/accessibility',
    '/about/privacy',
    '/delivery',
    '/data',
    `/areas/${voting.settings.areas[0].id}`,
    '/about/nothing',
    '/rounds/no-such-round',
  ]
  const titles = new Set()
  for (const [screen, langs, fallback] of [
    ['narrow', ['fi', 'sv', 'en'], 'noto'],
    ['narrow', ['fi'], 'liberation'],
    ['narrow', ['fi']],
    ['desktop', ['sv']],
  ]) {
    const page = await walk.open({ screen, lang: langs[0], fallback })
    for (const lang of langs) {
      for (const path of pages) {
        await page.goto(`${walk.base}/${lang}${path}`)
        await expect(page.locator('html')).toHaveAttribute('lang', lang)
        titles.add(await title(page, /^.+ – osbu$/))
        await walk.fits(page)
        if (!fallback) await walk.axe(page, `${screen} ${lang}${path}`)
      }
    }
  }
  assert.ok(titles.size > 2 * pages.length, `pages are titled in their own language: ${[...titles].join(', ')}`)

  // The first Tab leads past the header, and following a link moves the focus to the new page's heading.
  const page = await walk.open({ screen: 'desktop', lang: 'fi', path: '/fi' })
  await page.getByRole('heading', { name: 'Näin äänestät' }).waitFor()
  await page.keyboard.press('Tab')
  await expect(page.getByRole('link', { name: 'Siirry sisältöön' })).toBeFocused()
  await page.keyboard.press('Enter')
  await expect(page.getByRole('main')).toBeFocused()
  await page.getByRole('link', { name: 'Nettiäänestyksen riskit' }).first().press('Enter')
  await page.waitForURL('**/fi/about/limits')
  await expect(page.getByRole('heading', { level: 1, name: 'Nettiäänestyksen riskit' })).toBeFocused()
  await expect(page).toHaveTitle('Nettiäänestyksen riskit – osbu')

  // "Show more" goes on where one was; a filter lives in the address, and a press takes it away.
  await page.goto(`${walk.base}/fi${round}/proposals`)
  const cards = page.getByRole('listitem').filter({ has: page.getByRole('heading') })
  await cards.first().waitFor()
  const first = await howMany(cards)
  await page.getByRole('button', { name: 'Näytä lisää' }).click()
  await expect(cards.nth(first).getByRole('heading').getByRole('link')).toBeFocused()
  const { id: area, name } = voting.settings.areas.at(-1)
  await page.getByLabel('Alue', { exact: true }).selectOption(area)
  await page.waitForURL(`**/proposals?area=${area}`)
  await page.getByRole('button', { name: `Poista rajaus ${name.fi}` }).click()
  await page.waitForURL('**/proposals')
  await page.goBack()
  await page.getByRole('button', { name: `Poista rajaus ${name.fi}` }).waitFor()

  // Without a language the browser's own decides.
  const swedish = await walk.open({ lang: 'sv', path: '/' })
  await swedish.waitForURL('**/sv')
}
