// The whole code flow against a running provider, as a browser (cookies, forms) and the service (PKCE, token) walk it.
import assert from 'node:assert/strict'
import { createHash, createPublicKey, randomBytes, verify } from 'node:crypto'
import { after, before, describe, it } from 'node:test'
import { start } from './signin.mjs'

const service = 'http://127.0.0.1:8080'
const redirect = `${service}/api/v1/sign-in/callback`
const client = { id: 'osbu', secret: 'a-secret-for-this-test', redirects: [redirect], signedOut: [`${service}/`] }
const people = [
  {
    sub: 'aino',
    name: 'Aino Virtanen',
    about: { fi: 'asukas', sv: 'invånare', en: 'resident' },
    claims: { name: 'Aino Virtanen', national_id_num: '010190-999X', roles: ['resident'], postal_code: '00530' },
  },
  { sub: 'olli', name: 'Olli <b>"Official"</b>', about: 'official', claims: { name: 'Olli', roles: ['official'] } },
]

let signin
before(async () => {
  signin = await start({ people, host: '127.0.0.1', port: 0, client })
})
after(() => signin.close())

/** A browser in little: keeps cookies per path, follows redirects within the provider and stops where it leaves. */
function browser() {
  const jar = []
  async function go(url, options = {}) {
    const { pathname } = new URL(url)
    const cookie = jar
      .filter(({ path }) => pathname.startsWith(path))
      .map(({ name, value }) => `${name}=${value}`)
      .join('; ')
    const response = await fetch(url, { ...options, redirect: 'manual', headers: { ...options.headers, cookie } })
    for (const line of response.headers.getSetCookie()) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(line)
      const path = /path=([^;]+)/i.exec(line)?.[1] ?? '/'
      const same = jar.findIndex((other) => other.name === name && other.path === path)
      if (same >= 0) jar.splice(same, 1)
      if (value) jar.push({ name, value, path })
    }
    const location = response.headers.get('location')
    if (!location) return { response, url, text: await response.text() }
    const next = new URL(location, url)
    return next.origin === signin.issuer ? go(next.href) : { left: next }
  }
  const post = (url, fields) => go(url, { method: 'POST', body: new URLSearchParams(fields) })
  return { go, post }
}

const verifier = randomBytes(32).toString('base64url')
const challenge = createHash('sha256').update(verifier).digest('base64url')

function authorization(extra = {}) {
  const url = new URL('/auth', signin.issuer)
  url.search = new URLSearchParams({
    client_id: client.id,
    response_type: 'code',
    scope: 'openid',
    redirect_uri: redirect,
    state: 'some-state',
    nonce: 'some-nonce',
    code_challenge: challenge,
    code_challenge_method: 'S256',
    ...extra,
  })
  return url.href
}

function redeem(code, code_verifier) {
  return fetch(`${signin.issuer}/token`, {
    method: 'POST',
    headers: { authorization: `Basic ${Buffer.from(`${client.id}:${client.secret}`).toString('base64')}` },
    body: new URLSearchParams({ grant_type: 'authorization_code', code, redirect_uri: redirect, code_verifier }),
  })
}

/** The claims of an ID token whose signature holds under the provider's published key. */
async function opened(token) {
  const [head, payload, signature] = token.split('.')
  const { kid, alg } = JSON.parse(Buffer.from(head, 'base64url'))
  assert.equal(alg, 'RS256')
  const { keys } = await (await fetch(`${signin.issuer}/jwks`)).json()
  const key = createPublicKey({ key: keys.find((one) => one.kid === kid), format: 'jwk' })
  assert.ok(verify('sha256', `${head}.${payload}`, key, Buffer.from(signature, 'base64url')), 'signature')
  return JSON.parse(Buffer.from(payload, 'base64url'))
}

describe('signing in', () => {
  it('lists the people, and gives the chosen one with all claims in the ID token', async () => {
    const { go, post } = browser()
    const page = await go(authorization())
    assert.equal(page.response.status, 200)
    assert.match(page.text, /Aino Virtanen/)

    const { left } = await post(page.url, { sub: 'aino' })
    assert.equal(left.origin + left.pathname, redirect)
    assert.equal(left.searchParams.get('state'), 'some-state')
    assert.equal(left.searchParams.get('iss'), signin.issuer)

    const answer = await redeem(left.searchParams.get('code'), verifier)
    assert.equal(answer.status, 200)
    const claims = await opened((await answer.json()).id_token)
    assert.equal(claims.iss, signin.issuer)
    assert.equal(claims.aud, client.id)
    assert.equal(claims.sub, 'aino')
    assert.equal(claims.nonce, 'some-nonce')
    assert.equal(claims.national_id_num, '010190-999X')
    assert.deepEqual(claims.roles, ['resident'])
    assert.equal(claims.postal_code, '00530')
  })

  it('gives the same claims to userinfo', async () => {
    const { left } = await browser().go(authorization({ login_hint: 'aino' }))
    const { access_token } = await (await redeem(left.searchParams.get('code'), verifier)).json()
    const info = await fetch(`${signin.issuer}/me`, { headers: { authorization: `Bearer ${access_token}` } })
    assert.deepEqual(await info.json(), { sub: 'aino', ...people[0].claims })
  })

  it('skips the page when login_hint names a person', async () => {
    const { left } = await browser().go(authorization({ login_hint: 'olli' }))
    const { id_token } = await (await redeem(left.searchParams.get('code'), verifier)).json()
    assert.equal((await opened(id_token)).sub, 'olli')
  })

  it('shows the page when login_hint names nobody', async () => {
    const { text } = await browser().go(authorization({ login_hint: 'nobody' }))
    assert.match(text, /Aino Virtanen/)
  })

  it('shows the page again for an answer that names nobody', async () => {
    const { go, post } = browser()
    const page = await go(authorization())
    const again = await post(page.url, { sub: 'nobody' })
    assert.match(again.text, /Aino Virtanen/)
  })

  it('asks anew when somebody was chosen before', async () => {
    const { go } = browser()
    assert.ok((await go(authorization({ login_hint: 'aino' }))).left)
    assert.match((await go(authorization())).text, /Aino Virtanen/)
    const { left } = await go(authorization({ login_hint: 'olli' }))
    const { id_token } = await (await redeem(left.searchParams.get('code'), verifier)).json()
    assert.equal((await opened(id_token)).sub, 'olli')
  })
})

