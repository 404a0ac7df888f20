/**
 * What the first page needs of the libraries, and of our own what it shares with other pages. In two files instead of forty: each is packed for itself, and
 * forty small ones were 5 kB more. Libraries change seldom, and stay in the browser's cache from one release to the next.
 */
const libraries = [
  'react',
  'react-dom',
  'scheduler',
  // Without what only forms and long lists need.
  String.raw`@tanstack/query-core/build/modern/(?!mutationObserver|infiniteQueryObserver|queriesObserver|hydration|streamedQuery)`,
  String.raw`@tanstack/react-query/build/modern/(?:QueryClientProvider|useQuery\b|useBaseQuery|suspense|errorBoundaryUtils|QueryErrorResetBoundary|IsRestoringProvider|queryOptions)`,
]
const own = [
  String.raw`app/shell/(?:Header|Layout|Languages|Logo|Announcer|start)\.tsx`,
  String.raw`app/texts\.ts`,
  String.raw`shared/picture/phase/(?:count|propose|vote)\.svg`,
  String.raw`app/shell/shell\.module\.css`,
  String.raw`lib/(?:announce|api|city|classes|client|format|i18n|lang|problem|query|router|session)\.tsx?`,
  String.raw`data/(?:keys|round)\.ts`,
  String.raw`receipt/(?:store|voted)\.ts`,
  String.raw`ui/(?:Ask|Broken|Loading|Missing|Title|text)\.tsx`,
  String.raw`ui/(?:useService|problem/Trouble)\.tsx?`,
  String.raw`ui/hds/(?:Button|Icon|Notification|Spinner|index|hds)\.tsx?`,
  String.raw`ui/hds/parts\.module\.css`,
]

/** The groups of rolldown's code splitting, the first that fits. */
export const firstPage = [
  {
    name: 'libraries',
    test: new RegExp(`/node_modules/(?:${libraries.join('|')})(?:/|$|\\w*\\.js)|rolldown/runtime|vite/preload-helper`),
  },
  { name: 'shell', test: new RegExp(`/src/(?:${own.join('|')})`) },
  // What many pages share, whatever one comes to.
  { name: 'common', test: /\/(?:src\/(?:ui|lib|data)\/|node_modules\/@tanstack)/, minShareCount: 8 },
]
