import { Fragment, type Ref } from 'react'
import { useTranslation } from '@/lib/i18n'
import { Link } from '@/lib/router'
import { Icon, StatusLabel, Tag } from '@/ui/hds'
import { useLang } from '@/lib/format'
import { Local } from '@/ui/text'
import type { Round } from '@/data/round'
import { Favourite } from '@/resident/favourite/Favourite'
import { Picture } from '@/shared/picture/Picture'
import { Price } from '@/shared/proposal/Price'
import styles from '@/shared/proposal/proposal.module.css'
import { colourOf, wordsOf, type Proposal } from '@/data/proposal'

/** A proposal in a list. */
export function ProposalCard({
  proposal,
  round,
  level = 2,
  ref,
}: {
  proposal: Proposal
  round: Round
  level?: 2 | 3
  ref?: Ref<HTMLAnchorElement>
}) {
  const Heading = `h${level}` as const
  const { t } = useTranslation('proposal')
  const lang = useLang()
  const { state, cost, reserved_cost: reserved, project, comments } = proposal
  const { title, what } = wordsOf(proposal, lang)
  const { text } = proposal
  const image = proposal.images.at(0)
  const area = round.settings.areas.find(({ id }) => id === text.area)
  const theme = round.settings.themes.find(({ id }) => id === text.theme)
  return (
    <li className={styles.card}>
      <Picture round={round.id} proposal={proposal.id} image={image} theme={text.theme} lang={text.language} />
      <div className="tags">
        <StatusLabel kind={colourOf(state)}>{t(`state.${state}`)}</StatusLabel>
        {project !== undefined && <Tag>{t('number', { number: project })}</Tag>}
        {proposal.submitted_at && (
          <span className={styles.heart}>
            <Favourite round={round.id} proposal={proposal.id} title={title?.value ?? ''} />
          </span>
        )}
      </div>
      <Heading lang={title?.lang} dir="auto">
        <Link
          ref={ref}
          to={`/${lang}/rounds/${round.id}/${state === 'draft' ? 'propose' : 'proposals'}/${proposal.id}`}
        >
          {title?.value ?? t('untitled')}
        </Link>
      </Heading>
      {what && (
        <p className={styles.excerpt} lang={what.lang} dir="auto">
          {/* Each in its own direction, or the full stop of one stands before the next. */}
          {what.value.split(/\s*\n\s*/).map((paragraph, index) => (
            <Fragment key={index}>
              {index > 0 && ' '}
              <bdi>{paragraph}</bdi>
            </Fragment>
          ))}
        </p>
      )}
      <p className={styles.facts}>
        {area && (
          <span>
            <Icon name="location" size="xs" />
            <Local text={area.name} />
          </span>
        )}
        {theme && (
          <span>
            <Icon name="layers" size="xs" />
            <Local text={theme.name} />
          </span>
        )}
        {cost && reserved !== undefined && (
          <span>
            <Icon name="money-bag" size="xs" />
            <Price reserved={reserved} cost={cost} />
          </span>
        )}
        {comments !== undefined && (
          <span>
            <Icon name="speechbubble-text" size="xs" />
            {t('comments', { count: comments })}
          </span>
        )}
      </p>
    </li>
  )
}
