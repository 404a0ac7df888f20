import { useTranslation } from '@/lib/i18n'
import { Card } from '@/ui/hds'
import { useFormat, useLang } from '@/lib/format'
import type { Lang } from '@/lib/lang'
import { inLang } from '@/ui/text'
import type { Proposal } from '@/data/proposal'
import { Price } from './Price'
import styles from './proposal.module.css'

/** What the city answered: the reason of a rejection, or the cost and words of an acceptance. */
export function Answer({ proposal }: { proposal: Proposal }) {
  const { t } = useTranslation('proposal')
  const { rejection, answer, cost, reserved_cost: reserved, project, facilitator, state, author } = proposal
  // What became of it stands above: it went into another proposal, or was the city's own and has been undone.
  const elsewhere = state === 'merged' || state === 'split' || (state === 'withdrawn' && !author)
  if (elsewhere && !rejection && !answer && !cost) return null
  return (
    <Card as="section" className={styles.answer}>
      <h2>{t('answer.heading')}</h2>
      {!rejection && !answer && !cost && (
        <p>
          {t(
            state === 'withdrawn'
              ? 'answer.withdrawn'
              : state === 'needs_information'
                ? 'answer.asked'
                : state === 'in_evaluation' && facilitator
                  ? 'answer.taken'
                  : 'answer.none',
            { name: facilitator ?? '' },
          )}
        </p>
      )}
      {rejection && (
        <>
          <p>
            <strong>{t(`reason.${rejection.reason}`)}</strong>
          </p>
          <CityText text={rejection.text} />
        </>
      )}
      {answer && <CityText text={answer} />}
      {state === 'appealed' && <p>{t('answer.appealed')}</p>}
      {cost && project !== undefined && reserved !== undefined ? (
        <p>
          {t('cost.price')} <Price reserved={reserved} cost={cost} />
        </p>
      ) : (
        cost && <Cost {...cost} />
      )}
      {facilitator && (rejection ?? answer ?? cost) && <p className="muted">{t('answer.by', { name: facilitator })}</p>}
    </Card>
  )
}

/** A public text of the city; says so when it is not there in the reader's language. */
export function CityText({ text }: { text: Partial<Record<Lang, string>> }) {
  const { t } = useTranslation('proposal')
  const picked = inLang(text, useLang())
  const missing = picked.lang !== useLang()
  return (
    <>
      {missing && <p className="muted">{t('answer.not_translated')}</p>}
      <p className="lines" lang={missing ? picked.lang : undefined}>
        {picked.value}
      </p>
    </>
  )
}

export function Cost({ minimum, maximum, maintenance }: { minimum: number; maximum: number; maintenance: number }) {
  const { t } = useTranslation('proposal')
  const { euros } = useFormat()
  return (
    <dl className="facts">
      <div>
        <dt>{t('cost.build')}</dt>
        <dd>{minimum < maximum ? t('cost.range', { from: euros(minimum), to: euros(maximum) }) : euros(maximum)}</dd>
      </div>
      <div>
        <dt>{t('cost.maintenance')}</dt>
        <dd>{euros(maintenance)}</dd>
      </div>
    </dl>
  )
}
