// The same vote in Swedish by keyboard alone, on a wide screen: Tab, Space and Enter.
import { expect } from './lib/expect.mjs'
import { tabTo } from './lib/keyboard.mjs'
import { hasNotVoted, openVote } from './lib/vote.mjs'

export default async function voteByKeyboard(walk) {
  const { round, at } = await openVote()
  const page = await walk.open({ screen: 'desktop', lang: 'sv', path: at('sv') })
  const { keyboard } = page
  await page.getByRole('heading', { level: 1, name: 'Välj område' }).waitFor()

  const heading = (name) =>
    expect(page.getByRole('heading', { level: 1, name }), `the heading “${name}” has the focus`).toBeFocused()

  // The skip link comes first.
  await keyboard.press('Tab')
  await expect(page.getByRole('link', { name: 'Gå till innehållet' })).toBeFocused()
  await keyboard.press('Enter')
  await expect(page.getByRole('main')).toBeFocused()

  await tabTo(page.getByLabel('Postnummer'))
  await keyboard.type('00150')
  await tabTo(page.getByRole('button', { name: 'Välj Södra' }))
  await keyboard.press('Enter')
  await heading('Välj projekt')

  const ticks = page.getByRole('checkbox')
  for (const index of [0, 1, 2]) {
    await tabTo(ticks.nth(index))
    await keyboard.press('Space')
    await expect(ticks.nth(index)).toBeChecked()
    await page
      .getByRole('status')
      .filter({ hasText: `${index + 1} av 5 valda` })
      .waitFor({ state: 'attached' })
  }
  await keyboard.press('Space')
  await expect(ticks.nth(2)).not.toBeChecked()
  await walk.shot(page, '2-projects', { full: false })

  // Past the rest of the list without tabbing through it.
  await tabTo(page.getByRole('link', { name: 'Hoppa över listan' }), { back: true })
  await keyboard.press('Enter')
  await tabTo(page.getByRole('button', { name: 'Granska' }), { most: 1 })
  await keyboard.press('Enter')
  await heading('Granska dina val')
  await page.getByText('2 projekt, sammanlagt').waitFor()
  await walk.axe(page, 'review')

  await tabTo(page.getByRole('link', { name: 'Identifiera dig' }))
  await keyboard.press('Enter')
  await heading('Identifiera dig')
  await tabTo(page.getByRole('main').getByRole('link', { name: 'Logga in' }))
  await keyboard.press('Enter')
  const astrid = page.getByRole('button', { name: /Astrid Lindholm/ })
  await astrid.waitFor()
  await tabTo(astrid)
  await keyboard.press('Enter')

  await page.getByRole('heading', { level: 1, name: 'Granska och rösta' }).waitFor()
  await hasNotVoted(page, round)
  const cast = page.getByRole('button', { name: 'Rösta', exact: true })
  await cast.waitFor()
  await walk.shot(page, '5-vote')
  await tabTo(cast)
  await keyboard.press('Enter')
  await heading('Tack, din röst är i urnan')
  await page.getByText('Kvittot är äkta').waitFor({ state: 'attached' })
  await walk.axe(page, 'receipt')
  await walk.shot(page, '6-receipt')

  // What others can see opens by keyboard, too.
  await tabTo(page.getByText('Vad kan andra se?', { exact: true }))
  await keyboard.press('Enter')
  await page.getByText('Håll alltså kvittot för dig själv').locator('visible=true').waitFor()
}
