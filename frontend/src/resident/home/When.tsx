import { useTranslation } from '@/lib/i18n'
import build from '@/shared/picture/phase/build.svg?url'
import counted from '@/shared/picture/phase/count.svg?url'
import propose from '@/shared/picture/phase/propose.svg?url'
import vet from '@/shared/picture/phase/vet.svg?url'
import vote from '@/shared/picture/phase/vote.svg?url'
import { stageOf, type Round, type Stage } from '@/data/round'
import { useFormat } from '@/lib/format'
import { Local } from '@/ui/text'
import style from './below.module.css'

const steps = [
  ['propose', propose, ['proposing_soon', 'proposing']],
  ['vet', vet, ['vetting', 'voting_soon']],
  ['vote', vote, ['voting']],
  ['count', counted, ['counting']],
  ['build', build, ['results', 'archived']],
] as const satisfies readonly (readonly [string, string, readonly Stage['key'][]])[]

/** The round as five pictures, with its times; the present one is marked. */
export function When({ round }: { round: Round }) {
  const { t } = useTranslation('front')
  const { date, lastDay } = useFormat()
  const { key } = stageOf(round)
  const { proposing, vetting, voting } = round.times
  const span = ({ opens, closes }: { opens: string; closes: string }) => `${date(opens)} – ${lastDay(closes)}`
  const times = {
    propose: span(proposing),
    vet: span(vetting),
    vote: span(voting),
    count: t('when.after', { date: lastDay(voting.closes) }),
    build: t('when.build.time'),
  }
  return (
    <section className="stack">
      <h2>
        {t('when.heading')}: <Local text={round.name} />
      </h2>
      <ol className={`plain ${style.when ?? ''}`}>
        {steps.map(([step, picture, keys]) => {
          const now = keys.some((one) => one === key)
          return (
            <li key={step} className={now ? style.now : undefined} aria-current={now ? 'step' : undefined}>
              <img src={picture} width="120" height="120" alt="" loading="lazy" decoding="async" />
              <div>
                <h3>
                  {t(`when.${step}.title`)}
                  {now && <span className={style.tag}>{t('when.now')}</span>}
                </h3>
                <p className={style.time}>{times[step]}</p>
                <p>{t(`when.${step}.text`)}</p>
              </div>
            </li>
          )
        })}
      </ol>
    </section>
  )
}
