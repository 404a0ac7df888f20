import { useQuery } from '@tanstack/react-query'
import { lazy, Suspense, useEffect } from 'react'
import { useTranslation } from '@/lib/i18n'
import { Navigate, Route, Routes, useLocation } from '@/lib/router'
import { useLang } from '@/lib/format'
import { speak } from '@/lib/i18n'
import { langOfPath, preferredLang, stored, withLang } from '@/lib/lang'
import { isFrozen, roundsQuery, stageOf, waysOf } from '@/data/round'
import { useVoted } from '@/receipt/voted'
import type { MenuItem } from './Header'
import { Layout } from './Layout'
import { Missing } from '@/ui/Missing'

const Home = lazy(() => import('@/resident/home/Home'))
const Round = lazy(() => import('@/resident/round/Round'))
const Proposals = lazy(() => import('@/resident/proposal/Proposals'))
const Proposal = lazy(() => import('@/resident/proposal/Proposal'))
const Mine = lazy(() => import('@/resident/propose/Mine'))
const Propose = lazy(() => import('@/resident/propose/Propose'))
const Events = lazy(() => import('@/resident/event/Events'))
const EventOfRound = lazy(() => import('@/resident/event/EventPage'))
const Claim = lazy(() => import('@/resident/claim/Claim'))
const List = lazy(() => import('@/resident/list/List'))
const Results = lazy(() => import('@/shared/results/Results'))
const Built = lazy(() => import('./Built'))
const Numbers = lazy(() => import('@/resident/numbers/Numbers'))
const Rights = lazy(() => import('@/resident/rights/Rights'))
const Check = lazy(() => import('@/resident/check/Check'))
const Record = lazy(() => import('@/resident/record/Record'))
const About = lazy(() => import('@/resident/about/About'))
const Account = lazy(() => import('@/resident/account/Account'))
const Mail = lazy(() => import('@/resident/account/Mail'))
const Invitation = lazy(() => import('@/resident/coauthor/Invitation'))
const Vote = lazy(() => import('@/resident/vote/Vote'))
const Kiosk = lazy(() => import('./Kiosk'))

/** The residents' pages and their addresses. */
export function Site() {
  const lang = useLang()
  const { pathname } = useLocation()
  const wanted = langOfPath(pathname)
  const round = /^\/[^/]+\/rounds\/([^/]+)/.exec(pathname)?.[1]

  // The address decides the language, also when one goes back in the history.
  useEffect(() => {
    if (wanted && wanted !== lang) void speak(wanted)
  }, [wanted, lang])

  const kiosk = stored('osbu.kiosk') // lib/kiosk.ts
  const home = `/${lang}`
  const items = useMenu(round)
  if (kiosk)
    return (
      <Suspense>
        <Kiosk round={kiosk} />
      </Suspense>
    )
  return (
    <Layout home={home} items={items}>
      <Routes>
        <Route path="/" element={<ToLanguage />} />
        {!wanted && <Route path="/rounds/*" element={<ToLanguage />} />}
        {!wanted && <Route path="*" element={<Missing />} />}
        <Route path="/:lang" element={<Home />} />
        <Route path="/:lang/rounds/:round" element={<Round />} />
        <Route path="/:lang/rounds/:round/proposals" element={<Proposals />} />
        <Route path="/:lang/rounds/:round/proposals/:proposal" element={<Proposal />} />
        <Route path="/:lang/rounds/:round/mine" element={<Mine />} />
        <Route path="/:lang/rounds/:round/propose/:proposal?" element={<Propose />} />
        <Route path="/:lang/rounds/:round/events" element={<Events />} />
        <Route path="/:lang/rounds/:round/events/:event" element={<EventOfRound />} />
        <Route path="/:lang/rounds/:round/claim" element={<Claim />} />
        <Route path="/:lang/rounds/:round/list" element={<List />} />
        <Route path="/:lang/rounds/:round/results" element={<Results />} />
        <Route path="/:lang/rounds/:round/delivery/:project" element={<Built />} />
        <Route path="/:lang/rounds/:round/ledger" element={<Built />} />
        <Route path="/:lang/rounds/:round/statistics" element={<Built />} />
        <Route path="/:lang/rounds/:round/press" element={<Built />} />
        <Route path="/:lang/areas/:area" element={<Built />} />
        <Route path="/:lang/fund" element={<Built />} />
        <Route path="/:lang/delivery" element={<Built />} />
        <Route path="/:lang/data" element={<Built />} />
        <Route path="/:lang/rounds/:round/numbers" element={<Numbers />} />
        <Route path="/:lang/rounds/:round/rights" element={<Rights />} />
        <Route path="/:lang/rights" element={<Rights />} />
        <Route path="/:lang/rounds/:round/vote/*" element={<Vote />} />
        <Route path="/:lang/rounds/:round/kiosk" element={<Kiosk />} />
        <Route path="/:lang/account" element={<Account />} />
        <Route path="/:lang/mail/:act" element={<Mail />} />
        <Route path="/:lang/invitation" element={<Invitation />} />
        <Route path="/:lang/rounds/:round/check" element={<Check />} />
        <Route path="/:lang/rounds/:round/record" element={<Record />} />
        <Route path="/:lang/check" element={<Check />} />
        <Route path="/:lang/about/:page" element={<About />} />
        <Route path="*" element={<Missing />} />
      </Routes>
    </Layout>
  )
}

/** Shared addresses have no language: the browser's own decides. */
function ToLanguage() {
  const { pathname, search } = useLocation()
  return <Navigate to={{ pathname: withLang(pathname, preferredLang()), search }} replace />
}

/** The one menu of the site. What cannot be done in any round has no place in it. */
function useMenu(here: string | undefined): MenuItem[] {
  const { t } = useTranslation()
  const lang = useLang()
  const { data } = useQuery(roundsQuery)
  const { propose, vote, browse, results } = waysOf(data ?? [], here)
  const voted = useVoted(vote?.id)
  const at = (round: string, page: string) => `/${lang}/rounds/${round}${page}`
  return [
    ...(propose
      ? [{ to: at(propose.id, stageOf(propose).acts.includes('propose') ? '/propose' : ''), text: t('nav.propose') }]
      : []),
    ...(vote
      ? [
          voted
            ? { to: at(vote.id, '/vote/receipt'), text: t('nav.voted') }
            : { to: at(vote.id, stageOf(vote).acts.includes('vote') ? '/vote' : ''), text: t('nav.vote') },
        ]
      : []),
    ...(browse
      ? [
          { to: at(browse.id, '/proposals'), text: t(isFrozen(browse) ? 'nav.projects' : 'nav.proposals') },
          { to: at(browse.id, '/events'), text: t('nav.events') },
        ]
      : []),
    ...(results
      ? [
          { to: at(results.id, '/results'), text: t('nav.results') },
          { to: `/${lang}/delivery`, text: t('nav.delivery') },
        ]
      : []),
    { to: `/${lang}/account`, text: t('nav.account') },
  ]
}
