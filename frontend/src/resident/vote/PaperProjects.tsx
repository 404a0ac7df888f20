import { lazy, Suspense } from 'react'
import { useTranslation } from '@/lib/i18n'
import { Navigate, useParams } from '@/lib/router'
import { Loading } from '@/ui/Loading'
import { Missing } from '@/ui/Missing'
import { areaOf, entryOf } from './basket'
import { Projects } from './Projects'
import { useVoting } from './voting'

const Points = lazy(() => import('./points/Points'))
const Ranking = lazy(() => import('./ranking/Ranking'))

/** Step 2: what to vote for, as the paper's form has it. */
export function PaperProjects() {
  const { t } = useTranslation('vote')
  const { manifest, basket, at } = useVoting()
  const { paper: id } = useParams()
  const paper = manifest.papers.find((paper) => paper.id === id)
  if (!paper) return <Missing />
  const area = manifest.areas.find(({ id }) => id === areaOf(paper, entryOf(basket, paper.id)))
  if (!area) return <Navigate to={at(`paper/${paper.id}`)} replace />
  const Form = { approval: Projects, knapsack: Projects, points: Points, ranking: Ranking }[paper.form.kind]
  return (
    <Suspense fallback={<Loading title={t('projects.title')} />}>
      <Form key={paper.id} paper={paper} area={area} />
    </Suspense>
  )
}
