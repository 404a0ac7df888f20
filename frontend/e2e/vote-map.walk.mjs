// The ballot's projects on a map: a pin opens the project's sheet, in which one chooses, by keyboard and by touch; map and list say the same.
import { absent, expect } from './lib/expect.mjs'
import { tabTo } from './lib/keyboard.mjs'
import { openVote } from './lib/vote.mjs'

export default async function voteOnMap(walk) {
  const { projects, at } = await openVote()
  const placed = projects.find(({ title }) => title.fi === 'Vaasanaukio vihreäksi')
  const named = `${placed.title.fi}, numero ${placed.number}`

  // A finger on a phone.
  const page = await walk.open({ path: at('fi') })
  await page.getByRole('button', { name: /^Keskinen/ }).click()
  const show = page.getByRole('button', { name: 'Näytä kartalla' })
  await show.click()
  const map = page.getByRole('region', { name: 'Hankkeet kartalla' })
  const pin = map.getByRole('button', { name: named, exact: true })
  await pin.tap()
  const sheet = page.getByRole('dialog', { name: placed.title.fi })
  await sheet.getByRole('button', { name: 'Äänestän tätä' }).click()
  await absent(sheet)
  const chosen = map.getByRole('button', { name: `${named}, valittu` })
  await chosen.waitFor()
  await expect(page.getByRole('checkbox', { name: placed.title.fi })).toBeChecked()
  await walk.look(page, 'phone')
  await walk.shot(page, 'phone-screen', { full: false })

  // What is chosen in the list is chosen on the map, and what the list does not show has no pin.
  await page.getByRole('checkbox', { name: placed.title.fi }).uncheck()
  await absent(chosen)
  await page.getByLabel('Hae sanalla tai numerolla').fill('parkour')
  await expect(map.getByRole('button', { name: /, numero/ })).toHaveCount(1)
  await page.getByRole('button', { name: 'Piilota kartta' }).click()
  await absent(map)

  // Keys on a desk: to the pin, into the sheet, chosen, and back on the pin.
  const desk = await walk.open({ screen: 'desktop', path: at('fi') })
  await desk.getByRole('button', { name: /^Keskinen/ }).click()
  await tabTo(desk.getByRole('button', { name: 'Näytä kartalla' }))
  await desk.keyboard.press('Enter')
  const other = desk.getByRole('region', { name: 'Hankkeet kartalla' }).getByRole('button', { name: named })
  await other.waitFor()
  await tabTo(other)
  await desk.keyboard.press('Enter')
  const vote = desk.getByRole('dialog').getByRole('button', { name: 'Äänestän tätä' })
  await vote.waitFor()
  await tabTo(vote)
  await desk.keyboard.press('Enter')
  await expect(other).toBeFocused()
  await expect(other).toHaveAccessibleName(`${named}, valittu`)
  await walk.look(desk, 'desk')
}
