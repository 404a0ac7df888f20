// An OpenID provider with demo people in place of the city's: the same protocol (code flow, PKCE, RP-initiated
// sign-out), no passwords. Keys and sessions live in memory and end with the process.
import { generateKeyPairSync, randomBytes } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { isIP } from 'node:net'
import { Provider } from 'oidc-provider'
import { choose, failed, language, signedOut, signOut } from './page.mjs'

const assets = new Map([
  ['/signin.css', 'text/css; charset=utf-8'],
  ['/signout.js', 'text/javascript; charset=utf-8'],
])

/** Only this machine may reach a sign-in that asks for no password. */
function isLoopback(host) {
  return host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'))
}

/** Checks the list that `osbu demo --people` wrote: [{sub, name, about, claims}]. */
function checkPeople(people) {
  if (!Array.isArray(people) || people.length === 0) throw new Error('people: want a list with at least one person')
  const seen = new Set()
  for (const { sub, name, about, claims } of people) {
    if (typeof sub !== 'string' || !sub) throw new Error('people: a person without sub')
    if (seen.has(sub)) throw new Error(`people: ${sub} is there twice`)
    if (typeof name !== 'string' || !about || typeof claims !== 'object') {
      throw new Error(`people: ${sub} lacks name, about or claims`)
    }
    seen.add(sub)
  }
  return new Map(people.map((person) => [person.sub, person]))
}

function signingKey() {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  return { ...privateKey.export({ format: 'jwk' }), kid: randomBytes(8).toString('hex'), use: 'sig', alg: 'RS256' }
}

function configure({ people, client, port }) {
  const claims = new Set([...people.values()].flatMap((person) => Object.keys(person.claims)))
  claims.delete('sub')
  return {
    clients: [
      {
        client_id: client.id,
        client_secret: client.secret,
        redirect_uris: client.redirects,
        post_logout_redirect_uris: client.signedOut,
        response_types: ['code'],
        grant_types: ['authorization_code'],
      },
    ],
    jwks: { keys: [signingKey()] },
    // Cookies ignore ports: without its number two sign-ins on one machine would take each other's.
    cookies: {
      keys: [randomBytes(32).toString('hex')],
      names: {
        session: `signin_${port}`,
        interaction: `signin_${port}_choosing`,
        resume: `signin_${port}_resume`,
      },
    },
    scopes: ['openid', 'profile'],
    claims: { openid: ['sub', ...claims] },
    conformIdTokenClaims: false, // all claims in the ID token: the server needs no second request
    pkce: { required: () => true },
    responseTypes: ['code'],
    ttl: { Session: 3600, Grant: 3600, Interaction: 3600, IdToken: 3600, AccessToken: 600 },
    findAccount: (_, sub) => {
      const person = people.get(sub)
      return person && { accountId: sub, claims: () => ({ ...person.claims, sub }) }
    },
    interactions: { url: (_, interaction) => `/choose/${interaction.uid}` },
    // One client, and nothing to consent to: whoever is chosen has agreed.
    loadExistingGrant: async (ctx) => {
      const grant = new ctx.oidc.provider.Grant({
        accountId: ctx.oidc.session.accountId,
        clientId: ctx.oidc.client.clientId,
      })
      grant.addOIDCScope('openid profile')
      await grant.save()
      return grant
    },
    features: {
      devInteractions: { enabled: false },
      rpInitiatedLogout: {
        enabled: true,
        logoutSource: (ctx, form) => {
          ctx.body = signOut(language(ctx), form, ctx.oidc.client !== undefined)
        },
        postLogoutSuccessSource: (ctx) => {
          ctx.body = signedOut(language(ctx))
        },
      },
    },
    renderError: (ctx, { error, error_description: description }) => {
      ctx.type = 'html'
      ctx.body = failed(language(ctx), error, description)
    },
  }
}

/** The page that lists the people, and its answer. A login_hint that names one skips the page. */
function chooser(provider, people) {
  return async (ctx, next) => {
    if (!ctx.path.startsWith('/choose/')) return next()
    const { params } = await provider.interactionDetails(ctx.req, ctx.res)
    let sub = params.login_hint
    if (ctx.method === 'POST') sub = new URLSearchParams(await body(ctx.req)).get('sub')
    if (people.has(sub)) {
      ctx.redirect(await provider.interactionResult(ctx.req, ctx.res, { login: { accountId: sub, remember: false } }))
      ctx.status = 303
    } else {
      ctx.set('Cache-Control', 'no-store')
      ctx.body = choose(language(ctx, params.ui_locales), [...people.values()], ctx.path)
    }
  }
}

async function body(request, limit = 1000) {
  let text = ''
  for await (const chunk of request) {
    text += chunk
    if (text.length > limit) throw new Error('request body too long')
  }
  return text
}

function headers(origins) {
  const policy = [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
    // Chromium applies form-action to where the answer redirects, too.
    `form-action 'self' ${origins.join(' ')}`,
  ].join('; ')
  return async (ctx, next) => {
    ctx.set('Content-Security-Policy', policy)
    ctx.set('X-Content-Type-Options', 'nosniff')
    ctx.set('Referrer-Policy', 'no-referrer')
    await next()
  }
}

async function serveAssets(ctx, next) {
  const type = assets.get(ctx.path)
  if (!type) return next()
  ctx.type = type
  ctx.body = await readFile(new URL(`.${ctx.path}`, import.meta.url))
}

/** A demo is about changing roles: every sign-in asks anew, whoever was chosen before. */
function forget(provider) {
  return async (ctx, next) => {
    if (ctx.path === '/auth') {
      delete ctx.req.headers.cookie
      ctx.cookies.set(provider.cookieName('session'), null)
    }
    await next()
  }
}

/**
 * Starts the provider. client: {id, secret, redirects, signedOut}, the last two lists of exact URLs. Port 0 takes a free one.
 * Resolves to {issuer, close} once it listens.
 */
export async function start({ people: list, host, port, client }) {
  if (!isLoopback(host)) throw new Error(`${host}: the demo sign-in asks for no password and listens on loopback only`)
  const people = checkPeople(list)
  const server = createServer()
  await new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, resolve)
  })
  port = server.address().port
  const issuer = `http://${host.includes(':') ? `[${host}]` : host}:${port}`
  const provider = new Provider(issuer, configure({ people, client, port }))
  const origins = new Set([...client.redirects, ...client.signedOut].map((url) => new URL(url).origin))
  for (const part of [headers([...origins]), serveAssets, forget(provider), chooser(provider, people)])
    provider.use(part)
  server.on('request', provider.callback())
  return {
    issuer,
    close: () =>
      new Promise((resolve) => {
        server.close(resolve)
        server.closeAllConnections()
      }),
  }
}
