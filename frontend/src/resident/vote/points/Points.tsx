import { useState } from 'react'
import { useTranslation } from '@/lib/i18n'
import { announce } from '@/lib/announce'
import { useLocal } from '@/ui/text'
import type { ManifestArea, ManifestPaper } from '@/receipt/crypto/manifest'
import { Bar, whyId } from '../Bar'
import { entryOf, give, picksOf, pointsOf } from '../basket'
import { ProjectCard } from '../ProjectCard'
import { ProjectList } from '../ProjectList'
import { useVoting, type BallotProject } from '../voting'
import { Give } from './Give'
import { most, type Limit } from './limit'

/** Points that one gives to projects. */
export default function Points({ paper, area }: { paper: ManifestPaper; area: ManifestArea }) {
  const { t } = useTranslation('vote')
  const local = useLocal()
  const { round, basket, change } = useVoting()
  const [stopped, setStopped] = useState<{ number: number; why: Limit }>()
  const { form } = paper
  const { points = 0, points_each: each = points } = form
  const entry = entryOf(basket, paper.id)
  const picks = picksOf(paper, entry)
  const left = points - picks.reduce((sum, pick) => sum + pointsOf(entry, pick), 0)
  const why = (limit: Limit) => t(`points.limit.${limit}`, { points, each, max: form.max })
  const told = (left: number, picked: number) =>
    form.min > 1
      ? t('points.bar_min', { left, points, picked, min: form.min })
      : t('points.bar', { left, points, picked })

  /** As many as asked for, or as may be, and then why not more. */
  const ask = (number: number, wanted: number) => {
    const before = pointsOf(entry, number)
    const limit = most(form, picks.length, left, before)
    const given = Math.min(wanted, limit.points)
    setStopped(wanted > given ? { number, why: limit.why } : undefined)
    if (given !== before) change(paper.id, (entry) => give(paper, entry, number, given))
    const picked = picks.length + Number(given > 0) - Number(before > 0)
    if (given !== before) announce(`${t('points.given', { count: given })}. ${told(left + before - given, picked)}`)
  }

  const press = ({ number }: BallotProject) => {
    ask(number, picks.includes(number) ? 0 : 1)
  }

  return (
    <ProjectList
      paper={paper}
      area={area}
      how={[
        t(form.points_all ? 'points.how_all' : 'points.how', { count: points }),
        each < points && t('points.how_each', { count: each }),
        form.min > 1 && t('points.how_min', { count: form.min }),
        form.max < points && t('points.how_max', { count: form.max }),
      ]
        .filter(Boolean)
        .join(' ')}
      picks={picks}
      onPress={press}
      card={(project) => (
        <ProjectCard
          key={project.number}
          project={project}
          round={round}
          chosen={picks.includes(project.number)}
          onPress={() => {
            press(project)
          }}
          control={
            <Give
              title={local(project.title)}
              given={pointsOf(entry, project.number)}
              limited={most(form, picks.length, left, pointsOf(entry, project.number)).points}
              described={stopped?.number === project.number ? whyId : undefined}
              onGive={(wanted) => {
                ask(project.number, wanted)
              }}
            />
          }
        />
      )}
    >
      <Bar
        paper={paper}
        area={area}
        picked={picks.length}
        sum={<p>{told(left, picks.length)}</p>}
        refusal={stopped && { of: stopped.number, text: why(stopped.why) }}
      />
    </ProjectList>
  )
}
