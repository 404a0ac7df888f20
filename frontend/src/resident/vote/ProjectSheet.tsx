import { queryOptions, useQuery } from '@tanstack/react-query'
import { lazy, Suspense } from 'react'
import { useTranslation } from '@/lib/i18n'
import { Link, useNavigate } from '@/lib/router'
import { keys } from '@/data/keys'
import { mapQuery } from '@/data/map'
import { wordsOf } from '@/data/proposal'
import { ask } from '@/lib/api'
import { callerOf } from '@/lib/client'
import { useLang } from '@/lib/format'
import { Paragraph } from '@/shared/proposal/Paragraph'
import { Price } from '@/shared/proposal/Price'
import { Ask } from '@/ui/Ask'
import { Button, Dialog, Icon, Spinner } from '@/ui/hds'
import { Local } from '@/ui/text'
import type { Round } from '@/data/round'
import { Photo } from './Photo'
import type { BallotProject } from './voting'
import styles from './vote.module.css'

const PointsMap = lazy(() => import('@/shared/map/PointsMap'))

// Without the session's cookie: the office is not told who looks at what.
const anybody = callerOf({ credentials: 'omit' })

const sheetQuery = (round: string, proposal: number) =>
  queryOptions({
    queryKey: keys.onSheet(round, proposal),
    queryFn: () =>
      ask(anybody.GET('/api/v1/rounds/{round}/proposals/{proposal}', { params: { path: { round, proposal } } })),
    staleTime: 300_000,
  })

/** All about a project without leaving the vote: photos, what, why and where, on the map, and what it costs. */
export default function ProjectSheet({
  project,
  round,
  chosen,
  onPress,
  onClose,
}: {
  project: BallotProject
  round: Round
  chosen: boolean
  onPress: () => void
  onClose: () => void
}) {
  const { t } = useTranslation(['vote', 'proposal'])
  const { title, cost, parts, proposal = 0 } = project
  const query = useQuery(sheetQuery(round.id, proposal))
  return (
    <Dialog
      open
      title={<Local text={title} />}
      onClose={onClose}
      actions={
        <>
          <Button
            start={chosen ? 'cross' : 'check'}
            variant={chosen ? 'secondary' : 'primary'}
            onClick={() => {
              onPress()
              onClose()
            }}
          >
            {t(chosen ? 'project.unvote' : 'project.vote')}
          </Button>
          <Button variant="secondary" onClick={onClose}>
            {t('project.close')}
          </Button>
        </>
      }
    >
      <div className="stack">
        {parts && (
          <p>
            {t('proposal:cost.price')} <Price reserved={cost} cost={parts} />
          </p>
        )}
        <Ask query={query}>{(found) => <About found={found} project={project} round={round} />}</Ask>
      </div>
    </Dialog>
  )
}

type Found = Awaited<ReturnType<NonNullable<ReturnType<typeof sheetQuery>['queryFn']>>>

function About({ found, project, round }: { found: Found; project: BallotProject; round: Round }) {
  const { t } = useTranslation(['vote', 'proposal'])
  const lang = useLang()
  const go = useNavigate()
  const ground = useQuery(mapQuery)
  const { what, why, place } = wordsOf(found, lang)
  const page = `/${lang}/rounds/${round.id}/proposals/${String(found.id)}`
  const { point } = found.text
  return (
    <>
      {found.images.length > 0 && (
        <div className={styles.sheetPhotos}>
          {found.images.map((image) => (
            <Photo
              key={image.id}
              round={round.id}
              proposal={found.id}
              image={image}
              theme={project.theme}
              size="full"
            />
          ))}
        </div>
      )}
      <Paragraph heading={t('proposal:what')} text={what?.value} lang={lang} spoken={what?.lang} level={4} />
      <Paragraph heading={t('proposal:why')} text={why?.value} lang={lang} spoken={why?.lang} level={4} />
      <Paragraph heading={t('proposal:where')} text={place?.value} lang={lang} spoken={place?.lang} level={4} />
      {point && ground.data && (
        <Suspense fallback={<Spinner />}>
          <PointsMap
            features={[
              {
                id: found.id,
                geometry: { coordinates: [point.longitude, point.latitude] },
                properties: {
                  address: location.origin + page,
                  title: found.text.title ?? '',
                  listed_title: found.listing?.title,
                  language: found.text.language ?? 'fi',
                },
              },
            ]}
            ground={ground.data}
            onOpen={() => go(page)}
          />
        </Suspense>
      )}
      <p>
        <Link to={page}>
          {t('project.page')} <Icon name="arrow-right" size="xs" />
        </Link>
      </p>
    </>
  )
}
