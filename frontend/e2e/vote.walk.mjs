// One person's whole vote in Finnish on a phone: from the front page to the receipt. On the way she reloads, looks at another
// language, goes back, and signs in; nothing of what she chose gets lost, and nothing of it gets out.
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { promisify } from 'node:util'
import { absent, expect, texts, title } from './lib/expect.mjs'
import { choose, hasNotVoted, kept, listen, openVote, thanks } from './lib/vote.mjs'

export default async function vote(walk) {
  const { round, at } = await openVote()
  const page = await walk.open({ lang: 'fi', path: '/fi' })
  const heard = listen(page.context())
  const seen = []
  page.on('framenavigated', async (frame) => {
    if (frame === page.mainFrame()) seen.push(frame.url())
  })
  const looks = async (shot) => {
    await walk.look(page, shot)
    seen.push(await title(page, /./))
  }

  await page.getByRole('link', { name: 'Äänestä' }).first().click()
  await page.getByRole('heading', { level: 1, name: 'Valitse alue' }).waitFor()
  await page.getByLabel('Postinumero').fill('00530')
  await page.getByRole('button', { name: 'Valitse Keskinen' }).waitFor()
  await looks('1-area')
  await page.getByLabel('Postinumero').fill('99999')
  await page.getByText('Emme tunne tätä postinumeroa').waitFor()

  // Another area than the suggested one is as good, and a look at it loses nothing.
  const first = await choose(page, 'Keskinen', 2)
  await page.getByRole('link', { name: 'Vaihda alue' }).click()
  await choose(page, 'Eteläinen', 1)
  await page.goBack()
  await page.getByRole('button', { name: /^Keskinen/ }).click()
  await page.getByText('2/5 valittu').first().waitFor()

  // The sixth is refused in words; taking one out makes room.
  const ticks = page.getByRole('checkbox')
  await ticks.first().waitFor()
  const chosen = page.getByRole('listitem').filter({ has: page.getByRole('checkbox', { checked: true }) })
  const others = page.getByRole('checkbox', { checked: false })
  for (let count = 2; count < 5; count++) {
    await others.first().click()
    await expect(chosen).toHaveCount(count + 1)
  }
  await others.first().click()
  await expect(others.first()).toHaveAccessibleDescription(/Olet jo valinnut 5 hanketta/)
  const picked = await texts(chosen.getByRole('heading', { level: 2 }), 5)
  await looks('2-projects')
  await page.getByRole('checkbox', { name: first[0] }).uncheck()

  // The search finds by word, and hides no choice from the count.
  await page.getByLabel('Hae sanalla tai numerolla').fill('ei-tällaista-sanaa')
  await page.getByText('Näillä sanoilla ei löytynyt hankkeita').waitFor()
  await page.getByText('4/5 valittu').first().waitFor()
  await page.getByLabel('Hae sanalla tai numerolla').fill('')

  // Reload and language keep the basket.
  await page.reload()
  await page.getByText('4/5 valittu').first().waitFor()
  await page.getByRole('link', { name: /^SV/ }).click()
  await page.getByText('4 av 5 valda').first().waitFor()
  await page.getByRole('link', { name: /^FI/ }).click()
  await page.getByText('4/5 valittu').first().waitFor()

  await page.getByRole('button', { name: 'Tarkista' }).click()
  await page.getByRole('heading', { level: 1, name: 'Tarkista valintasi' }).waitFor()
  const reviewed = async () => {
    await page.getByText('4 hanketta, yhteensä').waitFor()
    for (const name of picked.filter((name) => name !== first[0])) await page.getByText(name, { exact: true }).waitFor()
    await absent(page.getByText(first[0], { exact: true }))
  }
  await reviewed()
  await looks('3-review')

  // She goes away before she has voted: the front page says so, and leads back to what she chose.
  await page.goto(`${walk.base}/fi`)
  await page.getByText('Olet valinnut, mutta et ole vielä äänestänyt').waitFor()
  await page.getByRole('link', { name: 'Jatka äänestämistä' }).click()
  await page.getByRole('heading', { level: 1, name: 'Tarkista valintasi' }).waitFor()
  await reviewed()

  await page.getByRole('link', { name: 'Tunnistaudu' }).click()
  await page.getByRole('heading', { level: 1, name: 'Tunnistaudu' }).waitFor()
  await page.getByLabel('Äänestyskoodi').fill('0000-0000-0000-0000')
  await page.getByRole('button', { name: 'Jatka koodilla' }).click()
  await page.getByText('Koodia ei tunnistettu').waitFor()
  await looks('4-identify')
  await page.getByRole('main').getByRole('link', { name: 'Kirjaudu' }).click()
  await page.getByRole('button', { name: /Aino Virtanen/ }).click()

  // The last click.
  await page.getByRole('heading', { level: 1, name: 'Tarkista ja äänestä' }).waitFor()
  await hasNotVoted(page, round)
  await reviewed()
  await page.getByText('Kirjautuneena: Aino V.').waitFor()
  await looks('5-vote')
  await page.getByRole('button', { name: 'Äänestä', exact: true }).click()
  await page.getByRole('heading', { level: 1, name: thanks }).waitFor()
  await page.getByText('Näytä todisteet').click()
  await page.getByText('Äänesi on julkisessa lokissa').waitFor()
  await page.getByText('Lokista ei ole kadonnut mitään').waitFor({ state: 'attached' })
  await looks('6-receipt')

  // One request, one ballot, which named nobody.
  assert.equal(heard.credentials.length, 1)
  assert.equal(heard.ballots.length, 1)
  const headers = await heard.ballots[0].allHeaders()
  assert.equal(headers.cookie, undefined)
  assert.equal(headers.referer, undefined)
  assert.equal(headers.authorization, undefined)
  assert.deepEqual(Object.keys(heard.ballots[0].postDataJSON()).sort(), [
    'ballot',
    'commit',
    'credential',
    'key',
    'paper',
    'randomizer',
    'seq',
    'signature',
  ])

  // The choices are gone; the receipt stays, can be saved, and is the box's own note.
  const left = await kept(page)
  for (const trace of ['choices', 'salt', 'central', 'basket', 'envelope', 'secret'])
    assert.ok(!left.includes(trace), `${trace} is still in the browser: ${left}`)
  assert.ok(left.includes('osbu/promise/v2'))
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'Tallenna kuitti' }).click(),
  ])
  assert.match(download.suggestedFilename(), new RegExp(`^osbu-${round.id}-[0-9a-f]{8}\\.json$`))
  const receipt = JSON.parse(await readFile(await download.path(), 'utf8'))
  assert.deepEqual(Object.keys(receipt), [
    'format',
    'round',
    'manifest',
    'log_key',
    'promise',
    'leaf',
    'index',
    'proof',
    'checkpoint',
  ])
  assert.doesNotMatch(JSON.stringify(receipt), /choices|area|salt/)
  const verify = ['run', './cmd/osbu-verify', 'receipt', await download.path(), '--key', receipt.log_key]
  const { stdout } = await promisify(execFile)('go', verify, { cwd: new URL('../..', import.meta.url) })
  assert.match(
    stdout,
    new RegExp(`: confirmed\nround ${round.id}, ballot [0-9a-f]{64}\nit is leaf ${receipt.index} of the log\n`),
  )
  const onPaper = page.getByText(/^Näin tarkistat äänesi: lue koodi/)
  await expect(onPaper).toBeHidden()
  await page.emulateMedia({ media: 'print' })
  await expect(onPaper).toBeVisible()
  await walk.shot(page, '7-print')
  await page.emulateMedia({ media: 'screen' })

  // Nothing of the choice was in an address or a title.
  for (const text of seen) assert.doesNotMatch(text, /central|southern|keskinen|eteläinen|\bprojects?=|area=|00530/i)

  // The receipt is checked anew at every visit, also one that somebody has changed.
  await page.reload()
  await page.getByText('Lokista ei ole kadonnut mitään').waitFor({ state: 'attached' })
  await page.evaluate(() => {
    for (const [key, value] of Object.entries(localStorage))
      if (key.endsWith('.receipts')) localStorage.setItem(key, value.replace('seq 1', 'seq 2'))
  })
  await page.reload()
  await page.getByText('Tämä kuitti ei pidä paikkaansa').waitFor()

  // A second vote is refused kindly, and leads to the receipt.
  await page.goto(walk.base + at('fi'))
  await page.getByText('Äänioikeutesi on jo käytetty').waitFor()
  await walk.axe(page, 'spent')
  await walk.shot(page, '8-spent')
  await page.getByRole('link', { name: 'Katso kuitti' }).waitFor()

  await checkElsewhere(walk, receipt)
}

