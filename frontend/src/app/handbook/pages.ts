/** The staff's pages in the order in which a round needs them, each with the addresses at which its text is shown. */
export const pages = [
  { key: 'queue', chapter: 'desk', at: /^\/desk\/[^/]+$/ },
  { key: 'case', chapter: 'desk', at: /^\/desk\/[^/]+\/\d+$/ },
  { key: 'overview', chapter: 'desk', at: /^\/desk\/[^/]+\/overview$/ },
  { key: 'translations', chapter: 'desk', at: /^\/desk\/[^/]+\/translations(\/|$)/ },
  { key: 'questions', chapter: 'desk', at: /^\/desk\/[^/]+\/questions$/ },
  { key: 'assisted', chapter: 'desk', at: /^\/desk\/[^/]+\/assisted(\/|$)/ },
  { key: 'comments', chapter: 'desk', at: /^\/desk\/[^/]+\/comments$/ },
  { key: 'contacts', chapter: 'desk', at: /^\/desk\/[^/]+\/contacts$/ },
  { key: 'events', chapter: 'desk', at: /^\/desk\/[^/]+\/events(\/|$)/ },
  { key: 'equality', chapter: 'desk', at: /^\/desk\/[^/]+\/equality$/ },
  { key: 'sheet', chapter: 'desk', at: /^\/desk\/[^/]+\/sheet\// },
  { key: 'merge', chapter: 'desk', at: /^\/desk\/[^/]+\/(merge|split)$/ },
  { key: 'desk_settings', chapter: 'desk', at: /^\/desk\/[^/]+\/settings$/ },
  { key: 'delivery', chapter: 'desk', at: /^\/desk\/(delivery(\/|$)|[^/]+\/delivery(\/|$))/ },
  { key: 'rounds', chapter: 'office', at: /^\/office(\/new)?$/ },
  { key: 'control', chapter: 'office', at: /^\/office\/[^/]+(\/decision)?$/ },
  { key: 'ballot', chapter: 'office', at: /^\/office\/[^/]+\/ballot$/ },
  { key: 'roll', chapter: 'office', at: /^\/office\/[^/]+\/roll$/ },
  { key: 'replacement', chapter: 'office', at: /^\/office\/[^/]+\/replacement$/ },
  { key: 'times', chapter: 'office', at: /^\/office\/[^/]+\/times$/ },
  { key: 'settings', chapter: 'office', at: /^\/office\/[^/]+\/settings$/ },
  { key: 'naming', chapter: 'office', at: /^\/office\/[^/]+\/naming$/ },
  { key: 'letters', chapter: 'office', at: /^\/office\/[^/]+\/letters$/ },
  { key: 'results', chapter: 'office', at: /^\/office\/[^/]+\/results$/ },
  { key: 'audit', chapter: 'office', at: /^\/office\/[^/]+\/audit$/ },
  { key: 'ledger', chapter: 'office', at: /^\/office\/[^/]+\/ledger$/ },
  { key: 'people', chapter: 'office', at: /^\/office\/people$/ },
  { key: 'emails', chapter: 'office', at: /^\/office\/emails$/ },
  { key: 'polling', chapter: 'polling', at: /^\/polling(\/[^/]+(\/(?!batches|comparison)[^/]+)?)?$/ },
  { key: 'batches', chapter: 'polling', at: /^\/polling\/[^/]+\/batches$/ },
  { key: 'keying', chapter: 'polling', at: /^\/polling\/[^/]+\/batches\/\d+$/ },
  { key: 'comparison', chapter: 'polling', at: /^\/polling\/[^/]+\/comparison$/ },
  { key: 'certificate', chapter: 'polling', at: /^\/polling\/[^/]+\/[^/]+\/certificate$/ },
  { key: 'help_desk', chapter: 'help_desk', at: /^\/help-desk$/ },
] as const

export const chapters = ['desk', 'office', 'polling', 'help_desk'] as const

type Key = (typeof pages)[number]['key']

// Addresses that look like a round's and are pages of their own.
const own: Partial<Record<string, Key>> = {
  '/desk/delivery': 'delivery',
  '/office/people': 'people',
  '/office/emails': 'emails',
  '/office/new': 'rounds',
}

/** Which page an address is; undefined: none that has a text. */
export function pageAt(address: string): Key | undefined {
  const path = address.replace(/\/$/, '')
  return path === '/desk/handbook' ? undefined : (own[path] ?? pages.find(({ at }) => at.test(path))?.key)
}
