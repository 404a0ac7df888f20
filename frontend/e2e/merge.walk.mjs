// Two residents propose nearly the same. A Stadiluotsi asks whether the two may become one; one says yes on the proposal's page, the other too; she
// completes, everybody finds the way between them, and she undoes it. A conflict is noted between the originals.
import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { address, settled } from './lib/expect.mjs'
import { proposingRound } from './lib/rounds.mjs'
import { call } from './lib/staff.mjs'

export default async function merge(walk) {
  const round = await proposingRound()
  const theme = round.settings.themes[0].id
  const stamp = Date.now()
  const propose = async (page, title) => {
    const text = {
      title: `${title} ${stamp}`,
      what: `${title}: kaksi penkkiä.`,
      why: 'Jalat väsyvät.',
      area: 'central',
      place: 'Alppipuisto',
      theme,
      language: 'fi',
    }
    const { id } = await call(page, 'POST', `/rounds/${round.id}/proposals`, text)
    await call(page, 'POST', `/rounds/${round.id}/proposals/${id}/submit`)
    return { id, title: text.title }
  }
  const aino = await walk.open()
  await walk.signIn(aino, 'aino', '/fi')
  const second = await walk.open()
  await walk.signIn(second, 'malik', '/fi')
  const one = await propose(aino, 'Penkkejä')
  const two = await propose(second, 'Istuimia')
  // The second has an image.
  const image = await readFile(new URL('../screenshots/vote.png', import.meta.url))
  const { csrf } = await call(second, 'GET', '/session')
  const images = `/rounds/${round.id}/proposals/${two.id}/images`
  const added = await second.request.post(`${walk.base}/api/v1${images}`, {
    headers: { 'X-CSRF-Token': csrf, 'Content-Type': 'application/octet-stream' },
    data: image,
  })
  assert.equal(added.status(), 201)
  await call(second, 'PUT', images, { images: [{ id: (await added.json()).id, alt: 'Vanha penkki' }] })

  // The facilitator picks both in her queue and writes what they become.
  const desk = await walk.open({ screen: 'desktop' })
  await walk.signIn(desk, 'leena', `/desk/${round.id}?area=central&q=${stamp}`)
  await settled(desk)
  for (const { title } of [one, two]) await desk.getByRole('checkbox', { name: title }).check()
  await desk.getByRole('link', { name: 'Yhdistä valitut…' }).click()
  await desk.getByRole('heading', { name: one.title }).waitFor()
  await desk.getByRole('button', { name: 'Kysy ehdottajilta' }).click()
  await desk
    .locator('.hds-error-summary')
    .getByRole('link', { name: /Otsikko ruotsiksi/ })
    .waitFor()
  await desk.getByText(`${two.title}: 1 kuva`).waitFor()
  await walk.look(desk, '1-draft')
  const made = `Penkkejä ja istuimia ${stamp}`
  await desk.getByLabel('Otsikko suomeksi').fill(made)
  await desk.getByLabel('Otsikko ruotsiksi').fill(`Bänkar och säten ${stamp}`)
  await desk.getByLabel('Mitä ehdotetaan, ruotsiksi').fill('Fyra bänkar.')
  await desk.getByLabel('Viesti ehdottajille').fill('Ehdotuksenne ovat lähes samat.')
  await desk.getByRole('button', { name: 'Kysy ehdottajilta' }).click()
  await desk.getByText('Yhdistäminen on kesken').waitFor()
  await desk.getByText('ei vielä vastausta').first().waitFor()
  await walk.look(desk, '2-asked')

  // Each author answers on her proposal's page.
  const page = (of) => `/fi/rounds/${round.id}/proposals/${of.id}`
  await aino.goto(walk.base + page(one))
  await aino.getByRole('heading', { name: 'Saako ehdotuksesi yhdistää?' }).waitFor()
  await aino.getByText('Uuden ehdotuksen teksti').click()
  await aino.getByText(made).waitFor()
  await walk.look(aino, '3-consent')
  await aino.getByRole('button', { name: 'Kyllä, sopii' }).click()
  await aino.getByText('Vastasit kyllä.').waitFor()
  await second.goto(walk.base + page(two))
  await second.getByRole('button', { name: 'Kyllä, sopii' }).click()
  await second.getByText('Vastasit kyllä.').waitFor()

  await desk.reload()
  await desk.getByRole('button', { name: 'Yhdistä', exact: true }).click()
  await desk.getByRole('button', { name: 'Peru muutos…' }).waitFor()

  // Everybody finds the way: from an original to the merged one and back, in Swedish too.
  const visitor = await walk.open({ path: page(one) })
  await visitor.getByText('Tämä ehdotus on yhdistetty').waitFor()
  await visitor.getByRole('link', { name: made }).click()
  await visitor.getByRole('heading', { level: 1, name: made }).waitFor()
  await visitor.getByText('Tähän on yhdistetty').waitFor()
  await visitor.getByRole('link', { name: two.title }).waitFor()
  await walk.look(visitor, '6-merged')
  const { url } = await address(visitor, /\/fi\/.+\/proposals\/\d+$/)
  await visitor.goto(url.href.replace('/fi/', '/sv/'))
  await visitor.getByRole('heading', { level: 1, name: `Bänkar och säten ${stamp}` }).waitFor()
  await walk.look(visitor, '7-sv')

  // She undoes it, with a public reason; the merged one says why.
  await desk.getByRole('button', { name: 'Peru muutos…' }).click()
  await desk.getByLabel('Syy suomeksi').fill('Paikat ovatkin eri puistoissa.')
  await desk.getByLabel('Syy ruotsiksi').fill('Platserna ligger i olika parker.')
  await walk.look(desk, '8-undo')
  await desk.getByRole('button', { name: 'Peru muutos', exact: true }).click()
  await desk.getByRole('link', { name: 'Yhdistä toiseen…' }).waitFor()
  await visitor.reload()
  await visitor.getByText('Platserna ligger i olika parker.').first().waitFor()

  // A conflict between the two is public.
  await desk.getByRole('button', { name: 'Merkitse ristiriita' }).click()
  const [, here] = (await address(desk, /\/desk\/[^/]+\/(\d+)$/)).groups
  await desk.getByLabel('Muiden ehdotusten numerot').fill(String(one.id === Number(here) ? two.id : one.id))
  await desk.getByLabel('Syy suomeksi').fill('Sama nurmikko.')
  await desk.getByLabel('Syy ruotsiksi').fill('Samma gräsmatta.')
  await desk.getByRole('button', { name: 'Merkitse', exact: true }).click()
  await desk.getByRole('button', { name: 'Poista ristiriita' }).waitFor()
  await visitor.goto(walk.base + page(two))
  await visitor.getByText('Vain yksi näistä voi toteutua').waitFor()
  await visitor.getByText('Sama nurmikko.').waitFor()
  await walk.look(visitor, '10-conflict')

  // Nobody but the facilitator of the area sees the form, and splitting asks likewise.
  await desk.goto(`${walk.base}/desk/${round.id}/split?of=${one.id}`)
  await desk.getByRole('button', { name: 'Lisää osa' }).click()
  await desk.getByText('Osa 3', { exact: true }).waitFor()
  await walk.look(desk, '11-split')
}
