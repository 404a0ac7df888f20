import { useState } from 'react'
import { useTranslation } from '@/lib/i18n'
import { Button } from '@/ui/hds'
import counted from '@/shared/picture/phase/count.svg?url'
import type { Results } from '@/data/results'
import type { Round } from '@/data/round'
import { useFormat } from '@/lib/format'
import { share } from '@/lib/share'
import { useLocal } from '@/ui/text'
import style from './summary.module.css'

/** How the round ended, in one large sentence, and a way to pass it on. */
export function Summary({ round, results }: { round: Round; results: Results }) {
  const { t } = useTranslation('results')
  const local = useLocal()
  const { euros, number } = useFormat()
  const [said, setSaid] = useState('')
  const funded = results.areas.flatMap(({ projects }) => projects).filter(({ selected }) => selected).length
  const spent = results.areas.reduce((sum, area) => sum + area.spent, 0)
  const ballots = results.areas.reduce((sum, area) => sum + area.ballots, 0)
  const tell = async () => {
    const url = location.origin + location.pathname
    const became = await share({ title: `${local(round.name)}: ${t('title')}`, url })
    if (became === 'copied') setSaid(t('summary.copied'))
    if (became === 'refused') setSaid(url) // it can be copied by hand
  }
  return (
    <section className={style.summary}>
      <img src={counted} width="120" height="120" alt="" decoding="async" />
      <div className="stack-s">
        <p className={style.big}>{t('summary.funded', { count: funded, number: number(funded) })}</p>
        <p>{t('summary.with', { count: ballots, ballots: number(ballots), sum: euros(spent) })}</p>
        {results.decision && <p>{t('decision', { decision: results.decision })}</p>}
        {results.published && (
          <div className="actions no-print">
            <Button variant="secondary" start="share" onClick={() => void tell()}>
              {t('summary.share')}
            </Button>
            <p role="status" className={style.said}>
              {said}
            </p>
          </div>
        )}
      </div>
    </section>
  )
}
