import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { Navigate, Route, Routes } from 'react-router'
import { AskPage } from '@/ui/AskPage'
import { useLang } from '@/lib/format'
import { stageOf, useRound, type Round } from '@/data/round'
import { Missing } from '@/ui/Missing'
import { Areas } from './Areas'
import { useBasket } from './basket'
import { ballotProjects, ballotQuery, VotingContext, firstStep } from './voting'
import type { Manifest } from '@/receipt/crypto/manifest'
import { Halt } from './Halt'
import { Identify } from './Identify'
import { Shut } from './Notices'
import { Projects } from './Projects'
import { Receipts } from './Receipts'
import { Recover } from './Recover'
import { Review } from './Review'
import { Step } from './Step'
import { manifestQuery } from '@/receipt/manifest'
import { Stopped } from '@/receipt/stopped'
import './vote.css'

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

/** Receipts can be looked at whenever there is a manifest; the rest only while the vote is open. */
function Doors({ round }: { round: Round }) {
  return (
    <Routes>
      <Route
        path="receipt"
        element={
          <WithManifest round={round}>{(manifest) => <Receipts round={round} manifest={manifest} />}</WithManifest>
        }
      />
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
  const first = manifest.papers[0]
  return (
    <AskPage query={told} title={t('title')}>
      {() => (
        <VotingContext value={{ round, manifest, projects, basket, change, at }}>
          <Routes>
            {first && <Route index element={<Navigate to={at(firstStep(first))} replace />} />}
            <Route path="paper/:paper" element={<Areas />} />
            <Route path="paper/:paper/projects" element={<Projects />} />
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