/** The receipt on the "check my ballot" page of another device, where nobody is signed in. */
async function checkElsewhere(walk, receipt) {
  const commit = /commit ([0-9a-f]{64})/.exec(receipt.promise)[1]
  const page = await walk.open({ screen: 'narrow', lang: 'fi', path: '/fi/about/how' })
  const asked = []
  page.on('request', (request) => asked.push(request))
  await page.getByRole('link', { name: 'Tarkista äänesi' }).click()
  await page.getByRole('heading', { level: 1, name: 'Tarkista äänesi' }).waitFor()
  await walk.axe(page, 'check')
  await walk.fits(page)
  await walk.shot(page, '9-check')

  const give = (content) =>
    page.getByLabel('Valitse tiedosto').setInputFiles({
      name: 'kuitti.json',
      mimeType: 'application/json',
      buffer: Buffer.from(typeof content === 'string' ? content : JSON.stringify(content)),
    })
  await give('{"format":"something else"}')
  await page.getByText('Tämä tiedosto ei ole kuitti').waitFor()
  await give(receipt)
  await page.getByText('Lokista ei ole kadonnut mitään').waitFor({ state: 'attached' })
  const found = page.getByRole('list', { name: 'Mitä tarkistettiin' }).getByRole('listitem')
  await expect(found.filter({ hasText: 'Kunnossa:' })).toHaveCount(3)
  await walk.axe(page, 'checked')
  await walk.fits(page)
  await walk.shot(page, '9-checked')
  for (const [tampered, words] of [
    [{ ...receipt, promise: receipt.promise.replace('seq 1', 'seq 2') }, 'Kuitti ei ole aito'],
    [{ ...receipt, index: receipt.index + 1 }, 'Polku äänestäsi lokiin on poikki'],
    [{ ...receipt, round: 'toinen' }, 'Tätä kierrosta ei löytynyt'],
  ]) {
    await give(tampered)
    await page.getByText(words).waitFor()
  }
  await walk.shot(page, '9-tampered')

  // The number alone: in the address behind the #, or typed. Only the box is asked for it, and without a cookie.
  await page.goto(`${walk.base}/fi/rounds/${receipt.round}/check#${commit}`)
  await page.getByText('Lokista ei ole kadonnut mitään').waitFor({ state: 'attached' })
  await page.getByLabel('Kuitin numero', { exact: true }).fill(commit.slice(1))
  await page.getByRole('button', { name: 'Tarkista', exact: true }).click()
  await page.getByText('Tämä ei ole kuitin numero').waitFor()
  await page.getByLabel('Kuitin numero', { exact: true }).fill('00'.repeat(32))
  await page.getByLabel('Kuitin numero', { exact: true }).press('Enter')
  await page.getByText('Tällä numerolla ei löytynyt ääntä').waitFor()
  await walk.axe(page, 'unknown number')
  for (const request of asked.filter((request) => request.url().replace(/#.*/, '').includes(commit))) {
    assert.match(request.url(), /\/box\/v1\/rounds\/[^/]+\/receipts\//)
    assert.equal((await request.allHeaders()).cookie, undefined)
  }

  // A promise whose time has passed without the ballot in the log is an alarm, and says what to do.
  const { leaf, index, proof, checkpoint, ...promised } = receipt
  assert.ok(leaf && index && proof && checkpoint)
  await page.route('**/receipts/*', (route) => route.fulfill({ json: promised }))
  await page.clock.setFixedTime(Date.parse(/^by (\S+)$/m.exec(receipt.promise)[1]) + 1000)
  await give(promised)
  await page.getByRole('alert').filter({ hasText: 'Lupausta ei ole pidetty' }).waitFor()
  await page.getByText('Näytä kuitin tiedosto myös äänestyksen tarkkailijalle').waitFor()
  await walk.axe(page, 'promise not kept')
  await walk.fits(page)
  await walk.shot(page, '9-alarm')
  await page.context().close()
}
