import { queryOptions, skipToken, useQuery } from '@tanstack/react-query'
import { keys } from '@/data/keys'
import { useDeferredValue, useEffect, useState } from 'react'
import { useTranslation } from '@/lib/i18n'
import { Button, Notification } from '@/ui/hds'
import { ask, office } from '@/lib/api'
import { useLang } from '@/lib/format'
import { useSession } from '@/lib/session'
import { interestQuery, useBind } from '@/shared/proposal/Interest'
import type { Proposal } from '@/data/proposal'
import styles from './propose.module.css'

/** How long after the last key is looked, in milliseconds, and how much must be written. */
const pause = 600
const least = 4

const similarQuery = (round: string, text: string) =>
  queryOptions({
    queryKey: keys.similar(round, text),
    queryFn:
      text.length >= least
        ? () => ask(office.GET('/api/v1/rounds/{round}/similar', { params: { path: { round }, query: { text } } }))
        : skipToken,
    staleTime: 60_000,
    placeholderData: (before: Proposal[] | undefined) => (text.length >= least ? before : []),
  })

/** Tells, while a title is written, of proposals that say nearly the same: one may support one of them or go on. */
export function Similar({ round, title, but }: { round: string; title: string; but?: number }) {
  const { t } = useTranslation('propose')
  const text = usePaused(useDeferredValue(title.trim()).slice(0, 200))
  const { data = [] } = useQuery(similarQuery(round, text))
  const found = data.filter(({ id }) => id !== but)
  return (
    <div role="status">
      {found.length > 0 && (
        <Notification label={t('similar.title')}>
          <p>{t('similar.text')}</p>
          <ul className="plain stack-s">
            {found.map((proposal) => (
              <One key={proposal.id} round={round} proposal={proposal} />
            ))}
          </ul>
        </Notification>
      )}
    </div>
  )
}

function One({ round, proposal }: { round: string; proposal: Proposal }) {
  const { t } = useTranslation('propose')
  const lang = useLang()
  const session = useSession()
  const options = interestQuery(round, proposal.id)
  const { data } = useQuery({ ...options, queryFn: session?.signed_in ? options.queryFn : skipToken })
  const bind = useBind(round, proposal.id)
  return (
    <li className={styles.similar}>
      <a
        href={`/${lang}/rounds/${round}/proposals/${String(proposal.id)}`}
        target="_blank"
        rel="noopener"
        lang={proposal.text.language}
        dir="auto"
      >
        {proposal.text.title}
      </a>
      {data && !proposal.mine && (
        <Button
          small
          variant={data.supports ? 'primary' : 'secondary'}
          start={data.supports ? 'heart-fill' : 'heart'}
          aria-pressed={data.supports}
          busy={bind.isPending}
          onClick={() => {
            bind.mutate({ tie: 'support', on: !data.supports })
          }}
        >
          {t(data.supports ? 'similar.supported' : 'similar.support')}
          <span className="visually-hidden">: {proposal.text.title}</span>
        </Button>
      )}
    </li>
  )
}

/** The value once it has not changed for a while. */
function usePaused(value: string): string {
  const [settled, setSettled] = useState(value)
  useEffect(() => {
    const timer = setTimeout(() => {
      setSettled(value)
    }, pause)
    return () => {
      clearTimeout(timer)
    }
  }, [value])
  return settled
}
