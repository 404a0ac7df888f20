import { useState } from 'react'
import { between } from '@/lib/format'
import { useTranslation } from '@/lib/i18n'
import { announce } from '@/lib/announce'
import { useLocal } from '@/ui/text'
import type { ManifestArea, ManifestPaper } from '@/receipt/crypto/manifest'
import { Bar, whyId } from '../Bar'
import { entryOf, picksOf, place, toggle } from '../basket'
import { ProjectCard } from '../ProjectCard'
import { ProjectList } from '../ProjectList'
import { useVoting, type BallotProject } from '../voting'
import { Order } from './Order'

/** Projects that one chooses, and then puts in order, the best first. */
export default function Ranking({ paper, area }: { paper: ManifestPaper; area: ManifestArea }) {
  const { t } = useTranslation('vote')
  const local = useLocal()
  const { round, projects, basket, change } = useVoting()
  const [full, setFull] = useState<number>()
  const { form } = paper
  const picks = picksOf(paper, entryOf(basket, paper.id))
  const ranked = picks.flatMap((number) => projects.filter((project) => project.number === number))
  const told = (picked: number) =>
    form.min > 1
      ? t('ranking.bar_min', { picked, max: form.max, min: form.min })
      : t('ranking.bar', { picked, max: form.max })

  const press = ({ number, title }: BallotProject) => {
    const chosen = picks.includes(number)
    if (!chosen && picks.length >= form.max) {
      setFull(number)
      return
    }
    setFull(undefined)
    change(paper.id, (entry) => toggle(paper, entry, number))
    announce(
      chosen
        ? t('ranking.removed', { title: local(title) })
        : t('ranking.added', { title: local(title), place: picks.length + 1 }),
    )
  }
  const move = ({ number, title }: BallotProject, to: number) => {
    change(paper.id, (entry) => place(paper, entry, number, to))
    announce(t('ranking.moved', { title: local(title), place: to + 1, of: picks.length }))
  }

  return (
    <ProjectList
      paper={paper}
      area={area}
      how={t(form.min > 1 ? 'ranking.how_min' : 'ranking.how', { max: form.max, between: between(form.min, form.max) })}
      picks={picks}
      onPress={press}
      card={(project) => (
        <ProjectCard
          key={project.number}
          project={project}
          round={round}
          chosen={picks.includes(project.number)}
          refusedBy={full === project.number ? whyId : undefined}
          onPress={() => {
            press(project)
          }}
        />
      )}
    >
      <Order ranked={ranked} onMove={move} onRemove={press} />
      <Bar
        paper={paper}
        area={area}
        picked={picks.length}
        sum={<p>{told(picks.length)}</p>}
        refusal={full === undefined ? undefined : { of: full, text: t('obstacle.full', { max: form.max }) }}
      />
    </ProjectList>
  )
}
