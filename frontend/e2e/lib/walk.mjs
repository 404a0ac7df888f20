// What every browser walk needs: Debian's Chromium, phone and desktop contexts, sign-in, axe, screenshots.
// A walk is a file e2e/<name>.walk.mjs that exports `default async function (walk)`; see run.mjs.
import AxeBuilder from '@axe-core/playwright'
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromium } from 'playwright-core'
import { expect, patience, settled, watch } from './expect.mjs'
import { onlyFonts } from './fonts.mjs'

export const base = (process.env.OSBU_URL ?? 'http://127.0.0.1:8080').replace(/\/$/, '')
const mailbox = process.env.OSBU_MAILBOX_URL ?? `http://127.0.0.1:${Number(new URL(base).port) + 2}`
/**
 * Where pictures of the pages go for somebody to look at. Without it none is taken: no walk judges them, and a long page at a phone's density takes
 * longer to draw into a file than axe takes to read it.
 */
const shots = process.env.OSBU_SHOTS

const phone = { viewport: { width: 360, height: 740 }, deviceScaleFactor: 2, isMobile: true, hasTouch: true }
const narrow = { ...phone, viewport: { width: 320, height: 640 } }
const desktop = { viewport: { width: 1280, height: 900 } }
const screens = { phone, narrow, desktop }

const locales = { fi: 'fi-FI', sv: 'sv-FI', en: 'en-GB' }

/**
 * A browser with a profile of its own, which finds one set of fonts alone. It is Chromium without the browser around the pages: of that nothing is
 * walked, and it took two fifths of the time.
 */
async function launch(fonts) {
  const profile = await mkdtemp(join(tmpdir(), 'osbu-walk-'))
  const browser = await chromium.launch({
    env: await onlyFonts(fonts, profile),
    executablePath: process.env.OSBU_CHROMIUM ?? '/usr/bin/chromium-headless-shell',
    headless: true,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  })
  return { browser, profile }
}

/** Starts a walk; `open` gives a fresh context on a phone, narrow or desktop screen. */
export async function startWalk(name) {
  if (shots) await mkdir(shots, { recursive: true })
  const browsers = new Map()
  const faults = []

  return {
    base,

    /**
     * A page in a fresh context. With `fallback` our own font never comes, as on a slow phone, and a set of fonts (lib/fonts.mjs) stands in.
     * Errors in the console and broken content security policies fail the walk.
     */
    async open({ screen = 'phone', lang = 'fi', path, fallback, ...more } = {}) {
      const fonts = fallback ?? 'liberation'
      if (!browsers.has(fonts)) browsers.set(fonts, await launch(fonts))
      const context = await browsers.get(fonts).browser.newContext({
        ...screens[screen],
        locale: locales[lang],
        timezoneId: 'Europe/Helsinki',
        reducedMotion: 'reduce',
        ...more,
      })
      context.setDefaultTimeout(patience)
      watch(context)
      const page = await context.newPage()
      if (fallback) {
        // Not by Playwright's routes: they take the browser's cache away, and every page would load all its scripts anew.
        const devtools = await context.newCDPSession(page)
        await devtools.send('Network.enable')
        await devtools.send('Network.setBlockedURLs', { urls: ['*.woff2'] })
      }
      page.on('pageerror', (error) => faults.push(`${page.url()}: ${error.message}`))
      page.on('console', (message) => {
        // A refused request is part of many walks; what the page does with it is what they look at.
        if (message.type() === 'error' && !/Failed to load resource/.test(message.text()))
          faults.push(`${page.url()}: ${message.text()}`)
      })
      await page.goto(base + (path ?? `/${lang}`))
      return page
    },

    /** Signs in as one of the demo people and comes back to the page where one was, or to `path`. */
    async signIn(page, person, path) {
      const here = new URL(page.url())
      const back = path ?? (here.origin === base ? here.pathname + here.search : '/fi')
      await page.goto(`${base}/api/v1/sign-in?${new URLSearchParams({ login_hint: person, return_to: back })}`)
      await page.waitForURL((url) => url.href.startsWith(base) && !url.pathname.startsWith('/api/'))
    },

    /** Fails on any violation of WCAG 2.1 A and AA, or of axe's best practices. */
    async axe(page, where = page.url()) {
      await settled(page)
      const { violations } = await new AxeBuilder({ page })
        .setLegacyMode(true) // without a second page for frames: there are none
        .options({ resultTypes: ['violations'] }) // what passes need not be described: a fifth to a quarter of the time
        .analyze()
      if (violations.length === 0) return
      const lines = violations.flatMap(({ id, help, nodes }) =>
        nodes.map(
          (node) =>
            `  ${id}: ${help}\n    ${node.html.slice(0, 200)}\n    ${node.failureSummary?.replaceAll('\n', '\n    ')}`,
        ),
      )
      throw new Error(`axe on ${where}:\n${lines.join('\n')}`)
    },

    /** Nothing may be wider than the screen. */
    async fits(page) {
      await settled(page)
      const [content, screen] = await page.evaluate(() => [
        document.documentElement.scrollWidth,
        document.documentElement.clientWidth,
      ])
      if (content > screen) throw new Error(`${page.url()}: ${content} px wide on a screen of ${screen} px`)
    },

    /** What every page must stand on the screen it is on: axe, its width, and no gap left in a text. A picture is taken where one is wanted. */
    async look(page, shot) {
      await this.axe(page, shot)
      await this.fits(page)
      await expect(page.locator('body')).not.toContainText('{{')
      await this.shot(page, shot)
    },

    /** Saves what is seen as <name>-<shot>.png in OSBU_SHOTS. */
    async shot(page, shot, { full = true } = {}) {
      if (!shots) return
      await page.screenshot({ path: join(shots, `${name}-${shot}.png`), fullPage: full })
    },

    /** Waits for the latest e-mail to somebody whose subject holds these words, and gives it: {Subject, Plain, HTML}. scripts/up's mailbox has caught it. */
    async email(to, words) {
      for (const end = Date.now() + patience; Date.now() < end;) {
        const emails = await (await fetch(`${mailbox}/emails.json`)).json()
        const found = emails.findLast(({ To, Subject }) => To === to && Subject.includes(words))
        if (found) return found
        await new Promise((resolve) => setTimeout(resolve, 500))
      }
      throw new Error(`no e-mail to ${to} about ${words}`)
    },

    /** What stands on the open pages, for whoever reads why a walk failed on a machine that is gone. */
    async describe() {
      const pages = [...browsers.values()].flatMap(({ browser }) => browser.contexts().flatMap((one) => one.pages()))
      const texts = pages.map(async (page) => {
        const tree = await page.locator('main').ariaSnapshot({ timeout: 5_000 })
        return `${page.url()}\n${tree.slice(0, 1500)}`
      })
      const told = await Promise.allSettled(texts)
      return told.map(({ value, reason }) => value ?? String(reason)).join('\n')
    },

    /** Closes the browser; throws what the pages complained about meanwhile. */
    async end() {
      for (const { browser, profile } of browsers.values()) {
        await browser.close()
        await rm(profile, { recursive: true, force: true })
      }
      if (faults.length > 0) throw new Error(`the pages complained:\n  ${faults.join('\n  ')}`)
    },
  }
}
