import { loadTexts } from '@/lib/i18n'

/** What a page of residents' opens with: its program and its words, by the end of its address. */
const pages: [RegExp, () => Promise<unknown>, string][] = [
  [/^\/rounds\/[^/]+$/, () => import('@/resident/round/Round'), 'round'],
  [/\/proposals$/, () => import('@/resident/proposal/Proposals'), 'proposal'],
  [/\/proposals\/\d+$/, () => import('@/resident/proposal/Proposal'), 'proposal'],
  [/\/propose(\/|$)/, () => import('@/resident/propose/Propose'), 'propose'],
  [/\/events$/, () => import('@/resident/event/Events'), 'event'],
  [/\/events\/\d+$/, () => import('@/resident/event/EventPage'), 'event'],
  [/\/results$/, () => import('@/shared/results/Results'), 'results'],
  [/\/vote(\/|$)/, () => import('@/resident/vote/Vote'), 'vote'],
  [/^\/about\//, () => import('@/resident/about/About'), 'about'],
  [/^\/account$/, () => import('@/resident/account/Account'), 'account'],
]

/** What loads a page of ours, or nothing if this is the address of none of these. */
export const pageAt = (path: string) => {
  const rest = path.replace(/^\/(fi|sv|en)(?=\/|$)/, '')
  return rest === path ? undefined : pages.find(([address]) => address.test(rest))
}

/**
 * Loads a page as soon as a link to it is pointed at, touched or focused, so that it is there when it is pressed. Whoever saves data
 * loads only what she opens. Returns what ends it.
 */
export function lookAhead(): () => void {
  const { connection } = navigator as Navigator & { connection?: { saveData?: boolean } }
  if (connection?.saveData) return () => undefined
  const asked = new Set<RegExp>()
  const look = ({ target }: Event) => {
    const link = target instanceof Element ? target.closest('a') : null
    const page = link && link.origin === location.origin ? pageAt(link.pathname) : undefined
    if (!page || asked.has(page[0])) return
    asked.add(page[0])
    const [address, load, words] = page
    // What does not come now is loaded again when it is opened.
    Promise.all([load(), loadTexts(words)]).catch(() => asked.delete(address))
  }
  const signs = ['pointerover', 'touchstart', 'focusin'] as const
  for (const sign of signs) document.addEventListener(sign, look, { passive: true })
  return () => {
    for (const sign of signs) document.removeEventListener(sign, look)
  }
}
