import {
  Children,
  createContext,
  Fragment,
  isValidElement,
  startTransition,
  use,
  useCallback,
  useEffect,
  useLayoutEffect,
  useMemo,
  useState,
  type AnchorHTMLAttributes,
  type ReactNode,
  type Ref,
} from 'react'

// Which page an address shows, and links between pages: of react-router, whose names these are, the part that the pages
// use. The rest, for loaders and servers that we have none of, came along for 12 kB of the first page's 107.

/** What of an address names a page. */
export interface Path {
  pathname: string
  search: string
  hash: string
}

export interface Location extends Path {
  /** What was given along; the browser keeps it with the entry of its history. */
  state: unknown
}

/** Where a link leads: "?a=b" and "#c" stay on the page, and so does an object without pathname. */
export type To = string | Partial<Path>

export interface Going {
  /** Takes the place of the present entry in the browser's history. */
  replace?: boolean
  state?: unknown
}

/** Goes to an address, or so many entries forth in the browser's history. */
export type Navigate = (to: To | number, going?: Going) => void

interface Site {
  location: Location
  navigate: Navigate
}

const SiteContext = createContext<Site | undefined>(undefined)

/** What the routes around have taken of the address. */
const RouteContext = createContext<{ base: number; params: Params }>({ base: 0, params: {} })

type Params = Readonly<Record<string, string | undefined>>

function useSite(): Site {
  const site = use(SiteContext)
  if (!site) throw new Error('router: no BrowserRouter around')
  return site
}

const parse = (to: string, from: string): Path => {
  const { pathname, search, hash } = new URL(to, `http://here${single(from)}`)
  return { pathname: single(pathname), search, hash }
}

// Two slashes at the beginning would be another host's address.
const single = (path: string) => path.replace(/^[/\\]{2,}/, '/')

const sign = (text: string, first: string) =>
  text === '' || text === first || text.startsWith(first) ? text : first + text

function resolve(to: To, from: string): Path {
  if (typeof to === 'string') return parse(single(to), from)
  const { pathname = from, search = '', hash = '' } = to
  return parse(single(pathname) + sign(search, '?') + sign(hash, '#'), from)
}

const hrefOf = ({ pathname, search, hash }: Path) => pathname + search + hash

const here = (): Location => {
  const { pathname, search, hash } = window.location
  return { pathname, search, hash, state: history.state as unknown }
}

/** Follows the browser's address. A page that is not there yet does not take away the one that is. */
export function BrowserRouter({ children }: { children: ReactNode }) {
  const [location, setLocation] = useState(here)
  useLayoutEffect(() => {
    const follow = () => {
      startTransition(() => {
        setLocation(here())
      })
    }
    addEventListener('popstate', follow)
    return () => {
      removeEventListener('popstate', follow)
    }
  }, [])
  const navigate = useCallback<Navigate>((to, { replace = false, state = null } = {}) => {
    if (typeof to === 'number') {
      history.go(to)
      return
    }
    const href = hrefOf(resolve(to, window.location.pathname))
    if (replace) history.replaceState(state, '', href)
    else history.pushState(state, '', href)
    startTransition(() => {
      setLocation(here())
    })
  }, [])
  const site = useMemo(() => ({ location, navigate }), [location, navigate])
  return <SiteContext value={site}>{children}</SiteContext>
}

/** An address of its own, without the browser's: for tests. */
export function MemoryRouter({ children, at = '/' }: { children: ReactNode; at?: string }) {
  const [location, setLocation] = useState<Location>(() => ({ ...resolve(at, '/'), state: null }))
  const navigate = useCallback<Navigate>((to, { state = null } = {}) => {
    if (typeof to === 'number') throw new Error('router: a test has no history')
    startTransition(() => {
      setLocation((before) => ({ ...resolve(to, before.pathname), state }))
    })
  }, [])
  const site = useMemo(() => ({ location, navigate }), [location, navigate])
  return <SiteContext value={site}>{children}</SiteContext>
}

export const useLocation = (): Location => useSite().location

/** A browser's history has one address at a time: what this gives is the same all along. */
export const useNavigate = (): Navigate => useSite().navigate

/** What the routes around found in the address. */
export const useParams = (): Params => use(RouteContext).params

type Search = URLSearchParams | Record<string, string>

