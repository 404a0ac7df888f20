import { useQuery } from '@tanstack/react-query'
import { useTranslation } from '@/lib/i18n'
import { Link } from '@/lib/router'
import build from '@/shared/picture/phase/build.svg?url'
import propose from '@/shared/picture/phase/propose.svg?url'
import vet from '@/shared/picture/phase/vet.svg?url'
import { roundsQuery, stageOf, waysOf, type Round } from '@/data/round'
import { useFormat, useLang } from '@/lib/format'
import style from './summary.module.css'

/** What comes after the result: the projects are planned together and built, and whose idea lost may propose anew. */
export function Next({ round }: { round: Round }) {
  const { t } = useTranslation('results')
  const lang = useLang()
  const { lastDay } = useFormat()
  const { data } = useQuery(roundsQuery)
  const open = waysOf(data ?? []).propose
  const proposing = open && stageOf(open).key === 'proposing' ? open : undefined
  return (
    <section className="stack">
      <h2>{t('next.heading')}</h2>
      <ol className={`plain ${style.next ?? ''}`}>
        <li>
          <img src={vet} width="120" height="120" alt="" loading="lazy" decoding="async" />
          <h3>{t('next.plan.title')}</h3>
          <p>{t('next.plan.text')}</p>
          <p>
            <Link to={`/${lang}/rounds/${round.id}/events`}>{t('next.plan.link')}</Link>
          </p>
        </li>
        <li>
          <img src={build} width="120" height="120" alt="" loading="lazy" decoding="async" />
          <h3>{t('next.build.title')}</h3>
          <p>{t('next.build.text')}</p>
        </li>
        <li>
          <img src={propose} width="120" height="120" alt="" loading="lazy" decoding="async" />
          <h3>{t('next.again.title')}</h3>
          <p>
            {proposing
              ? t('next.again.open', { date: lastDay(proposing.times.proposing.closes) })
              : t('next.again.text')}
          </p>
          {proposing && (
            <p>
              <Link to={`/${lang}/rounds/${proposing.id}/propose`}>{t('next.again.link')}</Link>
            </p>
          )}
        </li>
      </ol>
    </section>
  )
}
