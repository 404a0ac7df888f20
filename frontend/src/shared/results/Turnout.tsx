import { useQuery } from '@tanstack/react-query'
import { useTranslation } from '@/lib/i18n'
import { Link } from '@/lib/router'
import { Ask } from '@/ui/Ask'
import { useFormat, useLang } from '@/lib/format'
import { Local } from '@/ui/text'
import type { Results } from '@/data/results'
import { numbersQuery, type Round } from '@/data/round'
import { Voids } from './Voids'

/** How many of those who may vote did, by paper; the numbers' own page tells the rest. */
export function Turnout({ round, voids }: { round: Round; voids: Results['void'] }) {
  const { t } = useTranslation('results')
  const lang = useLang()
  const { number, percent } = useFormat()
  const query = useQuery(numbersQuery(round.id))
  return (
    <section className="stack">
      <h2>{t('turnout.heading')}</h2>
      <Ask query={query}>
        {({ papers }) =>
          papers.map(({ paper, rights, online, assisted, on_paper }) => {
            const voted = online + assisted + on_paper
            const name = round.settings.papers.find(({ id }) => id === paper)?.name
            return (
              <div key={paper} className="stack">
                {papers.length > 1 && name && (
                  <h3>
                    <Local text={name} />
                  </h3>
                )}
                <p className="lead">
                  {t('turnout.of', {
                    voted: number(voted),
                    rights: number(rights),
                    share: percent(rights > 0 ? voted / rights : 0),
                  })}
                </p>
              </div>
            )
          })
        }
      </Ask>
      <Voids round={round} voids={voids} />
      <p>
        <Link to={`/${lang}/rounds/${round.id}/statistics`}>{t('turnout.statistics')}</Link>
      </p>
      <p>
        <Link to={`/${lang}/rounds/${round.id}/numbers`}>{t('turnout.numbers')}</Link>
      </p>
    </section>
  )
}
