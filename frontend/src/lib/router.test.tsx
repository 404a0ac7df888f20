// @vitest-environment jsdom
import { act, type ReactNode } from 'react'
import { createRoot } from 'react-dom/client'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import {
  BrowserRouter,
  Link,
  match,
  Navigate,
  NavLink,
  Route,
  Routes,
  useLocation,
  useNavigate,
  useParams,
  useSearchParams,
} from './router'

describe('match', () => {
  it.each([
    ['/', '/', {}, 0],
    ['', '/', {}, 0],
    ['/', '/fi', undefined, 0],
    ['/:lang', '/fi/', { lang: 'fi' }, 1],
    ['/:lang', '/', undefined, 0],
    ['/:lang/rounds/:round', '/fi/rounds/r-1', { lang: 'fi', round: 'r-1' }, 3],
    ['/:lang/rounds/:round', '/fi/ROUNDS/r-1', { lang: 'fi', round: 'r-1' }, 3],
    ['/:lang/rounds/:round', '/fi/rounds/r-1/vote', undefined, 0],
    ['/:lang/rounds/:round/vote/*', '/fi/rounds/r/vote/paper/1', { lang: 'fi', round: 'r' }, 4],
    ['/:lang/rounds/:round/vote/*', '/fi/rounds/r/vote', { lang: 'fi', round: 'r' }, 4],
    ['propose/:proposal?', '/propose', {}, 1],
    ['propose/:proposal?', '/propose/7', { proposal: '7' }, 2],
    ['propose/:proposal?', '/propose/7/8', undefined, 0],
    ['*', '/any/where', {}, 0],
    ['/:round', '/k%C3%A4pyl%C3%A4%2Fx', { round: 'käpylä/x' }, 1],
    ['/:round', '/100%', { round: '100%' }, 1],
  ])('%s of %s', (path, address, params, taken) => {
    const found = match(
      path,
      address.split('/').filter((part) => part !== ''),
    )
    expect(found).toEqual(params && { params, taken })
  })
})

