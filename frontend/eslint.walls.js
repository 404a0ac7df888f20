import { readdirSync } from 'node:fs'

// The walls of src: app → {resident, desk, office, polling, helpdesk} → shared → receipt → data → ui → lib. What stands in a layer knows those
// to its right and no other.

const layers = [
  ['lib', 'lib is what any page could stand on: it knows neither parts of pages nor features.'],
  ['ui', 'ui is the kit of every page; a part that knows a feature’s data belongs into shared or beside its page.'],
  ['data', 'data is asked for by many pages and tested without any of them.'],
  ['receipt', 'receipt is all that must be read to know how a vote is checked; what it needs stands below it.'],
  [
    'shared',
    'shared is shown by residents’ pages and by staff’s alike; what one of them alone shows belongs to that one.',
  ],
  ['resident', 'The residents’ pages load nothing of the staff’s: strangers, whom only app brings together.'],
  ['desk', 'The desk’s and the residents’ pages are strangers, and so is the office; what two of them show is shared.'],
  ['office', 'The office’s pages are strangers to the desk’s and the residents’; what two of them show is shared.'],
  [
    'polling',
    'The voting places’ pages are strangers to the desk’s, the office’s and the residents’; what two of them show is shared.',
  ],
  [
    'helpdesk',
    'The help desk’s pages are strangers to all other staff’s and the residents’; what two of them show is shared.',
  ],
  ['app', ''],
]

// Five stand side by side: none sees another.
const beside = ['resident', 'desk', 'office', 'polling', 'helpdesk']

const zones = layers.flatMap(([layer, reason], rank) => {
  const hidden = layers
    .filter(([other], otherRank) => otherRank > rank || (beside.includes(layer) && beside.includes(other)))
    .map(([other]) => `./src/${other}`)
    .filter((from) => from !== `./src/${layer}`)
  return hidden.length > 0 ? [{ target: `./src/${layer}`, from: hidden, message: reason }] : []
})

// Inside a layer features are strangers, too, but for these: who shows parts of whom.
const sisters = {
  shared: {
    comparison: [],
    delivery: [],
    discussion: [],
    enquiry: [],
    estimate: ['proposal'], // an estimate's costs are written as in the answer
    event: [],
    gallery: [],
    helper: [],
    map: [],
    merge: [],
    numbers: [],
    picture: [],
    proposal: [],
    propose: ['map', 'proposal'], // a place is picked on the map; similar proposals can be liked
    results: ['map', 'picture'], // areas are tapped on their map, what is built is shown
    round: [],
    sheet: [],
  },
  resident: {
    about: [],
    area: ['delivery', 'ledger'], // an area's page shows its projects and its money as their own pages do
    account: [],
    catalogue: [],
    check: [],
    claim: ['propose'], // asks to sign in with the same words
    coauthor: [],
    delivery: [],
    enquiry: [],
    favourite: [],
    event: ['account'], // who signs up is told about her e-mail address
    ledger: [],
    home: ['event', 'proposal', 'round', 'vote'], // the first page shows what is on and proposed, where rounds stand, and a vote that is not cast
    kiosk: ['vote'], // the vote is all that a kiosk is for
    list: [],
    numbers: [],
    proposal: ['account', 'coauthor', 'favourite'], // the author's page: her address, her co-authors; anybody's heart
    propose: ['coauthor', 'enquiry', 'proposal'], // the form's last steps, and the list of one's own
    record: [],
    rights: [],
    statistics: [],
    round: ['vote'], // a vote that was begun and is not cast
    // What one liked while browsing comes along; where a round stands is said when there is no vote.
    vote: ['favourite', 'round'],
  },
  desk: {
    assisted: [],
    case: ['assisted', 'contacts', 'estimate', 'merge', 'send'], // all that the desk does with one proposal
    contacts: [],
    delivery: [],
    discussion: [],
    enquiry: [],
    equality: [],
    overview: [],
    estimate: [],
    event: [],
    merge: [],
    queue: ['send'],
    send: [],
    settings: [],
    translation: [],
  },
}

const features = Object.entries(sisters).flatMap(([layer, all]) =>
  Object.entries(all).map(([feature, known]) => ({
    target: `./src/${layer}/${feature}`,
    from: `./src/${layer}`,
    except: [feature, ...known].map((name) => `./${name}`),
    message: `A feature does not know its sisters; if ${layer}/${feature} shows a part of one, eslint.walls.js says so and why.`,
  })),
)

const folders = (path) =>
  readdirSync(new URL(path, import.meta.url), { withFileTypes: true }).flatMap((entry) =>
    entry.isDirectory() ? [entry.name] : [],
  )
const unwalled = [
  ...folders('./src').filter((name) => !layers.some(([layer]) => layer === name)),
  ...Object.entries(sisters).flatMap(([layer, all]) =>
    folders(`./src/${layer}`)
      .filter((name) => !(name in all))
      .map((name) => `${layer}/${name}`),
  ),
]
if (unwalled.length > 0) throw new Error(`eslint.walls.js has no row for ${unwalled.join(', ')}`)

export const walls = [...zones, ...features]
