import { useQuery } from '@tanstack/react-query'
import { useTranslation } from '@/lib/i18n'
import { LinkButton } from '@/ui/hds'
import counted from '@/shared/picture/phase/build.svg?url'
import { resultsQuery } from '@/data/results'
import type { Round } from '@/data/round'
import { useFormat, useLang } from '@/lib/format'
import { Local } from '@/ui/text'
import style from './below.module.css'

/** How the last round ended, in one number and one picture. */
export function LastResults({ round }: { round: Round }) {
  const { t } = useTranslation('front')
  const lang = useLang()
  const { euros, number } = useFormat()
  const { data } = useQuery(resultsQuery(round.id))
  if (!data) return null
  const funded = data.areas.flatMap(({ projects }) => projects).filter(({ selected }) => selected).length
  const spent = data.areas.reduce((sum, area) => sum + area.spent, 0)
  const ballots = data.areas.reduce((sum, area) => sum + area.ballots, 0)
  return (
    <section className={style.last}>
      <img src={counted} width="120" height="120" alt="" loading="lazy" decoding="async" />
      <div className="stack-s">
        <h2>
          {t('last.heading')}: <Local text={round.name} />
        </h2>
        <p className={style.big}>{t('last.funded', { count: funded, number: number(funded) })}</p>
        <p>
          {data.source
            ? t('last.cost', { sum: euros(spent) })
            : t('last.with', { sum: euros(spent), count: ballots, ballots: number(ballots) })}
        </p>
        <div className="actions">
          <LinkButton variant="secondary" to={`/${lang}/rounds/${round.id}/results`}>
            {t('last.look')}
          </LinkButton>
        </div>
      </div>
    </section>
  )
}