describe('refusals', () => {
  it('demands PKCE', async () => {
    const url = new URL(authorization())
    url.searchParams.delete('code_challenge')
    url.searchParams.delete('code_challenge_method')
    const { left } = await browser().go(url.href)
    assert.equal(left.searchParams.get('error'), 'invalid_request')
    assert.equal(left.searchParams.get('code'), null)
  })

  it('refuses the plain challenge', async () => {
    const { left } = await browser().go(authorization({ code_challenge_method: 'plain' }))
    assert.equal(left.searchParams.get('error'), 'invalid_request')
  })

  it('refuses another verifier, and a code used twice', async () => {
    const { left } = await browser().go(authorization({ login_hint: 'aino' }))
    const code = left.searchParams.get('code')
    const wrong = await redeem(code, randomBytes(32).toString('base64url'))
    assert.equal(wrong.status, 400)
    assert.equal((await wrong.json()).error, 'invalid_grant')

    const second = (await browser().go(authorization({ login_hint: 'aino' }))).left.searchParams.get('code')
    assert.equal((await redeem(second, verifier)).status, 200)
    assert.equal((await redeem(second, verifier)).status, 400)
  })

  it('refuses a redirect that is not registered, with a page instead of a redirect', async () => {
    const page = await browser().go(authorization({ redirect_uri: 'http://127.0.0.1:9/' }))
    assert.equal(page.response.status, 400)
    assert.match(page.text, /redirect_uri/)
  })

  it('listens on loopback only', async () => {
    await assert.rejects(start({ people, host: '0.0.0.0', port: 0, client }), /loopback/)
  })

  it('refuses a list of people that is empty or names one twice', async () => {
    await assert.rejects(start({ people: [], host: '127.0.0.1', port: 0, client }), /at least one/)
    const twice = [people[0], people[0]]
    await assert.rejects(start({ people: twice, host: '127.0.0.1', port: 0, client }), /aino is there twice/)
  })
})

describe('signing out', () => {
  async function signedIn() {
    const { go, post } = browser()
    const { left } = await go(authorization({ login_hint: 'aino' }))
    const { id_token, access_token } = await (await redeem(left.searchParams.get('code'), verifier)).json()
    const url = new URL('/session/end', signin.issuer)
    url.search = new URLSearchParams({ id_token_hint: id_token, post_logout_redirect_uri: `${service}/` })
    return { go, post, url, access_token }
  }
  const xsrf = (text) => /name="xsrf" value="([^"]+)"/.exec(text)[1]

  it('ends the session and goes back to the service', async () => {
    const { go, post, url, access_token } = await signedIn()
    const page = await go(url.href)
    const { left } = await post(`${signin.issuer}/session/end/confirm`, { xsrf: xsrf(page.text), logout: 'yes' })
    assert.equal(left.href, `${service}/`)
    const info = await fetch(`${signin.issuer}/me`, { headers: { authorization: `Bearer ${access_token}` } })
    assert.equal(info.status, 401)
  })

  it('refuses another token than the page’s', async () => {
    const { go, post, url } = await signedIn()
    await go(url.href)
    const { response } = await post(`${signin.issuer}/session/end/confirm`, { xsrf: 'another', logout: 'yes' })
    assert.equal(response.status, 400)
  })

  it('never redirects to an address that is not registered', async () => {
    const { go, url } = await signedIn()
    url.searchParams.set('post_logout_redirect_uri', 'http://127.0.0.1:9/')
    assert.equal((await go(url.href)).response.status, 400)
  })
})

describe('the page', () => {
  it('speaks the language that the service, the link or the browser asks for', async () => {
    const heading = async (url, language = 'en') =>
      /<html lang="(..)">/.exec((await browser().go(url, { headers: { 'accept-language': language } })).text)[1]
    assert.equal(await heading(authorization({ ui_locales: 'sv' })), 'sv')
    assert.equal(await heading(authorization({ ui_locales: 'de fi' })), 'fi')

    const { go } = browser()
    const page = await go(authorization())
    assert.match((await go(`${page.url}?lang=sv`)).text, /<html lang="sv">[^]*invånare/)
    assert.match((await go(`${page.url}?lang=en`)).text, /<html lang="en">[^]*This is only a demo/)
  })

  it('shows names as text, and runs no script of its own', async () => {
    const { response, text } = await browser().go(authorization())
    assert.doesNotMatch(text, /<b>|<script|style=|onclick/)
    assert.match(text, /Olli &#60;b&#62;/)
    const policy = response.headers.get('content-security-policy')
    assert.match(policy, /default-src 'none'/)
    assert.match(policy, /script-src 'self'/)
    assert.doesNotMatch(policy, /unsafe/)
    assert.match(policy, new RegExp(`form-action 'self' ${service}`))
  })
})
