import { useEffect, useId, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { Icon, StatusLabel, Tag } from '@/ui/hds'
import { useFormat } from '@/lib/format'
import { inLang, Local } from '@/ui/text'
import type { Round } from '@/data/round'
import type { BallotProject } from './voting'

interface ProjectCardProps {
  project: BallotProject
  round: Round
  chosen: boolean
  /** Why it could not be chosen when it was pressed last. */
  obstacle?: string
  onPress: () => void
}

/** A project on the ballot, with the box that one ticks to vote for it. */
export function ProjectCard({ project, round, chosen, obstacle, onPress }: ProjectCardProps) {
  const { t } = useTranslation('vote')
  const { euros } = useFormat()
  const id = useId()
  const why = useRef<HTMLParagraphElement>(null)
  useEffect(() => {
    if (obstacle) why.current?.scrollIntoView({ block: 'nearest' }) // from under the bar, by its scroll-padding
  }, [obstacle])
  const { number, title, cost, withdrawn, description, place, conflicts } = project
  const theme = round.settings.themes.find(({ id }) => id === project.theme)
  return (
    <li className={`project-card${chosen ? ' chosen' : ''}`}>
      <div className="project-card-body">
        <h2 id={`${id}-title`}>
          <Local text={title} />
        </h2>
        <p className="project-facts">
          <strong className="project-cost">{euros(cost)}</strong>
          <span>{t('project.number', { number })}</span>
          {place && (
            <span>
              <Icon name="location" size="xs" /> <Local text={place} />
            </span>
          )}
        </p>
        {(theme ?? withdrawn) && (
          <div className="tags">
            {withdrawn && <StatusLabel kind="alert">{t('project.withdrawn')}</StatusLabel>}
            {theme && (
              <Tag>
                <Local text={theme.name} />
              </Tag>
            )}
          </div>
        )}
        {withdrawn && <p>{t('project.withdrawn_text')}</p>}
        {conflicts.map(({ projects, reason }, index) => (
          <p key={index} className="project-conflict">
            {t('project.conflict', { count: projects.length, numbers: projects.join(', ') })} <Local text={reason} />
          </p>
        ))}
        {description && inLang(description, 'fi').value && (
          <details className="project-more">
            <summary>
              {t('project.more')}
              <span className="visually-hidden">
                {': '}
                <Local text={title} />
              </span>
            </summary>
            <p className="project-text">
              <Local text={description} />
            </p>
          </details>
        )}
      </div>
      <div className="project-tick">
        <input
          type="checkbox"
          id={id}
          checked={chosen}
          onChange={onPress}
          aria-describedby={obstacle ? `${id}-obstacle` : undefined}
        />
        <label htmlFor={id}>
          <span className="project-box" aria-hidden="true">
            <Icon name="check" />
          </span>
          <span>
            {t('project.vote')}
            <span className="visually-hidden">
              {': '}
              <Local text={title} />
            </span>
          </span>
        </label>
      </div>
      {obstacle && (
        <p className="project-obstacle" ref={why} id={`${id}-obstacle`}>
          <Icon name="error-fill" size="s" />
          <span>{obstacle}</span>
        </p>
      )}
    </li>
  )
}
