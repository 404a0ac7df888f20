// A server between browser and service that lies: it passes everything on, except the addresses for which it has an answer of its own.
import { createHash, createPublicKey, generateKeyPairSync, sign } from 'node:crypto'
import http from 'node:http'
import { base } from './walk.mjs'

/** Starts it on a free port. `lies` maps the end of a path to what is answered: a text, or a function of the query. */
export async function startProxy() {
  const lies = new Map()
  const server = http.createServer((request, response) => {
    const address = new URL(request.url, base)
    const lie = [...lies].find(([end]) => address.pathname.endsWith(end))?.[1]
    if (lie !== undefined) {
      const body = typeof lie === 'function' ? lie(address.searchParams) : lie
      const type = body.startsWith('{') ? 'application/json' : 'text/plain; charset=utf-8'
      response.writeHead(200, { 'content-type': type, 'cache-control': 'no-store' }).end(body)
      return
    }
    const onward = http.request(address, {
      method: request.method,
      headers: { ...request.headers, host: address.host },
    })
    onward.on('response', (answer) => {
      response.writeHead(answer.statusCode, answer.headers)
      answer.pipe(response)
    })
    onward.on('error', () => response.destroy())
    request.pipe(onward)
  })
  await new Promise((ready) => server.listen(0, '127.0.0.1', ready))
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    lies,
    close: () => {
      server.closeAllConnections()
      return new Promise((closed) => server.close(closed))
    },
  }
}

const sha256 = (...parts) => {
  const hash = createHash('sha256')
  for (const part of parts) hash.update(part)
  return hash.digest()
}

/** A key of one's own that signs notes (C2SP signed-note): a log's, or of type 4 a witness's. */
export function noteKey(name, type = 1) {
  const { privateKey } = generateKeyPairSync('ed25519')
  const raw = Buffer.from(createPublicKey(privateKey).export({ format: 'jwk' }).x, 'base64url')
  const typed = Buffer.concat([Buffer.from([type]), raw])
  const id = sha256(`${name}\n`, typed).subarray(0, 4)
  return {
    name,
    key: `${name}+${id.toString('hex')}+${typed.toString('base64')}`,
    sign: (text) =>
      `${text}\n— ${name} ${Buffer.concat([id, sign(null, Buffer.from(text), privateKey)]).toString('base64')}\n`,
  }
}

// A tree of a few leaves: RFC 6962 §2.1.
const cut = (length) => 2 ** Math.floor(Math.log2(length - 1))
const root = (leaves) =>
  leaves.length === 1
    ? sha256(Buffer.from([0]), leaves[0])
    : sha256(Buffer.from([1]), root(leaves.slice(0, cut(leaves.length))), root(leaves.slice(cut(leaves.length))))
const pathOfFirst = (leaves) =>
  leaves.length === 1
    ? []
    : [...pathOfFirst(leaves.slice(0, cut(leaves.length))), root(leaves.slice(cut(leaves.length)))]
function consistencyOf(from, leaves, whole = true) {
  if (from === leaves.length) return whole ? [] : [root(leaves)]
  const at = cut(leaves.length)
  return from <= at
    ? [...consistencyOf(from, leaves.slice(0, at), whole), root(leaves.slice(at))]
    : [...consistencyOf(from - at, leaves.slice(at), false), root(leaves.slice(0, at))]
}

/** A log that begins with a manifest (a signed note), as the addresses of the box would answer about it. */
export function forgedLog(key, manifest, more = []) {
  const leaves = [`manifest ${sha256(manifest).toString('hex')}`, ...more]
  const checkpoint = key.sign(`${key.name}\n${leaves.length}\n${root(leaves).toString('base64')}\n`)
  const proof = pathOfFirst(leaves).map((hash) => hash.toString('base64'))
  return {
    '/manifest': manifest,
    '/checkpoint': checkpoint,
    '/manifest-proof': JSON.stringify({ proof, checkpoint }),
    '/consistency': (query) => {
      const from = Number(query.get('from'))
      const proof = consistencyOf(from, leaves).map((hash) => hash.toString('base64'))
      return JSON.stringify({ from, to: leaves.length, proof })
    },
  }
}
