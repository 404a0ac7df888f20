// A Stadiluotsi's decisions: two fresh proposals wait in her district; she takes one on a phone, asks, gets the answer and accepts it,
// and rejects the other at her desk, with the queue's keys, the checklist, a note and a contact. Her colleague of other districts, a resident and a stranger get no further than a kind refusal.
import assert from 'node:assert/strict'
import { absent, attribute, expect, settled } from './lib/expect.mjs'
import { proposingRound } from './lib/rounds.mjs'
import { call } from './lib/staff.mjs'

export default async function facilitator(walk) {
  const round = await proposingRound()
  const theme = round.settings.themes[0].id
  const stamp = Date.now()

  const aino = await walk.open()
  await walk.signIn(aino, 'aino', '/fi')
  const propose = async (title) => {
    const text = {
      title: `${title} ${stamp}`,
      what: 'Kymmenen penkkiä.\nJa varjoa.',
      why: 'Kesät ovat kuumia.',
      area: 'central',
      place: 'Alppipuisto',
      theme,
      language: 'fi',
    }
    const { id } = await call(aino, 'POST', `/rounds/${round.id}/proposals`, text)
    await call(aino, 'POST', `/rounds/${round.id}/proposals/${id}/submit`)
    return { id, title: text.title }
  }
  const good = await propose('Varjoa ja penkkejä')
  const bad = await propose('Uusi metroasema')
  const seen = (id) => call(aino, 'GET', `/rounds/${round.id}/proposals/${id}`)

  // On the phone: from the desk through the queue to the proposal.
  const phone = await walk.open({ path: '/desk' })
  await phone.getByText('Tämä sivu on kaupungin työntekijöille.').waitFor()
  await phone.getByRole('main').getByRole('link', { name: 'Kirjaudu' }).click()
  await phone.getByRole('button', { name: /Leena Lahti/ }).click()
  await phone.getByRole('link', { name: 'OmaStadi' }).first().waitFor()
  await walk.look(phone, '1-desk')
  await phone.getByRole('link', { name: round.name.fi }).click()
  await phone.getByText('Alueesi: Eteläinen, Keskinen').waitFor()
  await phone.getByRole('button', { name: 'Lisää rajauksia ja näkymät' }).click()
  await phone.getByLabel('Alue', { exact: true }).selectOption({ label: 'Keskinen' })
  await phone.getByRole('link', { name: good.title }).waitFor()
  await walk.look(phone, '2-queue')
  await phone.getByRole('link', { name: good.title }).click()
  await phone.getByText('Kesät ovat kuumia.').waitFor()
  await walk.look(phone, '3-proposal')

  // She asks, without taking it before; the author answers.
  const dialog = phone.getByRole('dialog')
  const accept = phone.getByRole('button', { name: 'Hyväksy', exact: true })
  await phone.getByRole('button', { name: 'Pyydä lisätietoja' }).click()
  await phone.getByRole('button', { name: 'Pyydä lisätietoja' }).click()
  const summary = phone.locator('.hds-error-summary')
  await summary.waitFor()
  await expect(summary, 'the error summary has the focus').toBeFocused()
  await walk.look(phone, '4-ask-errors')
  await phone.getByLabel('Kysymys ehdottajalle').fill('Mihin kohtaan puistoa?')
  await phone.getByRole('button', { name: 'Pyydä lisätietoja' }).click()
  await phone.getByText('Ehdotus odottaa ehdottajan vastausta.').waitFor()
  await expect(phone.getByRole('heading', { name: 'Päätös', exact: true }), 'the decision has the focus').toBeFocused()
  const asked = await seen(good.id)
  assert.equal(asked.question, 'Mihin kohtaan puistoa?')
  await call(aino, 'PUT', `/rounds/${round.id}/proposals/${good.id}`, {
    version: asked.version,
    text: { ...asked.text, place: 'Alppipuiston itäreuna' },
  })
  await call(aino, 'POST', `/rounds/${round.id}/proposals/${good.id}/submit`)
  await phone.reload()
  await phone.getByText('Alppipuiston itäreuna').first().waitFor()

  // What the answer changed, word by word.
  const change = phone.getByRole('listitem').filter({ hasText: 'Tekstiä muokattu' })
  await change.getByText('Näytä muutokset').click()
  await change.getByRole('insertion').filter({ hasText: 'itäreuna' }).waitFor()

  // She accepts with costs; what is reserved is added up for her.
  await accept.click()
  await phone.getByLabel('Vähintään, euroa').fill('30 000')
  await phone.getByLabel('Enintään, euroa').fill('20 000')
  await accept.click()
  await summary.getByRole('link', { name: /Suurin summa ei voi olla/ }).waitFor()
  await phone.getByLabel('Enintään, euroa').fill('45 000,50')
  await phone.getByLabel('Ylläpito vuodessa, euroa').fill('1500')
  await phone.getByText('Varattava summa: 46 500,50 €').waitFor()
  await phone.getByLabel('Julkinen perustelu suomeksi').fill('Penkit mahtuvat.')
  await phone.getByLabel('Julkinen perustelu ruotsiksi').fill('Bänkarna ryms.')
  await walk.look(phone, '5-accept')
  await accept.click()
  await phone.getByText('Ehdotuksesta on päätetty.').waitFor()
  const accepted = await seen(good.id)
  assert.equal(accepted.state, 'accepted')
  assert.deepEqual(accepted.cost, { minimum: 3_000_000, maximum: 4_500_050, maintenance: 150_000 })

  // The sum was wrong: the decision is reopened in words for everybody, begins from what it was, and the new sum, dearer than
  // the area's money, is shown with a warning before it is confirmed.
  const reopen = phone.getByRole('button', { name: 'Avaa päätös uudelleen' })
  await reopen.click()
  await reopen.click()
  await summary.getByRole('link', { name: /perustelu ruotsiksi/ }).waitFor()
  await phone.getByLabel('Julkinen perustelu suomeksi').fill('Summa oli väärä.')
  await phone.getByLabel('Julkinen perustelu ruotsiksi').fill('Summan var fel.')
  await walk.look(phone, '6-reopen')
  await reopen.click()
  await accept.click()
  await expect(phone.getByLabel('Vähintään, euroa')).toHaveValue('30000')
  await phone.getByLabel('Enintään, euroa').fill('9 000 000')
  await accept.click()
  await dialog.getByText('Varattava summa: 9 001 500 €').waitFor()
  await dialog.getByText('Summa on suurempi kuin alueen määräraha').waitFor()
  await walk.look(phone, '6-over')
  await dialog.getByRole('button', { name: 'Peruuta' }).click()
  await phone.getByLabel('Enintään, euroa').fill('40 000')
  await accept.click()
  await phone.getByText('Ehdotuksesta on päätetty.').waitFor()
  assert.equal((await seen(good.id)).cost.maximum, 4_000_000)

  // And it had no Swedish.
  await phone.getByRole('link', { name: 'Käännä ruotsiksi' }).click()
  await phone.getByLabel('Otsikko').fill('Bänkar')
  await phone.getByLabel('Teksti').fill('Bänkar i parken.')
  await phone.getByLabel(/^Perustelu/).fill('Somrarna är heta.')
  await phone.getByLabel(/^Paikka/).fill('Alpparken')
  await walk.look(phone, '6-translate')
  await phone.getByRole('button', { name: 'Tallenna', exact: true }).click()
  await phone.getByText(/^valmis/).waitFor()
  await phone.getByRole('link', { name: 'Avaa ehdotus' }).click()
  await phone.getByRole('link', { name: 'Käännä ruotsiksi' }).waitFor()
  await phone.getByText('Ehdotus on vain yhdellä kielellä.').waitFor({ state: 'detached' })
  assert.equal((await seen(good.id)).swedish.title, 'Bänkar')
  await phone.context().close()

  // At the desk: a rejection needs its public words in both languages, and everybody reads them.
  const desk = await walk.open({ screen: 'desktop' })
  await walk.signIn(desk, 'leena', `/desk/${round.id}?area=central`)
  await desk.getByRole('link', { name: bad.title }).waitFor()
  const row = desk.getByRole('row').filter({ hasText: bad.title })
  await row.getByRole('cell', { name: 'Leena Lahti' }).waitFor() // new proposals came to her
  await desk.getByLabel('Kenen käsiteltävänä').selectOption({ label: 'Leena Lahti' })
  await desk.waitForURL(/handler=\d+/)
  await desk.getByRole('button', { name: /Leena Lahti/ }).waitFor()
  await desk.getByLabel('Kenen käsiteltävänä').selectOption({ label: 'Kaikkien' })
  // How things stand; a number leads to its list.
  await desk.getByRole('link', { name: 'Tilannekuva' }).click()
  await desk.getByRole('row', { name: /^Keskinen/ }).waitFor()
  await walk.look(desk, '6-overview')
  await desk
    .getByRole('link', { name: /^Leena Lahti: \d+/ })
    .first()
    .click()
  await desk.waitForURL(/handler=\d+/)
  await desk.getByRole('button', { name: /Leena Lahti/ }).waitFor()
  const narrow = await walk.open({ screen: 'narrow', lang: 'sv' })
  await walk.signIn(narrow, 'leena', `/desk/${round.id}/overview`)
  await narrow.getByRole('row', { name: /^Mellersta/ }).waitFor()
  await walk.look(narrow, '6-overview-sv')
  await narrow.context().close()
  await desk.goto(`${walk.base}/desk/${round.id}?area=central`)

  // By keys from row to row, and chosen ones to nobody; by the filter back to her.
  // A number finds its proposal, wherever and however it stands.
  const search = async (words) => {
    await desk.getByLabel('Hae sanoilla').fill(words)
    await desk.getByRole('button', { name: 'Hae', exact: true }).click()
    await desk.getByText('1 ehdotus', { exact: true }).waitFor()
  }
  await search(`#${good.id}`)
  await desk.getByRole('link', { name: good.title }).waitFor()
  await search(String(stamp))
  const link = desk.getByRole('link', { name: bad.title })
  await link.focus()
  await desk.keyboard.press('j')
  await expect(link, 'the last row stays').toBeFocused()
  await desk.keyboard.press('x')
  await desk.getByText('1 ehdotus valittu').waitFor()
  await walk.look(desk, '7-queue')
  await desk.getByRole('button', { name: 'Siirrä kollegalle' }).click()
  await desk.getByLabel('Kollega', { exact: true }).selectOption({ label: 'Ei kenellekään' })
  await desk.getByLabel('Viesti kollegalle').fill('Kuka ehtii?')
  await desk.getByRole('button', { name: 'Siirrä', exact: true }).click()
  await row.getByText('ei käsittelijää').waitFor()
  await desk.getByLabel('Kenen käsiteltävänä').selectOption({ label: 'Ei kenenkään' })
  await settled(desk) // the list before stands until the new one is there
  await link.focus()
  await desk.keyboard.press('Enter')
  await desk.getByText('Kuka ehtii?').waitFor()
  await desk.keyboard.press('?')
  await desk.getByRole('dialog').getByText('Seuraava ehdotus').waitFor()
  await walk.look(desk, '7-keys')
  await desk.keyboard.press('Escape')
  await desk.getByText('Siirrä kollegalle').click()
  const colleague = desk.getByLabel('Kollega', { exact: true })
  // How much waits for her follows the name, which the one who handled the demo's own proposals has, too: either will do.
  const herself = colleague.getByRole('option', { name: /^Leena Lahti/ }).first()
  await colleague.selectOption(await attribute(herself, 'value', /./))
  await desk.getByRole('button', { name: 'Siirrä', exact: true }).click()
  await desk.getByText('Siirretty: Leena Lahti').waitFor()

  // What only staff see: the checklist, a note, a contact.
  await desk.getByText('Tarkistuslista').click()
  const first = desk.getByRole('group', { name: 'Kuuluuko asia kaupungin tehtäviin?' })
  await first.getByText('Ei', { exact: true }).click()
  await desk.getByText('1/6 vastattu').waitFor()
  await desk.getByText('Kirjoita muistiinpano').click()
  await desk.getByLabel('Muistiinpano', { exact: true }).fill('Soitettu HSL:lle.')
  await desk.getByRole('button', { name: 'Tallenna muistiinpano' }).click()
  await desk.getByRole('listitem').filter({ hasText: 'Soitettu HSL:lle.' }).waitFor()
  await desk.getByRole('heading', { name: /^Yhteydenotot/ }).click()
  await desk.getByLabel('Kesto minuutteina').fill('25')
  await desk.getByRole('button', { name: 'Kirjaa yhteydenotto' }).click()
  await desk.getByText(/puhelin, idea, 25 minuuttia \(Leena Lahti\)/).waitFor()
  await walk.look(desk, '7-file')
  await desk.getByRole('heading', { name: 'Päätös', exact: true }).click()
  await desk.keyboard.press('r')
  await desk.getByLabel('Tekstipohja').selectOption({ index: 1 })
  await expect(desk.getByLabel('Julkinen perustelu ruotsiksi')).toHaveValue(/^Tack för förslaget\. En annan myndighet/)
  await expect(desk.getByLabel('Syy', { exact: true })).toHaveValue('not_city_competence')
  await desk.getByLabel('Julkinen perustelu suomeksi').fill('Metrosta päättää seutu.')
  await desk.getByLabel('Julkinen perustelu ruotsiksi').fill('')
  const reject = desk.getByRole('button', { name: 'Hylkää', exact: true })
  await reject.click()
  await desk
    .locator('.hds-error-summary')
    .getByRole('link', { name: /ruotsiksi/ })
    .click()
  await desk.keyboard.type('Metron bestäms av regionen.')
  await walk.look(desk, '8-reject')
  await reject.click()
  await desk.getByText('Metrosta päättää seutu.').first().waitFor()
  await walk.look(desk, '9-rejected')
  await desk.goto(`${walk.base}/sv/rounds/${round.id}/proposals/${bad.id}`)
  await desk.getByText('Metron bestäms av regionen.').waitFor()
  await absent(desk.getByText('HSL'), 'a note is on the public page')
  await desk.goto(`${walk.base}/desk/${round.id}/contacts`)
  await desk
    .getByText(/puhelin, idea, 25 minuuttia/)
    .first()
    .waitFor()
  await walk.look(desk, '10-contacts')
  await desk.context().close()

  // The official sets what is checked.
  const olavi = await walk.open({ screen: 'desktop' })
  await walk.signIn(olavi, 'official', `/desk/${round.id}/settings`)
  await olavi.getByRole('group', { name: 'Kohta 6' }).waitFor()
  await walk.look(olavi, '11-settings')
  await olavi.getByRole('button', { name: 'Tallenna' }).click()
  await olavi.getByText('Asetukset on tallennettu.').waitFor({ state: 'attached' })
  await olavi.context().close()

  // In Swedish, on the smallest phone, with whatever font it has.
  const small = await walk.open({ screen: 'narrow', lang: 'sv', fallback: 'noto' })
  await walk.signIn(small, 'leena', '/desk')
  for (const [index, path] of ['', `/${round.id}`, `/${round.id}/${bad.id}`].entries()) {
    await small.goto(`${walk.base}/desk${path}`)
    await walk.look(small, `sv-${index}`)
  }
  await small.context().close()

  // Another's district: she reads, and has nothing to decide.
  const third = await propose('Kolmas')
  const sofia = await walk.open()
  await walk.signIn(sofia, 'sofia', `/desk/${round.id}/${third.id}`)
  await sofia.getByText('Ehdotus kuuluu toisen stadiluotsin alueelle.').waitFor()
  await absent(sofia.getByRole('button', { name: 'Ota käsittelyyn' }))
  await walk.look(sofia, 'other-district')
  await sofia.goto(`${walk.base}/office`)
  await sofia.getByText('Sinulla ei ole oikeutta nähdä tätä sivua.').waitFor()

  // A resident is no member of staff; nothing of the office is fetched for her.
  for (const path of ['/desk', `/desk/${round.id}`, '/office', `/office/${round.id}`, '/office/new']) {
    const asked = []
    const listen = (request) => asked.push(new URL(request.url()).pathname)
    aino.on('request', listen)
    await aino.goto(walk.base + path)
    await aino.getByText('Sinulla ei ole oikeutta nähdä tätä sivua.').waitFor()
    aino.off('request', listen)
    assert.deepEqual(
      asked.filter((name) => name.startsWith('/api/') && name !== '/api/v1/session'),
      [],
    )
  }
  await walk.look(aino, 'resident')
  for (const [method, path] of [
    ['POST', `/rounds/${round.id}/proposals/${third.id}/take`],
    ['GET', `/rounds/${round.id}/queue`],
    ['GET', `/rounds/${round.id}/desk`],
    ['GET', `/rounds/${round.id}/contacts`],
    ['GET', `/rounds/${round.id}/proposals/${third.id}/case`],
    ['GET', `/rounds/${round.id}/roll`],
    ['GET', `/rounds/${round.id}/audit`],
  ])
    await assert.rejects(call(aino, method, path), /: 403 /)
  await call(aino, 'POST', `/rounds/${round.id}/proposals/${third.id}/withdraw`)
}