/** The address's query, and how to change it. */
export function useSearchParams(): [
  URLSearchParams,
  (next: Search | ((before: URLSearchParams) => Search), going?: Going) => void,
] {
  const { location, navigate } = useSite()
  const { search } = location
  const params = useMemo(() => new URLSearchParams(search), [search])
  const change = useCallback(
    (next: Search | ((before: URLSearchParams) => Search), going?: Going) => {
      const made = typeof next === 'function' ? next(new URLSearchParams(search)) : next
      navigate(`?${new URLSearchParams(made).toString()}`, going)
    },
    [search, navigate],
  )
  return [params, change]
}

export interface LinkProps extends Omit<AnchorHTMLAttributes<HTMLAnchorElement>, 'href'>, Going {
  to: To
  ref?: Ref<HTMLAnchorElement>
}

/** A link within the site. It is left to the browser where a new tab or window is asked for. */
export function Link({ to, replace, state, onClick, target, children, ...rest }: LinkProps) {
  const { location, navigate } = useSite()
  const href = hrefOf(resolve(to, location.pathname))
  return (
    <a
      {...rest}
      href={href}
      target={target}
      onClick={(event) => {
        onClick?.(event)
        const { button, metaKey, altKey, ctrlKey, shiftKey, defaultPrevented } = event
        if (defaultPrevented || button !== 0 || metaKey || altKey || ctrlKey || shiftKey) return
        if (target && target !== '_self') return
        event.preventDefault()
        // As browsers do: a link to where one is makes no second entry.
        navigate(href, { replace: replace ?? href === hrefOf(location), state })
      }}
    >
      {children}
    </a>
  )
}

/** A link that says whether one is there; with end, whether one is exactly there, and not on a page under it. */
export function NavLink({ to, end, ...rest }: LinkProps & { end?: boolean }) {
  const { pathname } = useLocation()
  const path = resolve(to, pathname).pathname
  const there = pathname === path || (!end && pathname.startsWith(`${path}/`))
  return <Link {...rest} to={to} aria-current={there ? 'page' : undefined} />
}

/** Goes elsewhere as soon as it is shown. */
export function Navigate({ to, replace, state }: { to: To } & Going) {
  const navigate = useNavigate()
  const { pathname } = useLocation()
  const href = hrefOf(resolve(to, pathname))
  useEffect(() => {
    navigate(href, { replace, state })
  }, [navigate, href, replace, state])
  return null
}

interface RouteProps {
  /** Parts of an address: "rounds", ":round" for any, ":project?" for one that may lack, and "*" at the end for all the rest. */
  path: string
  element: ReactNode
}

/** A page of Routes, which reads it: alone it shows nothing. */
export const Route: (props: RouteProps) => ReactNode = () => null

/** Shows the first of its routes that fits the address, of which the routes around have taken the beginning. */
export function Routes({ children }: { children: ReactNode }) {
  const { pathname } = useLocation()
  const outer = use(RouteContext)
  const parts = partsOf(pathname)
  for (const { path, element } of routesIn(children)) {
    const found = match(path, parts.slice(outer.base))
    if (found)
      return (
        <RouteContext value={{ base: outer.base + found.taken, params: { ...outer.params, ...found.params } }}>
          {element}
        </RouteContext>
      )
  }
  return null
}

function routesIn(children: ReactNode): RouteProps[] {
  return Children.toArray(children).flatMap((child) => {
    if (!isValidElement<RouteProps & { children?: ReactNode }>(child)) return []
    return child.type === Fragment ? routesIn(child.props.children) : [child.props]
  })
}

const partsOf = (path: string) => path.split('/').filter((part) => part !== '')

/** What a route's path finds in the parts of an address, and how many of them it takes; undefined where it does not fit. */
export function match(path: string, parts: readonly string[]): { params: Params; taken: number } | undefined {
  const params: Record<string, string | undefined> = {}
  let taken = 0
  for (const wanted of partsOf(path)) {
    if (wanted === '*') return { params, taken }
    const part = parts[taken]
    const name = /^:(\w+)(\??)$/.exec(wanted)
    if (part === undefined) {
      if (name?.[2]) continue
      return undefined
    }
    if (name?.[1]) params[name[1]] = decoded(part)
    else if (wanted.toLowerCase() !== decoded(part).toLowerCase()) return undefined
    taken++
  }
  return taken === parts.length ? { params, taken } : undefined
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    return part // a lone %: the page that is asked for it says that there is no such thing
  }
}
