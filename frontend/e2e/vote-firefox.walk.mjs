// Debian's Firefox, over WebDriver BiDi: a code, a vote that Firefox seals, the receipt, which it checks, the published results, and their record, which it checks, too.
import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import puppeteer from 'puppeteer-core'
import { patience } from './lib/expect.mjs'
import { openForOne, text } from './lib/papers.mjs'
import { thanks } from './lib/vote.mjs'

export default async function voteFirefox(walk) {
  const id = `walk-firefox-${Date.now()}`
  const { step, codes, at } = await openForOne(walk, id, text('Kettukierros', 'Rävomgång'))

  const home = await mkdtemp(join(tmpdir(), 'osbu-firefox-'))
  const browser = await puppeteer.launch({
    browser: 'firefox',
    executablePath: process.env.OSBU_FIREFOX ?? '/usr/bin/firefox-esr',
    headless: true,
    userDataDir: join(home, 'profile'),
    env: { ...process.env, HOME: home },
  })
  try {
    const page = await browser.newPage()
    page.setDefaultTimeout(patience)
    await page.setViewport({ width: 360, height: 740 })
    const faults = []
    page.on('pageerror', (error) => faults.push(error.message))
    const press = async (label) =>
      (await page.waitForSelector(`::-p-xpath(//button[normalize-space()="${label}"])`)).click()
    const headed = (title) =>
      page.waitForFunction((wanted) => document.querySelector('h1')?.textContent.includes(wanted), {}, title)
    const fits = async (where) => {
      const wide = await page.evaluate(() => document.documentElement.scrollWidth)
      assert.ok(wide <= 360, `${where}: ${wide} px wide on a screen of 360 px`)
    }

    await page.goto(walk.base + at('fi'))
    await (await page.waitForSelector('input[type=checkbox]')).click()
    await page.waitForSelector('input[type=checkbox]:checked')
    await fits('the vote')
    await page.goto(walk.base + at('fi', 'identify'))
    const field = '::-p-xpath(//input[@id = //label[contains(., "Äänestyskoodi")]/@for])'
    await (await page.waitForSelector(field)).type(codes[0])
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
      await page.waitForSelector(`::-p-xpath(//h2[normalize-space()="${title}"])`)
      await page.waitForSelector('::-p-xpath(//h4[contains(., "Katos") or contains(., "Penkki")])')
      await fits(`the results, ${lang}`)
    }

    await page.goto(`${walk.base}/fi/rounds/${id}/record`)
    await press('Tarkista aineisto')
    await page.waitForSelector('::-p-xpath(//*[@role="status"][contains(., "Aineisto on kunnossa")])')
    await fits('the checked record')
    assert.deepEqual(faults, [])
  } finally {
    await browser.close()
    await rm(home, { recursive: true, force: true })
  }
}
