import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query'

import { useTranslation } from '@/lib/i18n'
import { useSearchParams } from '@/lib/router'
import { Button, LinkButton } from '@/ui/hds'
import { More } from '@/ui/More'
import { Ask } from '@/ui/Ask'
import { useFormat, useLang } from '@/lib/format'
import { useLocal } from '@/ui/text'
import { stageOf, useRound, type Round } from '@/data/round'
import { AskPage } from '@/ui/AskPage'
import { Page } from '@/ui/Page'
import { useFirstNew } from '@/ui/useFirstNew'
import { Filters } from './Filters'
import { OnMap } from './OnMap'
import { ProposalCard } from './ProposalCard'
import { classes } from '@/lib/classes'
import styles from '@/shared/proposal/proposal.module.css'
import { filterOf, orderOf, proposalsQuery } from '@/data/proposal'
import { TakeAlong } from './TakeAlong'

/** All public proposals of a round. The address holds the filter, so a list can be shared. */
export default function Proposals() {
  const query = useRound()
  const { t } = useTranslation('proposal')
  return (
    <AskPage query={query} title={t('list.title')}>
      {(round) => <List round={round} />}
    </AskPage>
  )
}

function List({ round }: { round: Round }) {
  const { t } = useTranslation(['proposal', 'shell'])
  const lang = useLang()
  const local = useLocal()
  const { number } = useFormat()
  const [params, setParams] = useSearchParams()
  const filter = filterOf(params)
  // While people vote, nobody's project is first here either.
  const voting = stageOf(round).acts.includes('vote')
  const order = orderOf(params, voting && !filter.q ? 'day' : 'newest')
  const query = useInfiniteQuery({ ...proposalsQuery(round.id, filter, order), placeholderData: keepPreviousData })

  const onMap = params.get('map') === 'yes'
  const set = (changed: Record<string, string | undefined>) => {
    setParams((before) => {
      const after = new URLSearchParams(before)
      for (const [key, value] of Object.entries(changed)) {
        if (value) after.set(key, value)
        else after.delete(key)
      }
      return after
    })
  }

  const firstNew = useFirstNew(query.data?.pages.length ?? 0)

  return (
    <Page
      title={t('list.title')}
      above={[
        { to: `/${lang}`, text: t('shell:nav.home') },
        { to: `/${lang}/rounds/${round.id}`, text: local(round.name) },
      ]}
      lead={
        stageOf(round).acts.includes('propose') && (
          <div className="actions">
            <LinkButton to={`/${lang}/rounds/${round.id}/propose`} start="plus">
              {t('list.propose')}
            </LinkButton>
          </div>
        )
      }
    >
      <div className="stack">
        <Filters round={round} filter={filter} order={order} onChange={set} />
        <div>
          <Button
            small
            variant="secondary"
            start="map"
            aria-expanded={onMap}
            onClick={() => {
              set({ map: onMap ? '' : 'yes' })
            }}
          >
            {t(onMap ? 'map.hide' : 'map.show')}
          </Button>
        </div>
        {onMap && <OnMap round={round.id} filter={filter} />}
        <Ask query={query}>
          {({ pages }) => (
            <div className="stack">
              <p role="status" className={styles.count}>
                {t('list.count', { count: pages[0]?.total ?? 0, number: number(pages[0]?.total ?? 0) })}
              </p>
              {pages[0]?.total === 0 && <p>{t('list.none')}</p>}
              <ul className={classes('plain', styles.list)}>
                {pages.flatMap(({ proposals }, page) =>
                  proposals.map((proposal, index) => (
                    <ProposalCard
                      key={proposal.id}
                      proposal={proposal}
                      round={round}
                      ref={index === 0 && page === pages.length - 1 ? firstNew : undefined}
                    />
                  )),
                )}
              </ul>
              <More query={query}>{t('list.more')}</More>
            </div>
          )}
        </Ask>
        <TakeAlong round={round.id} filter={filter} />
      </div>
    </Page>
  )
}
