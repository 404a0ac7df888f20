import { lazy, Suspense, type ReactNode } from 'react'
import { useTranslation } from '@/lib/i18n'
import counted from '@/shared/picture/phase/count.svg?url'
import propose from '@/shared/picture/phase/propose.svg?url'
import vote from '@/shared/picture/phase/vote.svg?url'
import { LinkButton } from '@/ui/hds'
import { byUrgency, stageOf, waysOf, type Round } from '@/data/round'
import { useFormat, useLang } from '@/lib/format'
import { useVoted } from '@/receipt/voted'
import { Local } from '@/ui/text'
import style from './home.module.css'

// Words for when neither act is open, which is seldom: the first page does not wait for them.
const Standing = lazy(() => import('@/resident/round/Standing').then((found) => ({ default: found.Standing })))

/** What one can do now, as equals: vote and propose; where one of them is not open, see the results. */
export function Acts({ rounds }: { rounds: Round[] }) {
  const { t } = useTranslation('home')
  const { vote, propose, results } = waysOf(rounds)
  const [first] = byUrgency(rounds)
  if (!first) return <p className={style.acts}>{t('rounds.none')}</p>
  return (
    <div className={style.acts}>
      {vote && <ToVote round={vote} />}
      {propose && <ToPropose round={propose} />}
      {(!vote || !propose) && (results ?? !(vote ?? propose)) && (
        <Otherwise round={results ?? first} results={results !== undefined} />
      )}
    </div>
  )
}

function ToVote({ round }: { round: Round }) {
  const { t } = useTranslation('home')
  const voted = useVoted(round.id)
  const open = stageOf(round).key === 'voting'
  if (voted)
    return (
      <Act
        kind="vote"
        picture={vote}
        title={t('voted.title')}
        round={round}
        to="/vote/receipt"
        button={t('voted.button')}
      >
        <p>{t('voted.text')}</p>
      </Act>
    )
  return (
    <Act
      kind="vote"
      picture={vote}
      title={t(open ? 'vote.title' : 'vote.soon')}
      round={round}
      to={open ? '/vote' : ''}
      button={t(open ? 'vote.button' : 'look')}
    >
      <p>{open ? t('vote.text') : <Standing round={round} />}</p>
      {open && <Left opens={round.times.voting.opens} closes={round.times.voting.closes} now={round.now} />}
    </Act>
  )
}

function ToPropose({ round }: { round: Round }) {
  const { t } = useTranslation('home')
  const open = stageOf(round).key === 'proposing'
  return (
    <Act
      kind="propose"
      picture={propose}
      title={t(open ? 'propose.title' : 'propose.soon')}
      round={round}
      to={open ? '/propose' : ''}
      button={t(open ? 'propose.button' : 'look')}
    >
      <p>{open ? t('propose.text') : <Standing round={round} />}</p>
      {open && <Left opens={round.times.proposing.opens} closes={round.times.proposing.closes} now={round.now} />}
    </Act>
  )
}

/** Seldom, neither act is open: the results of the last round, or how things stand. */
function Otherwise({ round, results }: { round: Round; results: boolean }) {
  const { t } = useTranslation('home')
  const [to, title, button] = results
    ? ['/results', t('results.title'), t('results.button')]
    : ['', <Local key="name" text={round.name} />, t('look')]
  return (
    <Act kind="results" picture={counted} title={title} round={round} to={to} button={button}>
      <p>{results ? t('results.text') : <Standing round={round} />}</p>
    </Act>
  )
}

function Act({
  kind,
  picture,
  title,
  round,
  to,
  button,
  children,
}: {
  kind: 'vote' | 'propose' | 'results'
  picture: string
  title: ReactNode
  round: Round
  /** Below the round's address. */
  to: string
  button: string
  children: ReactNode
}) {
  const { t } = useTranslation('shell')
  const lang = useLang()
  const name = `act-${kind}`
  return (
    <section className={`${style.act ?? ''} ${style[kind] ?? ''}`} aria-labelledby={name}>
      <img src={picture} width="96" height="96" alt="" />
      <div className={style.what}>
        <p className={style.round}>
          <Local text={round.name} />
        </p>
        <h2 id={name}>{title}</h2>
        <Suspense>{children}</Suspense>
        {round.rehearsal && <p>{t('rehearsal')}</p>}
      </div>
      <div className={style.button}>
        <LinkButton to={`/${lang}/rounds/${round.id}${to}`} end="arrow-right" fullWidth>
          {button}
        </LinkButton>
      </div>
    </section>
  )
}

const day = 86_400_000

/** How much time is left, as a bar and in words. */
function Left({ opens, closes, now }: { opens: string; closes: string; now: string }) {
  const { t } = useTranslation('home')
  const { closing } = useFormat()
  const [from, at, to] = [opens, now, closes].map((time) => Date.parse(time)) as [number, number, number]
  const left = to - at
  const text =
    left < day
      ? t('left.hours', { count: Math.max(1, Math.floor(left / 3_600_000)) })
      : t('left.days', { count: Math.floor(left / day) })
  return (
    <div className={style.left}>
      <p>
        <strong>{text}</strong> {t('left.closes', { time: closing(closes) })}
      </p>
      <div className={style.time} aria-hidden="true">
        <svg viewBox="0 0 100 1" preserveAspectRatio="none">
          <rect width={String(Math.max(1, Math.min(100, (100 * left) / (to - from))))} height="1" />
        </svg>
      </div>
    </div>
  )
}
