// A server that changes no page could give each voter a ballot paper with an issuer's key of her own, and know her ballot by it. A proxy tries,
// as its operator would who has the log's key: the vote stops with words, before anything is blinded or sent.
import assert from 'node:assert/strict'
import { generateKeyPairSync } from 'node:crypto'
import { listen, openVote } from './lib/vote.mjs'
import { forgedLog, noteKey, startProxy } from './lib/proxy.mjs'

const words = {
  unproven: {
    fi: 'Äänestyslippua ei löydy julkisesta lokista',
    sv: 'Röstsedeln finns inte i den offentliga loggen',
    en: 'The ballot paper is not in the public log',
  },
  another_manifest: {
    fi: 'Sinulle näytetään eri äänestyslippua kuin ennen',
    sv: 'Du får se en annan röstsedel än tidigare',
    en: 'You are shown another ballot paper than before',
  },
  another_log: {
    fi: 'Julkinen loki ei ole sama kuin ennen',
    sv: 'Den offentliga loggen är inte densamma som tidigare',
    en: 'The public log is not the one shown before',
  },
  unwitnessed: {
    fi: 'Kukaan todistaja ei ole vahvistanut lokia',
    sv: 'Inget vittne har bekräftat loggen',
    en: 'No witness has confirmed the log',
  },
  distrusted: {
    fi: 'Palvelun vastausta ei voi vahvistaa',
    sv: 'Tjänstens svar kan inte bekräftas',
    en: 'The service’s answer cannot be verified',
  },
}

export default async function voteManifest(walk) {
  const { round, at } = await openVote()
  const box = `${walk.base}/box/v1/rounds`
  const real = await (await fetch(`${box}/${round.id}/manifest`)).text()
  const text = real.slice(0, real.lastIndexOf('\n\n') + 1)

  // The operator's key: what everybody is shown is signed with it, and so is what one voter is shown alone.
  const operator = noteKey(`osbu/${round.id}`)
  const everybodys = { ...JSON.parse(text), log_key: operator.key }
  const issuer = generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey.export({ type: 'spki', format: 'der' })
  const signed = (manifest, key = operator) => key.sign(`${JSON.stringify(manifest, null, 2)}\n`)
  const changed = {
    ...everybodys,
    papers: everybodys.papers.map((paper) => ({ ...paper, issuer: issuer.toString('base64') })),
  }
  const [common, personal] = [signed(everybodys), signed(changed)]
  const other = signed({ ...everybodys, round: 'another' })
  const stranger = noteKey(`osbu/${round.id}`)
  const strangers = signed({ ...changed, log_key: stranger.key }, stranger)
  const witnessed = signed({ ...everybodys, witnesses: [noteKey('witness.example', 4).key] })

  const leaf = (n) => `ballot ${String(n).repeat(64)} 1 ${'0'.repeat(64)}`
  const honest = forgedLog(operator, common, [leaf(1), leaf(2)])

  const proxy = await startProxy()
  const show = (lies) => {
    proxy.lies.clear()
    for (const [end, lie] of Object.entries(lies)) proxy.lies.set(end, lie)
  }
  /** Goes to the vote in each language, after another visit perhaps, and is stopped. */
  const stopped = async (what, reason, lies, before) => {
    for (const lang of ['fi', 'sv', 'en']) {
      if (before) show(before)
      const page = await walk.open({ lang, path: `/${lang}/about/how` })
      const heard = listen(page.context())
      if (before) {
        await page.goto(proxy.url + at(lang))
        await page.getByRole('heading', { level: 1 }).waitFor()
        await page.waitForFunction((round) => localStorage.getItem(`osbu.vote.${round}.pinned`) !== null, round.id)
      }
      show(lies)
      await page.goto(proxy.url + at(lang))
      await page.getByText(words[reason][lang], { exact: false }).first().waitFor()
      if (lang === 'fi') await walk.look(page, what)
      const envelopes = await page.evaluate(() => Object.keys(localStorage).filter((key) => key.includes('.envelope.')))
      assert.deepEqual([envelopes, heard.credentials.length, heard.ballots.length], [[], 0, 0], what)
      await page.context().close()
    }
  }

  try {
    const { '/manifest-proof': proof, '/consistency': consistency } = honest
    await stopped('personal, in the common log', 'unproven', {
      '/manifest': personal,
      '/manifest-proof': proof,
      '/consistency': consistency,
    })
    await stopped('of another round', 'distrusted', { '/manifest': other, '/manifest-proof': proof })
    await stopped('changed and not signed anew', 'distrusted', {
      '/manifest': real.replace('"rehearsal": false', '"rehearsal": true'),
    })
    await stopped(
      'personal, with a log of its own',
      'another_manifest',
      forgedLog(operator, personal, [leaf(1)]),
      honest,
    )
    await stopped('personal, log and all by another key', 'another_manifest', forgedLog(stranger, strangers), honest)
    await stopped('an older log', 'another_log', forgedLog(operator, common, [leaf(1)]), honest)
    await stopped('another log', 'another_log', forgedLog(operator, common, [leaf(1), leaf(3), leaf(4)]), honest)

    await stopped('a log that no witness has seen', 'unwitnessed', forgedLog(operator, witnessed))

    // The honest log may grow, and the vote goes on.
    show(honest)
    const page = await walk.open({ path: '/fi/about/how' })
    for (const more of [[], [leaf(1), leaf(2), leaf(3)]]) {
      if (more.length > 0) show(forgedLog(operator, common, more))
      await page.goto(proxy.url + at('fi'))
      await page.getByRole('button', { name: /^Kaakkoinen/ }).waitFor()
    }
  } finally {
    await proxy.close()
  }
}
