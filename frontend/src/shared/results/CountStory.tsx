import { useId, useState } from 'react'
import { useTranslation } from '@/lib/i18n'
import { Button } from '@/ui/hds'
import type { AreaResult } from '@/data/results'
import { useFormat } from '@/lib/format'
import { useLocal } from '@/ui/text'
import style from './rows.module.css'
import { stepsOf } from './sentence'

/** The count, step by step, with a slider and buttons; each step says what happened and what was left. */
export function CountStory({ outcome }: { outcome: AreaResult }) {
  const { t } = useTranslation('results')
  const local = useLocal()
  const { euros, number } = useFormat()
  const id = useId()
  const [at, setAt] = useState(0)
  const steps = stepsOf(outcome.projects, outcome.rule.rule)
  const step = steps[at]
  if (!step || steps.length < 2) return null
  const { project, before, after, funded } = step
  const go = (to: number) => {
    setAt(Math.min(Math.max(to, 0), steps.length - 1))
  }
  return (
    <section className={`stack ${style.story ?? ''}`}>
      <h3>{t('story.heading')}</h3>
      <p>{t(project.points === undefined ? 'story.lead' : 'story.lead_points')}</p>
      <label htmlFor={id} className={style.label}>
        {t('story.step', { step: number(at + 1), steps: number(steps.length) })}
      </label>
      <input
        id={id}
        className={style.slider}
        type="range"
        min={0}
        max={steps.length - 1}
        value={at}
        aria-valuetext={t('story.spoken', { step: number(at + 1), title: local(project.title) })}
        onChange={({ target }) => {
          go(Number(target.value))
        }}
      />
      <div className={style.step} role="status">
        <p>
          <strong>{local(project.title)}</strong>
        </p>
        <p>
          {t(project.points === undefined ? 'story.asked' : 'story.asked_points', {
            votes: number(project.votes ?? 0),
            points: number(project.points ?? 0),
            cost: euros(project.cost),
            left: euros(before),
          })}
        </p>
        <p>
          {project.selected
            ? t('story.funded', { left: euros(after), count: funded, number: number(funded) })
            : t('story.skipped', { missing: euros(project.missing ?? 0) })}
        </p>
        <svg className={style.bar} viewBox="0 0 100 1" preserveAspectRatio="none" aria-hidden="true">
          <rect width={String((100 * after) / Math.max(1, outcome.pot))} height="1" />
        </svg>
      </div>
      <div className="actions">
        <Button
          variant="secondary"
          disabled={at === 0}
          start="angle-left"
          onClick={() => {
            go(at - 1)
          }}
        >
          {t('story.back')}
        </Button>
        <Button
          variant="secondary"
          disabled={at === steps.length - 1}
          end="angle-right"
          onClick={() => {
            go(at + 1)
          }}
        >
          {t('story.next')}
        </Button>
      </div>
    </section>
  )
}
