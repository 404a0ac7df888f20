import { useState, type ReactNode } from 'react'
import { useTranslation } from '@/lib/i18n'
import { Button } from '@/ui/hds'
import { useFormat } from '@/lib/format'
import { entryOf, stateOf } from './basket'
import { nextStep, previousStep, useVoting } from './voting'
import type { ManifestArea, ManifestPaper } from '@/receipt/crypto/manifest'
import { useGoToStep } from './useGoToStep'
import styles from './bar.module.css'

/** The id of what the bar says about a choice that is refused. */
export const whyId = 'vote-refusal'

/** Sticks to the foot of the screen: how much is chosen, and the way on. */
export function Bar({
  paper,
  area,
  picked,
  spent = 0,
  refusal,
  sum,
}: {
  paper: ManifestPaper
  area: ManifestArea
  picked: number
  spent?: number
  /** How far the paper is filled in, where that is neither picks nor money. */
  sum?: ReactNode
  /** Why the project that was pressed last cannot be chosen. */
  refusal?: { of: number; text: string }
}) {
  const { t } = useTranslation('vote')
  const { euros } = useFormat()
  const { manifest, basket, change } = useVoting()
  const goToStep = useGoToStep()
  const { form } = paper
  const next = nextStep(manifest, paper)
  const back = paper.areas.length > 1 ? `paper/${paper.id}` : previousStep(manifest, paper)
  // Whoever fills in a skipped paper after all wants to use it.
  const { skipped, ...entry } = entryOf(basket, paper.id)
  const state = stateOf(manifest, paper, entry)
  const [told, setTold] = useState<string>()
  const trouble = state === told ? told : undefined
  const pips = form.kind === 'approval' && form.max <= 10 ? form.max : 0

  return (
    <>
      <div className="actions">
        {back && (
          <Button
            variant="secondary"
            start="angle-left"
            onClick={() => {
              goToStep(back)
            }}
          >
            {t('back')}
          </Button>
        )}
        {picked === 0 && form.blank && (
          <Button
            variant="supplementary"
            onClick={() => {
              change(paper.id, (entry) => ({ area: area.id, picks: entry.picks, blank: true }))
              goToStep(next)
            }}
          >
            {t('blank.choose')}
          </Button>
        )}
        {manifest.papers.length > 1 && picked === 0 && (
          <Button
            variant="supplementary"
            onClick={() => {
              change(paper.id, (entry) => ({ ...entry, skipped: true }))
              goToStep(next)
            }}
          >
            {t('skip_paper')}
          </Button>
        )}
      </div>
      <div className={styles.bar} id="vote-bar" role="region" aria-label={t('bar.label')} tabIndex={-1}>
        <div className={styles.sum}>
          {sum ??
            (form.kind === 'knapsack' ? (
              <>
                <p>{t('bar.money', { left: euros(area.pot - spent) })}</p>
                <progress
                  max={Math.max(area.pot, 1)}
                  value={spent}
                  aria-label={t('bar.money_of', { spent: euros(spent), pot: euros(area.pot) })}
                />
              </>
            ) : (
              <>
                <p>{t('bar.count', { count: picked, max: form.max })}</p>
                {pips > 0 && (
                  <p className={styles.pips} aria-hidden="true">
                    {Array.from({ length: pips }, (_, index) => (
                      <span key={index} className={index < picked ? styles.on : undefined} />
                    ))}
                  </p>
                )}
              </>
            ))}
        </div>
        <Button
          end="arrow-right"
          onClick={() => {
            setTold(state)
            if (state !== 'ready') return
            if (skipped) change(paper.id, () => entry)
            goToStep(next)
          }}
        >
          {next === 'review' ? t('bar.review') : t('bar.next')}
        </Button>
        <div role="alert" className={styles.why}>
          {refusal && (
            <p key={refusal.of} id={whyId}>
              {refusal.text}
            </p>
          )}
          {(trouble === 'under_min' || trouble === 'over_max' || trouble === 'over_pot') && (
            <p>{t(`bar.${trouble}`, { count: trouble === 'over_max' ? form.max : Math.max(form.min, 1) })}</p>
          )}
          {(trouble === 'under_points' || trouble === 'over_points') && (
            <p>{t(`points.${trouble}`, { count: form.points, each: form.points_each })}</p>
          )}
        </div>
      </div>
    </>
  )
}
