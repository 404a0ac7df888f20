// Help in place: each of the staff's pages says what it is for, and the handbook has the same words, in three languages.
import { text } from './lib/expect.mjs'
import { proposingRound } from './lib/rounds.mjs'

const words = { fi: 'Mitä varten tämä sivu on?', sv: 'Vad är den här sidan till för?', en: 'What is this page for?' }
const open = { fi: 'Avaa käsikirja', sv: 'Öppna handboken', en: 'Open the handbook' }

export default async function handbook(walk) {
  const round = await proposingRound()
  for (const [lang, screen] of [
    ['fi', 'desktop'],
    ['sv', 'phone'],
    ['en', 'phone'],
  ]) {
    const page = await walk.open({ screen, lang })
    await walk.signIn(page, 'official', `/${lang}`)
    for (const path of [`/desk/${round.id}/translations`, `/office/${round.id}/letters`]) {
      await page.goto(walk.base + path)
      await page.getByRole('heading', { level: 1 }).waitFor()
      const help = page.getByRole('complementary', { name: words[lang] })
      await help.getByText(words[lang]).click()
      const said = await text(help.getByRole('paragraph').first(), /.{60}/)
      if (path.startsWith('/desk')) await walk.look(page, `${lang}-in-place`)
      await help.getByRole('link', { name: open[lang] }).click()
      await page.getByRole('heading', { level: 1 }).waitFor()
      await page.getByText(said, { exact: true }).waitFor() // the very same words
    }
    await walk.look(page, `${lang}-handbook`)
    await page.context().close()
  }
}
