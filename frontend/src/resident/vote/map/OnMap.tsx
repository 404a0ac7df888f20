import { queryOptions, useQuery } from '@tanstack/react-query'
import { lazy, Suspense, useMemo, useState } from 'react'
import { keys } from '@/data/keys'
import { mapQuery } from '@/data/map'
import { ask } from '@/lib/api'
import { callerOf } from '@/lib/client'
import { useTranslation } from '@/lib/i18n'
import { Ask } from '@/ui/Ask'
import { Spinner } from '@/ui/hds'
import ProjectSheet from '../ProjectSheet'
import { useVoting, type BallotProject } from '../voting'

// Leaflet is fetched by those who open a map.
const BallotMap = lazy(() => import('./BallotMap'))

// Without the session's cookie, and of all areas at once: the office is not told who looks where.
const anybody = callerOf({ credentials: 'omit' })

const placesQuery = (round: string) =>
  queryOptions({
    queryKey: keys.places(round),
    queryFn: async () => {
      const { features } = await ask(
        anybody.GET('/api/v1/rounds/{round}/proposals.geojson', { params: { path: { round } } }),
      )
      return new Map(features.map(({ id, geometry: { coordinates } }) => [id, coordinates]))
    },
    staleTime: 300_000,
  })

/** The listed projects that have a place, on a map; a pin opens the project's sheet, in which one chooses. The list below says and does the same. */
export default function OnMap({
  projects,
  picks,
  onPress,
}: {
  projects: BallotProject[]
  picks: number[]
  onPress: (project: BallotProject) => void
}) {
  const { t } = useTranslation('vote')
  const { round } = useVoting()
  const places = useQuery(placesQuery(round.id))
  const ground = useQuery(mapQuery)
  const [opened, setOpened] = useState<BallotProject>()
  const pins = useMemo(
    () =>
      projects.flatMap((project) => {
        const [longitude, latitude] = places.data?.get(project.proposal ?? 0) ?? []
        return longitude === undefined || latitude === undefined ? [] : [{ project, latitude, longitude }]
      }),
    [projects, places.data],
  )
  return (
    <div className="stack-s">
      <Ask query={places}>
        {() => (
          <>
            <p>
              {pins.length === 0
                ? t('map.none')
                : `${t('map.count', { count: pins.length })} ${pins.length < projects.length ? t('map.others') : ''}`}
            </p>
            {pins.length > 0 && ground.data && (
              <Suspense fallback={<Spinner />}>
                <BallotMap pins={pins} picks={picks} ground={ground.data} onOpen={setOpened} />
              </Suspense>
            )}
          </>
        )}
      </Ask>
      {opened && (
        <ProjectSheet
          project={opened}
          round={round}
          chosen={picks.includes(opened.number)}
          onPress={() => {
            onPress(opened)
          }}
          onClose={() => {
            setOpened(undefined)
          }}
        />
      )}
    </div>
  )
}
