import { lazy, Suspense, useId, useState, type ReactNode } from 'react'
import { useTranslation } from '@/lib/i18n'
import { Button, Icon, StatusLabel, Tag } from '@/ui/hds'
import { useFormat, useLang } from '@/lib/format'
import { inLang, Local, useLocal } from '@/ui/text'
import type { Round } from '@/data/round'
import { Favourite } from '@/resident/favourite/Favourite'
import { Price } from '@/shared/proposal/Price'
import { firstSentence } from './order'
import { Photo } from './Photo'
import type { BallotProject } from './voting'
import { classes } from '@/lib/classes'
import styles from './projects.module.css'

const ProjectSheet = lazy(() => import('./ProjectSheet'))

interface ProjectCardProps {
  project: BallotProject
  round: Round
  chosen: boolean
  /** The id of what says why it could not be chosen when it was pressed last. */
  refusedBy?: string
  onPress: () => void
  /** Stands instead of the box where one does more than choose. */
  control?: ReactNode
}

/** A project on the ballot. The whole card is the box that one ticks to vote for it, but for what is pressed on it. */
export function ProjectCard({ project, round, chosen, refusedBy, onPress, control }: ProjectCardProps) {
  const { t } = useTranslation('vote')
  const { euros } = useFormat()
  const lang = useLang()
  const local = useLocal()
  const id = useId()
  const [open, setOpen] = useState(false)
  const { number, title, cost, parts, withdrawn, description, place, proposal, image, conflicts } = project
  const theme = round.settings.themes.find(({ id }) => id === project.theme)
  const said = inLang(description ?? {}, lang)
  return (
    <li className={classes(styles.card, chosen && styles.chosen)}>
      <Photo round={round.id} proposal={proposal} image={image} theme={project.theme} />
      <div className={styles.cardBody}>
        <div className={styles.head}>
          <h2 id={`${id}-title`}>
            <Local text={title} />
          </h2>
          {proposal !== undefined && <Favourite round={round.id} proposal={proposal} title={local(title)} />}
        </div>
        {said.value && <p lang={said.lang === lang ? undefined : said.lang}>{firstSentence(said.value, said.lang)}</p>}
        <p className={styles.facts}>
          <span className={styles.cost}>
            {parts ? <Price reserved={cost} cost={parts} /> : <strong>{euros(cost)}</strong>}
          </span>
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
          <p key={index}>
            {t('project.conflict', { count: projects.length, numbers: projects.join(', ') })} <Local text={reason} />
          </p>
        ))}
        {proposal !== undefined && (
          <div className={styles.more}>
            <Button
              small
              variant="supplementary"
              aria-haspopup="dialog"
              onClick={() => {
                setOpen(true)
              }}
            >
              {t('project.more')}
              <span className="visually-hidden">
                {': '}
                <Local text={title} />
              </span>
            </Button>
          </div>
        )}
      </div>
      {control ?? (
        <div className={styles.tick}>
          <input type="checkbox" id={id} checked={chosen} onChange={onPress} aria-describedby={refusedBy} />
          <label htmlFor={id}>
            <span className={styles.box} aria-hidden="true">
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
      )}
      {open && (
        <Suspense>
          <ProjectSheet
            project={project}
            round={round}
            chosen={chosen}
            onPress={onPress}
            onClose={() => {
              setOpen(false)
            }}
          />
        </Suspense>
      )}
    </li>
  )
}
