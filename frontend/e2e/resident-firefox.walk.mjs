// In Firefox: a resident writes a proposal, signs in at the last moment, adds a picture, sends it, and withdraws it.
import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inFirefox } from './lib/firefox.mjs'
import { picture } from './lib/picture.mjs'
import { proposingRound } from './lib/rounds.mjs'

export default async function residentFirefox(walk) {
  const round = await proposingRound()
  const title = `Kettujen puisto ${Date.now()}`
  const files = await mkdtemp(join(tmpdir(), 'osbu-walk-'))
  const file = join(files, 'puisto.png')
  await writeFile(file, picture)
  try {
    await inFirefox(walk, async ({ page, found, press, pressAt, field, fill, headed, fits }) => {
      const first = `/fi/rounds/${round.id}/propose`
      await page.goto(walk.base + first)
      await press('Jatka') // of an empty form
      await page.waitForSelector('.hds-error-summary')
      await fill('Ehdotuksen nimi', title)
      await fill('Mitä pitäisi tehdä?', 'Puita, kiviä ja hiljaa kulkevia kettuja.')
      await fits('the idea')
      await press('Jatka')
      await (await field('Alue')).select(round.settings.areas[0].id)
      if (round.settings.themes[0]) await (await field('Teema')).select(round.settings.themes[0].id)
      await fits('the place')
      await press('Jatka')
      await found('//*[contains(text(), "Kuvien lisäämiseen ja muiden kutsumiseen tarvitaan kirjautuminen")]')
      await press('Jatka')
      await found('//*[contains(text(), "Lähettämiseen tarvitaan kirjautuminen")]')

      // What was written is a draft once somebody is signed in.
      await page.goto(
        `${walk.base}/api/v1/sign-in?${new URLSearchParams({ login_hint: 'aino', return_to: `${first}?step=4` })}`,
      )
      await page.waitForFunction(() => /\/propose\/\d+$/.test(location.pathname) && location.search === '?step=4')
      await press('Muokkaa kuvia ja tekijöitä')
      await (await page.waitForSelector('input[type=file]')).uploadFile(file)
      await fill('Mitä kuvassa 1 näkyy?', 'Kettu puun alla')
      await fits('the pictures')
      await press('Jatka')
      const shown = await page.waitForSelector('article img[alt="Kettu puun alla"]')
      assert.ok(
        await shown.evaluate((image) => image.decode().then(() => image.naturalWidth > 0)),
        'the picture is seen',
      )
      await fits('the preview')
      await press('Lähetä ehdotus')
      await headed(title)
      await found('//*[contains(text(), "Kiitos! Ehdotuksesi on lähetetty")]')
      await fits('the proposal')

      await press('Peru ehdotus')
      const dialog = '//*[@role="dialog" or self::dialog[@open]]'
      await found(dialog)
      await page.keyboard.press('Escape')
      await page.waitForSelector(`::-p-xpath(${dialog})`, { hidden: true })
      await found('//button[normalize-space()="Peru ehdotus"]')
      await press('Peru ehdotus')
      await pressAt(`::-p-xpath(${dialog}//button[normalize-space()="Peru ehdotus"])`)
      await found('//main//*[normalize-space(text())="Peruttu"]')
      await fits('what was withdrawn')
    })
  } finally {
    await rm(files, { recursive: true, force: true })
  }
}
