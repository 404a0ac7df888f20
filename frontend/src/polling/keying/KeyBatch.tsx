import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { Link, useParams } from '@/lib/router'
import { useTranslation } from '@/lib/i18n'
import { batchesQuery, keyingQuery, type Batch, type Report } from '@/data/paper'
import { onBallotQuery } from '@/data/results'
import { useRound, type Round } from '@/data/round'
import { useFormat } from '@/lib/format'
import { Ask } from '@/ui/Ask'
import { AskPage } from '@/ui/AskPage'
import { Button, Notification } from '@/ui/hds'
import { Missing } from '@/ui/Missing'
import { Page } from '@/ui/Page'
import { useLocal } from '@/ui/text'
import { Differences } from './Differences'
import { Stack } from './Stack'
import { toKeyed, type OnPaper } from './sheet'

/** A stack of ballot papers that one of two people keys in, apart from the other. */
export function KeyBatch() {
  return <AskPage query={useRound()}>{(round) => <OfRound round={round} />}</AskPage>
}

function OfRound({ round }: { round: Round }) {
  const { batch: name } = useParams()
  return (
    <AskPage query={useQuery(batchesQuery(round.id))}>
      {(batches) => {
        const batch = batches.find(({ batch }) => batch === name)
        return batch ? <OfBatch key={batch.attempt} round={round} batch={batch} /> : <Missing />
      }}
    </AskPage>
  )
}

function OfBatch({ round, batch }: { round: Round; batch: Batch }) {
  const { t } = useTranslation('polling')
  const local = useLocal()
  const { date, number } = useFormat()
  const paper = round.settings.papers.find(({ id }) => id === batch.paper)
  const ballot = useQuery(onBallotQuery(round.id))
  const open = batch.state === 'open' && round.phase === 'voting'
  const ready = open && Date.parse(round.now) >= Date.parse(round.times.voting.closes)
  return (
    <Page
      title={t('key.title', { batch: batch.batch })}
      above={[
        { to: '/polling', text: t('title') },
        { to: `/polling/${round.id}`, text: local(round.name) },
        { to: `/polling/${round.id}/batches`, text: t('batches.title') },
      ]}
      lead={`${batch.place}, ${date(batch.day)}${
        paper && round.settings.papers.length > 1 ? `, ${local(paper.name)}` : ''
      }. ${t('key.declared', { count: batch.declared, n: number(batch.declared) })}`}
    >
      {!open ? (
        <Notification label={t(`batches.state.${batch.state}`)}>{t('key.settled')}</Notification>
      ) : !ready ? (
        <Notification label={t('key.later')}>{t('key.later_text')}</Notification>
      ) : (
        <Ask query={ballot}>
          {(projects) =>
            paper && (
              <Keying
                round={round}
                batch={batch}
                on={{
                  form: paper.form,
                  projects: new Map(
                    [...projects]
                      .filter(([, { area }]) => paper.areas.includes(area))
                      .map(([number, { title, area, reserved_cost: cost, withdrawn }]) => [
                        number,
                        { title, area, cost, withdrawn },
                      ]),
                  ),
                  pots: new Map(round.settings.areas.map(({ id, pot }) => [id, pot])),
                }}
              />
            )
          }
        </Ask>
      )}
    </Page>
  )
}

/** Begins, and then goes on where one was: also after a reload. */
function Keying({ round, batch, on }: { round: Round; batch: Batch; on: OnPaper }) {
  const { t } = useTranslation('polling')
  const cache = useQueryClient()
  const [begun, setBegun] = useState(batch.mine !== undefined)
  const path = { round: round.id, paper_batch: batch.batch }
  const query = keyingQuery(path, begun)
  const keying = useQuery(query)
  if (!begun)
    return (
      <div className="stack prose">
        <p>{t('key.how')}</p>
        <p>{t('key.apart')}</p>
        <div className="actions">
          <Button
            onClick={() => {
              setBegun(true)
            }}
          >
            {t('key.begin')}
          </Button>
        </div>
      </div>
    )
  return (
    <Ask query={keying}>
      {(state) => {
        const told = (report: Report) => {
          cache.setQueryData(query.queryKey, { ...report, part: state.part })
          void cache.invalidateQueries({ queryKey: batchesQuery(round.id).queryKey })
        }
        const slot = `keying.${round.id}.${batch.batch}.${String(batch.attempt)}.${String(state.part)}`
        if (!state.handed_in)
          return (
            <div className="stack-l">
              {state.part === 2 && <Notification>{t('key.second')}</Notification>}
              <Stack
                path={path}
                on={on}
                slot={slot}
                declared={batch.declared}
                start={[]}
                onHandedIn={told}
                button={t('key.hand_in')}
              />
            </div>
          )
        if (state.keyed === 'once')
          return (
            <Done label={t('key.handed_in')} round={round}>
              <p>{t('key.waits')}</p>
              <Button
                variant="secondary"
                busy={keying.isFetching}
                onClick={() => {
                  void keying.refetch()
                }}
              >
                {t('key.look')}
              </Button>
            </Done>
          )
        if (state.keyed === 'agreed')
          return (
            <Done label={t('key.agreed')} round={round} good>
              <p>{t('key.agreed_text')}</p>
            </Done>
          )
        const mine = state.differences.flatMap(({ serial, first, second }) => {
          const sheet = state.part === 1 ? first : second
          return sheet ? [toKeyed(serial, sheet)] : []
        })
        return (
          <div className="stack-l">
            <Differences differences={state.differences} part={state.part} />
            <Stack
              key={state.differences.map(({ serial }) => serial).join()}
              path={path}
              on={on}
              slot={`${slot}.${state.differences.map(({ serial }) => serial).join('')}`}
              start={mine}
              onHandedIn={told}
              button={t('key.hand_in_again')}
            />
          </div>
        )
      }}
    </Ask>
  )
}

function Done({
  label,
  round,
  good = false,
  children,
}: {
  label: string
  round: Round
  good?: boolean
  children: React.ReactNode
}) {
  const { t } = useTranslation('polling')
  return (
    <div className="stack">
      <Notification kind={good ? 'success' : 'info'} label={label} live>
        <div className="stack">{children}</div>
      </Notification>
      <p>
        <Link to={`/polling/${round.id}/batches`}>{t('key.back')}</Link>
      </p>
    </div>
  )
}
