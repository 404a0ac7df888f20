// In Firefox: a code, a vote that Firefox seals, the receipt, which it checks, the published results, and their record, which it checks, too.
import { inFirefox } from './lib/firefox.mjs'
import { openForOne, text } from './lib/papers.mjs'
import { thanks } from './lib/vote.mjs'

export default async function voteFirefox(walk) {
  const id = `walk-firefox-${Date.now()}`
  const { step, codes, at } = await openForOne(walk, id, text('Kettukierros', 'Rävomgång'))

  await inFirefox(walk, async ({ page, found, press, pressAt, fill, headed, fits }) => {
    await page.goto(walk.base + at('fi'))
    await pressAt('input[type=checkbox]')
    await page.waitForSelector('input[type=checkbox]:checked')
    await fits('the vote')
    await page.goto(walk.base + at('fi', 'identify'))
    await fill('Äänestyskoodi', codes[0])
    await press('Jatka koodilla')
    await press('Äänestä')
    await headed(thanks)
    await page.waitForFunction(() => localStorage.length > 0)
    await fits('the receipt')

    for (const name of ['close', 'count', 'confirm', 'publish']) await step(name)
    for (const [lang, title] of [
      ['fi', 'Mitä seuraavaksi?'],
      ['sv', 'Vad händer nu?'],
    ]) {
      await page.goto(`${walk.base}/${lang}/rounds/${id}/results`)
      await found(`//h2[normalize-space()="${title}"]`)
      await found('//h4[contains(., "Katos") or contains(., "Penkki")]')
      await fits(`the results, ${lang}`)
    }

    await page.goto(`${walk.base}/fi/rounds/${id}/record`)
    await press('Tarkista aineisto')
    await found('//*[@role="status"][contains(., "Aineisto on kunnossa")]')
    await fits('the checked record')
  })
}