describe('in the browser', () => {
  beforeEach(() => {
    vi.stubGlobal('IS_REACT_ACT_ENVIRONMENT', true)
  })
  afterEach(() => {
    history.replaceState(null, '', '/')
  })

  /** Draws at an address; press clicks the link of a text and says whether the browser was kept from following it. */
  function show(at: string, page: ReactNode) {
    history.replaceState(null, '', at)
    const root = document.createElement('div')
    document.body.append(root)
    act(() => {
      createRoot(root).render(<BrowserRouter>{page}</BrowserRouter>)
    })
    const link = (text: string) => [...root.querySelectorAll('a')].find((one) => one.textContent === text)
    const press = (text: string, how: MouseEventInit = {}) => {
      let taken = false
      const last = (event: Event) => {
        taken = event.defaultPrevented
        event.preventDefault() // jsdom cannot follow what is left to the browser
      }
      window.addEventListener('click', last, { once: true })
      act(() => {
        link(text)?.dispatchEvent(new MouseEvent('click', { bubbles: true, cancelable: true, ...how }))
      })
      return taken
    }
    return { root, link, press }
  }
  const Here = () => {
    const { pathname, search, hash, state } = useLocation()
    return <output>{JSON.stringify([pathname + search + hash, state])}</output>
  }

  it('follows links, and the back button', async () => {
    const { root, press } = show(
      '/fi',
      <>
        <Link to="/fi/rounds/7?a=1#b" state={{ project: 3 }}>
          go
        </Link>
        <Routes>
          <Route path="/:lang" element="front" />
          <Route path="/:lang/rounds/:round" element="round" />
          <Route path="*" element="missing" />
        </Routes>
        <Here />
      </>,
    )
    const before = history.length
    expect(root.textContent).toContain('front')
    expect(press('go')).toBe(true)
    expect(root.textContent).toContain('round["/fi/rounds/7?a=1#b",{"project":3}]')
    expect(history.length).toBe(before + 1)
    await act(async () => {
      const back = new Promise((resolve) => {
        addEventListener('popstate', resolve, { once: true })
      })
      history.back()
      await back
    })
    expect(root.textContent).toContain('front["/fi",null]')
  })

  it('makes no second entry for where one is', () => {
    const { press } = show('/fi?a=1', <Link to="/fi?a=1">go</Link>)
    const before = history.length
    expect(press('go')).toBe(true)
    expect(history.length).toBe(before)
  })

  it.each([
    ['ctrl', { ctrlKey: true }],
    ['meta', { metaKey: true }],
    ['shift', { shiftKey: true }],
    ['alt', { altKey: true }],
    ['the middle button', { button: 1 }],
  ])('leaves a press with %s to the browser', (_, how) => {
    const { root, press } = show(
      '/fi',
      <>
        <Link to="/sv">go</Link>
        <Here />
      </>,
    )
    expect(press('go', how)).toBe(false)
    expect(root.textContent).toContain('"/fi"')
  })

  it('leaves what opens in another window to the browser, and what was prevented to whoever did', () => {
    const { root, press } = show(
      '/fi',
      <>
        <Link to="/sv" target="_blank">
          new
        </Link>
        <Link
          to="/en"
          onClick={(event) => {
            event.preventDefault()
          }}
        >
          no
        </Link>
        <Here />
      </>,
    )
    expect(press('new')).toBe(false)
    press('no')
    expect(root.textContent).toContain('"/fi"')
  })

  it.each([
    ['?b=2', '/fi/list?b=2'],
    ['?', '/fi/list'],
    ['#c', '/fi/list#c'],
    ['/sv#c', '/sv#c'],
    [{ search: 'b=2' }, '/fi/list?b=2'],
    [{ search: '' }, '/fi/list'],
    [{ pathname: '/sv', search: '?x', hash: '#y' }, '/sv?x#y'],
    ['//elsewhere.example/x', '/elsewhere.example/x'],
    [{ pathname: '//elsewhere.example/x' }, '/elsewhere.example/x'],
    [String.raw`/\elsewhere.example`, '/elsewhere.example'],
  ])('leads by %j to %s', (to, href) => {
    const { link } = show('/fi/list?a=1#x', <Link to={to}>go</Link>)
    expect(link('go')?.getAttribute('href')).toBe(href)
  })

  it('says in a menu where one is', () => {
    const { link } = show(
      '/desk/7/events',
      <>
        <NavLink to="/desk/7">under</NavLink>
        <NavLink to="/desk/7" end>
          not exactly
        </NavLink>
        <NavLink to="/desk/7/events" end>
          exactly
        </NavLink>
        <NavLink to="/desk/7/event">other</NavLink>
      </>,
    )
    const current = (text: string) => link(text)?.getAttribute('aria-current')
    expect(['under', 'not exactly', 'exactly', 'other'].map(current)).toEqual(['page', null, 'page', null])
  })

  it('gives routes inside routes the rest of the address, and all params', () => {
    const Params = () => JSON.stringify(useParams())
    const { root } = show(
      '/desk/7/assisted/new',
      <Routes>
        <Route
          path="/desk/:round/assisted/*"
          element={
            <Routes>
              <Route path="/" element="list" />
              {['new', 'import'].map((path) => (
                <Route key={path} path={path} element={<Params />} />
              ))}
              <Route path="/:proposal" element="amend" />
            </Routes>
          }
        />
      </Routes>,
    )
    expect(root.textContent).toBe('{"round":"7"}')
  })

  it('shows nothing where no route fits', () => {
    const { root } = show('/nowhere', <Routes>{null}</Routes>)
    expect(root.textContent).toBe('')
  })

  it('goes elsewhere at once, in the place of where it was', () => {
    const before = history.length
    const { root } = show(
      '/old',
      <>
        <Routes>
          <Route path="/old" element={<Navigate to={{ pathname: '/new', search: '?a=1' }} replace />} />
          <Route path="/new" element="new" />
        </Routes>
        <Here />
      </>,
    )
    expect(root.textContent).toBe('new["/new?a=1",null]')
    expect(history.length).toBe(before)
  })

  it('changes the query, from what it is', () => {
    let change: (() => void) | undefined
    const Query = () => {
      const [params, setParams] = useSearchParams()
      change = () => {
        setParams((before) => ({ ...Object.fromEntries(before), page: String(Number(before.get('page') ?? 1) + 1) }))
      }
      return params.toString()
    }
    const { root } = show('/list?q=a%20b', <Query />)
    act(() => change?.())
    act(() => change?.())
    expect(root.textContent).toBe('q=a+b&page=3')
    expect(window.location.search).toBe('?q=a+b&page=3')
  })

  it('goes back by a number', () => {
    const gone = vi.spyOn(history, 'go').mockReturnValue()
    let go: ReturnType<typeof useNavigate> | undefined
    const Back = () => {
      go = useNavigate()
      return null
    }
    show('/fi', <Back />)
    go?.(-1)
    expect(gone).toHaveBeenCalledWith(-1)
  })
})
