import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { Ask } from '@/lib/Ask'
import { useFormat } from '@/lib/format'
import { Local } from '@/lib/text'
import { numbersQuery, type Round } from '@/round/rounds'

/** How many of those who may vote did, by paper and channel. */
export function Turnout({ round }: { round: Round }) {
  const { t } = useTranslation('results')
  const { number, percent } = useFormat()
  const query = useQuery(numbersQuery(round.id))
  return (
    <section className="stack">
      <h2>{t('turnout.heading')}</h2>
      <Ask query={query}>
        {(turnout) =>
          turnout.papers.map(({ paper, rights, online, assisted, on_paper }) => {
            const voted = online + assisted + on_paper
            const name = round.settings.papers.find(({ id }) => id === paper)?.name
            const channels = [
              ['online', online],
              ['assisted', assisted],
              ['on_paper', on_paper],
            ] as const
            return (
              <div key={paper} className="stack">
                {turnout.papers.length > 1 && name && (
                  <h3>
                    <Local text={name} />
                  </h3>
                )}
                <p className="lead">{t('turnout.of', { voted: number(voted), rights: number(rights), share: percent(rights > 0 ? voted / rights : 0) })}</p>
                <dl className="figures">
                  {channels.map(([channel, count]) => (
                    <div key={channel}>
                      <dt>{t(`turnout.${channel}`)}</dt>
                      <dd>{number(count)}</dd>
                    </div>
                  ))}
                </dl>
              </div>
            )
          })
        }
      </Ask>
    </section>
  )
}
