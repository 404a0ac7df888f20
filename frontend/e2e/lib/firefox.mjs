// Debian's Firefox, over WebDriver BiDi, for what must work there, too.
import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import puppeteer from 'puppeteer-core'
import { patience } from './expect.mjs'

/** Runs in the page: whether an element can be pressed where it is, having brought it into sight. What moved since the last frame is not there yet. */
async function atRest(element) {
  element.scrollIntoView({ block: 'center', behavior: 'instant' })
  const frame = () => new Promise((next) => requestAnimationFrame(next))
  const place = () => {
    const { x, y, width, height } = element.getBoundingClientRect()
    return [x, y, width, height].join()
  }
  const before = place()
  await frame()
  await frame()
  if (!element.isConnected || element.disabled || place() !== before) return false
  const { x, y, width, height } = element.getBoundingClientRect()
  const top = document.elementFromPoint(x + width / 2, y + height / 2)
  return top !== null && (element.contains(top) || top.contains(element))
}

/** Gives `go` a page of a phone's size in a Firefox of its own, and what a walk does there; fails if the page throws. */
export async function inFirefox(walk, go) {
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

    const found = (xpath) => page.waitForSelector(`::-p-xpath(${xpath})`)
    /** Presses what lies there once it is at rest in sight, also if React has put another node in its place meanwhile. */
    const pressAt = async (selector) => {
      for (const end = Date.now() + patience; ;) {
        const element = await page.waitForSelector(selector)
        if (await element.evaluate(atRest)) return element.click()
        assert.ok(Date.now() < end, `${page.url()}: ${selector} does not come to rest`)
      }
    }
    const labelled = (label) => `//*[@id = //label[starts-with(normalize-space(), "${label}")]/@for]`

    await go({
      page,
      found,
      pressAt,
      press: (label) => pressAt(`::-p-xpath(//button[normalize-space()="${label}"])`),
      field: (label) => found(labelled(label)),
      fill: async (label, words) => (await found(labelled(label))).type(words),
      headed: (title) =>
        page.waitForFunction((wanted) => document.querySelector('h1')?.textContent.includes(wanted), {}, title),
      fits: async (where) => {
        const wide = await page.evaluate(() => document.documentElement.scrollWidth)
        assert.ok(wide <= 360, `${where}: ${wide} px wide on a screen of 360 px`)
      },
    })
    assert.deepEqual(faults, [])
  } finally {
    await browser.close()
    await rm(home, { recursive: true, force: true })
  }
}
