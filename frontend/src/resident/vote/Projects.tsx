import { useState } from 'react'
import { useTranslation } from '@/lib/i18n'
import { announce } from '@/lib/announce'
import { between, useFormat } from '@/lib/format'
import { Bar, whyId } from './Bar'
import { entryOf, obstacle, picksOf, toggle, type Obstacle } from './basket'
import { useVoting, type BallotProject } from './voting'
import type { ManifestArea, ManifestPaper } from '@/receipt/crypto/manifest'
import { ProjectCard } from './ProjectCard'
import { ProjectList } from './ProjectList'

/** Projects of which one picks some; a knapsack's must fit the money. */
export function Projects({ paper, area }: { paper: ManifestPaper; area: ManifestArea }) {
  const { t } = useTranslation('vote')
  const { round, projects, basket, change } = useVoting()
  const { euros } = useFormat()
  const [full, setFull] = useState<{ number: number; why: Obstacle }>()

  const picks = picksOf(paper, entryOf(basket, paper.id))
  const spent = projects
    .filter((project) => project.area === area.id && picks.includes(project.number))
    .reduce((sum, { cost }) => sum + cost, 0)
  const { form } = paper

  const press = (project: BallotProject) => {
    const chosen = picks.includes(project.number)
    const why = chosen ? undefined : obstacle(form, picks.length, spent, area.pot, project.cost)
    setFull(why && { number: project.number, why })
    if (why) return
    change(paper.id, (entry) => toggle(paper, entry, project.number))
    const count = picks.length + (chosen ? -1 : 1)
    announce(
      form.kind === 'knapsack'
        ? t('bar.money_said', { left: euros(area.pot - spent + (chosen ? project.cost : -project.cost)) })
        : t('bar.count', { count, max: form.max }),
    )
  }

  return (
    <ProjectList
      paper={paper}
      area={area}
      how={
        form.kind === 'knapsack'
          ? t('projects.knapsack', { pot: euros(area.pot) })
          : t('projects.approval', { count: form.max, between: between(form.min, form.max) })
      }
      picks={picks}
      onPress={press}
      card={(project) => (
        <ProjectCard
          key={project.number}
          project={project}
          round={round}
          chosen={picks.includes(project.number)}
          refusedBy={full?.number === project.number ? whyId : undefined}
          onPress={() => {
            press(project)
          }}
        />
      )}
    >
      <Bar
        paper={paper}
        area={area}
        picked={picks.length}
        spent={spent}
        refusal={
          full && { of: full.number, text: t(`obstacle.${full.why}`, { max: form.max, left: euros(area.pot - spent) }) }
        }
      />
    </ProjectList>
  )
}
