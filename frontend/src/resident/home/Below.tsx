import { Suspense } from 'react'
import { useTranslation } from '@/lib/i18n'
import { Link } from '@/lib/router'
import { useLang } from '@/lib/format'
import { useFollow } from '@/data/follow'
import { keys } from '@/data/keys'
import { byUrgency, waysOf, type Round } from '@/data/round'
import WhatsOn from '@/resident/event/WhatsOn'
import { PhaseLabel } from '@/resident/round/Standing'
import { Uncast } from '@/resident/vote/Uncast'
import { Local } from '@/ui/text'
import { AreasOnMap } from './AreasOnMap'
import style from './below.module.css'
import { Help } from './Help'
import { LastResults } from './LastResults'
import { Steps } from './Steps'
import { ThreeProposals } from './ThreeProposals'
import { When } from './When'

/** What the front page tells below what one can do now. What waits for answers may then wait for its texts; what stands already stays. */
export default function Below({ rounds }: { rounds: Round[] }) {
  useFollow(rounds, keys.rounds)
  const sorted = byUrgency(rounds.filter(({ rehearsal }) => !rehearsal))
  const first = sorted[0] ?? byUrgency(rounds)[0]
  const { vote, propose, results } = waysOf(rounds)
  if (!first) return <Steps />
  return (
    <>
      {rounds.map((round) => (
        <Uncast key={round.id} round={round} />
      ))}
      <When round={vote ?? propose ?? first} />
      <AreasOnMap round={vote ?? propose ?? first} />
      <Suspense>{propose && <ThreeProposals round={propose} />}</Suspense>
      <Suspense>
        <WhatsOn round={vote ?? propose ?? first} />
      </Suspense>
      <Steps />
      <Help round={vote ?? propose ?? first} />
      <Suspense>{results && <LastResults round={results} />}</Suspense>
      <Others rounds={byUrgency(rounds)} />
    </>
  )
}

/** All rounds, with trials by made-up voters for whoever looks for them. */
function Others({ rounds }: { rounds: Round[] }) {
  const { t } = useTranslation('front')
  const real = rounds.filter(({ rehearsal }) => !rehearsal)
  const rehearsals = rounds.filter(({ rehearsal }) => rehearsal)
  return (
    <section className="stack">
      <h2>{t('rounds.heading')}</h2>
      <RoundList rounds={real} />
      {rehearsals.length > 0 && (
        <details>
          <summary className={style.rehearsals}>{t('rounds.rehearsals', { count: rehearsals.length })}</summary>
          <RoundList rounds={rehearsals} />
        </details>
      )}
    </section>
  )
}

function RoundList({ rounds }: { rounds: Round[] }) {
  const lang = useLang()
  if (rounds.length === 0) return null
  return (
    <ul className={`plain ${style.rounds ?? ''}`}>
      {rounds.map((round) => (
        <li key={round.id}>
          <Link to={`/${lang}/rounds/${round.id}`}>
            <Local text={round.name} />
          </Link>
          <PhaseLabel round={round} />
        </li>
      ))}
    </ul>
  )
}
