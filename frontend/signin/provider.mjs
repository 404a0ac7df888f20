// Runs the demo sign-in until it is told to stop:
//
//   node provider.mjs --people FILE --addr 127.0.0.1:8081 --client-id ID --redirect URL… [--signed-out URL…]
//
// The client's secret comes by --client-secret, OSBU_OIDC_CLIENT_SECRET or the file that OSBU_OIDC_CLIENT_SECRET_FILE names.
import { readFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { parseArgs } from 'node:util'
import { start } from './signin.mjs'

const { OSBU_OIDC_CLIENT_ID: id, OSBU_OIDC_CLIENT_SECRET: secret, OSBU_OIDC_CLIENT_SECRET_FILE: file } = process.env
const { values } = parseArgs({
  options: {
    people: { type: 'string' },
    addr: { type: 'string', default: '127.0.0.1:8081' },
    'client-id': { type: 'string', default: id },
    'client-secret': { type: 'string', default: secret ?? (file && readFileSync(file, 'utf8').trim()) },
    redirect: { type: 'string', multiple: true },
    'signed-out': { type: 'string', multiple: true },
  },
})

try {
  for (const name of ['people', 'client-id', 'client-secret', 'redirect']) {
    if (!values[name]) throw new Error(`--${name} is missing`)
  }
  const address = /^\[?([^\]]+)\]?:(\d+)$/.exec(values.addr)
  if (!address) throw new Error(`--addr ${values.addr}: want HOST:PORT`)
  const origins = values.redirect.map((url) => new URL(url).origin)
  const { issuer, close } = await start({
    people: JSON.parse(await readFile(values.people, 'utf8')),
    host: address[1],
    port: Number(address[2]),
    client: {
      id: values['client-id'],
      secret: values['client-secret'],
      redirects: values.redirect,
      signedOut: values['signed-out'] ?? origins.flatMap((origin) => [origin, `${origin}/`]),
    },
  })
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, close)
  console.log(`sign-in ${issuer}`)
} catch (error) {
  console.error(`sign-in: ${error.code === 'EADDRINUSE' ? `${values.addr} is taken` : error.message}`)
  process.exitCode = 1
}
