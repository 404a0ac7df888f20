import { useQuery } from '@tanstack/react-query'
import { lazy, Suspense, useEffect, useMemo, useRef } from 'react'
import { useTranslation } from '@/lib/i18n'
import { Route, Routes, useLocation, useNavigate } from '@/lib/router'
import { AskPage } from '@/ui/AskPage'
import { useLang } from '@/lib/format'
import { useFollowRound } from '@/data/follow'
import { isFrozen, stageOf, useRound, type Round } from '@/data/round'
import { Loading } from '@/ui/Loading'
import { Missing } from '@/ui/Missing'
import { Areas } from './Areas'
import { useBasket, withProject } from './basket'
import { arrivedFor, ballotProjects, ballotQuery, VotingContext, firstStep, useVoting } from './voting'
import type { Manifest } from '@/receipt/crypto/manifest'
import { Halt } from './Halt'
import { Identify } from './Identify'
import { Shut } from './Notices'
import { PaperProjects } from './PaperProjects'
import { Receipts } from './Receipts'
import { Recover } from './Recover'
import { Review } from './Review'
import { Step } from './Step'
import { manifestQuery } from '@/receipt/manifest'
import { Stopped } from '@/receipt/stopped'

const Sample = lazy(() => import('./sample/Sample'))
const VotingSheets = lazy(() => import('./sample/VotingSheets'))

/** Voting: choose first, identify last (product.md, "Voting"). */
export default function Vote() {
  const query = useRound()
  const { t } = useTranslation('vote')
  return (
    <AskPage query={query} title={t('title')}>
      {(round) => <Doors round={round} />}
    </AskPage>
  )
}

/** Receipts, the sample ballot and voting sheets can be looked at whenever there is a manifest; the rest only while the vote is open. */
function Doors({ round }: { round: Round }) {
  const { t } = useTranslation('vote')
  useFollowRound(round)
  return (
    <Routes>
      <Route
        path="receipt"
        element={
          <WithManifest round={round}>{(manifest) => <Receipts round={round} manifest={manifest} />}</WithManifest>
        }
      />
      {(['sample', 'sheets'] as const).map((path) => (
        <Route
          key={path}
          path={path}
          element={
            isFrozen(round) ? (
              <WithManifest round={round}>
                {(manifest) => (
                  <Suspense fallback={<Loading title={t('title')} />}>
                    {path === 'sample' ? (
                      <Sample round={round} manifest={manifest} />
                    ) : (
                      <VotingSheets round={round} manifest={manifest} />
                    )}
                  </Suspense>
                )}
              </WithManifest>
            ) : (
              <Shut round={round} />
            )
          }
        />
      ))}
      <Route
        path="*"
        element={
          stageOf(round).key === 'voting' ? (
            <WithManifest round={round}>{(manifest) => <Steps round={round} manifest={manifest} />}</WithManifest>
          ) : (
            <Shut round={round} />
          )
        }
      />
    </Routes>
  )
}

function WithManifest({ round, children }: { round: Round; children: (manifest: Manifest) => React.ReactNode }) {
  const { t } = useTranslation('vote')
  const query = useQuery(manifestQuery(round.id))
  if (query.error instanceof Stopped) {
    return (
      <Step round={round} title={t('title')}>
        <Halt round={round} cause={query.error} />
      </Step>
    )
  }
  return (
    <AskPage query={query} title={t('title')}>
      {children}
    </AskPage>
  )
}

function Steps({ round, manifest }: { round: Round; manifest: Manifest }) {
  const { t } = useTranslation('vote')
  const lang = useLang()
  const told = useQuery(ballotQuery(round.id))
  const { basket, change } = useBasket(round.id)
  const projects = useMemo(() => ballotProjects(manifest, told.data ?? []), [manifest, told.data])
  const at = (step: string) => `/${lang}/rounds/${round.id}/vote/${step}`
  return (
    <AskPage query={told} title={t('title')}>
      {() => (
        <VotingContext value={{ round, manifest, projects, basket, change, at }}>
          <Routes>
            <Route path="" element={<Begin />} />
            <Route path="paper/:paper" element={<Areas />} />
            <Route path="paper/:paper/projects" element={<PaperProjects />} />
            <Route path="review" element={<Review />} />
            <Route path="identify" element={<Identify />} />
            <Route path="recover" element={<Recover />} />
            <Route path="*" element={<Missing />} />
          </Routes>
        </VotingContext>
      )}
    </AskPage>
  )
}

/** Where filling in begins: at the project that one came for, picked if there is room, or else at the first paper. */
function Begin() {
  const { manifest, change, at } = useVoting()
  const go = useNavigate()
  const number = arrivedFor(useLocation().state)
  const begun = useRef(false)
  useEffect(() => {
    if (begun.current) return
    begun.current = true
    const area = manifest.projects.find((project) => project.number === number)?.area
    const paper = manifest.papers.find(({ areas }) => area !== undefined && areas.includes(area))
    const first = manifest.papers[0]
    if (paper && number !== undefined) {
      change(paper.id, (entry) => withProject(manifest, paper, entry, number))
      go(at(`paper/${paper.id}/projects`), { replace: true, state: { project: number } })
    } else if (first) go(at(firstStep(first)), { replace: true })
  })
  return null
}
