import { useQuery, useQueryClient } from '@tanstack/react-query'
import { keys } from '@/data/keys'
import { useState } from 'react'
import { useTranslation } from '@/lib/i18n'
import { useLocation, useNavigate, useParams } from '@/lib/router'
import { Button, Notification, Spinner } from '@/ui/hds'
import { announce } from '@/lib/announce'
import { useLang } from '@/lib/format'
import { Problem } from '@/lib/problem'
import { useFocusAfter } from '@/ui/useFocusAfter'
import { Trouble } from '@/ui/problem/Trouble'
import { Page } from '@/ui/Page'
import { manifestQuery } from '@/receipt/manifest'
import type { ReceiptFile } from '@/receipt/crypto/receipt'
import { Stopped } from '@/receipt/stopped'
import { RoundCheckCode, StoppedNote } from '@/receipt/CheckCode'
import styles from './check.module.css'
import { examine, find, readCommit, type Finding } from '@/receipt/examine'
import { FileDoor, NumberDoor } from './Doors'
import { Findings } from '@/receipt/Findings'
import { publicLog } from '@/receipt/publicLog'
import { checkHref, saveReceipt } from '@/receipt/save'

/** What is to be checked: a receipt's file, or what the box has on a commit. */
export type Wanted = { file: ReceiptFile } | { round: string; commit: string }

/** Checks for anybody, without any sign-in, whether a ballot is in the public log. The browser does it, and sends nothing but the receipt's number. */
export default function Check() {
  const { t } = useTranslation(['check', 'shell'])
  const lang = useLang()
  const { round } = useParams()
  const { hash } = useLocation()
  const go = useNavigate()
  // A printed code and a saved link bring the number behind the #.
  const linked = round && readCommit(hash.slice(1))
  const [file, setFile] = useState<ReceiptFile>()
  const wanted: Wanted | undefined = file ? { file } : linked ? { round, commit: linked } : undefined

  return (
    <Page title={t('title')} above={[{ to: `/${lang}`, text: t('shell:nav.home') }]} lead={<p>{t('lead')}</p>}>
      <div className="stack-l">
        {wanted && <Result key={JSON.stringify(wanted)} wanted={wanted} />}
        <div className={styles.doors}>
          <FileDoor onFile={setFile} />
          <NumberDoor
            round={round}
            onNumber={(round, commit) => {
              setFile(undefined)
              go(checkHref(lang, round, commit))
            }}
          />
        </div>
        <section className="prose">
          <h2>{t('private.heading')}</h2>
          <p>{t('private.text')}</p>
          <h2>{t('how.heading')}</h2>
          <p>{t('how.text')}</p>
        </section>
      </div>
    </Page>
  )
}

/** A number of which the box knows nothing, or a round that this service does not have. */
type Unfound = 'number' | 'round'

function Result({ wanted }: { wanted: Wanted }) {
  const { t } = useTranslation('check')
  const cache = useQueryClient()
  const round = 'file' in wanted ? wanted.file.round : wanted.round
  const query = useQuery({
    queryKey: keys.check(wanted),
    queryFn: async (): Promise<Finding | Unfound> => {
      try {
        const manifest = await cache.fetchQuery(manifestQuery(round))
        const log = publicLog(round)
        if ('file' in wanted) return await examine(wanted.file, manifest, log)
        return (await find(wanted.commit, manifest, log)) ?? 'number'
      } catch (cause) {
        if (cause instanceof Problem && ['not_found', 'invalid_request'].includes(cause.code)) return 'round'
        throw cause
      }
    },
    gcTime: 0,
    retry: false,
    refetchOnWindowFocus: false,
  })
  const { data } = query
  const heading = useFocusAfter<HTMLHeadingElement>(data !== undefined)
  return (
    <section className="stack">
      <h2 ref={heading} tabIndex={-1}>
        {t('result')}
      </h2>
      {query.error &&
        (query.error instanceof Stopped ? (
          <StoppedNote reason={query.error.reason} />
        ) : (
          <Trouble cause={query.error} retry={() => void query.refetch()} />
        ))}
      {!query.error && data === undefined && <Spinner />}
      {typeof data === 'string' && (
        <Notification kind="alert" label={t(`unfound.${data}.heading`)} live>
          <p>{t(`unfound.${data}.text`)}</p>
          <p>{t(`unfound.${data}.do`)}</p>
        </Notification>
      )}
      {typeof data === 'object' && (
        <>
          <Findings finding={data} />
          <RoundCheckCode round={round} />
          {data.verdict !== 'untrue' && <Save finding={data} />}
        </>
      )}
    </section>
  )
}

function Save({ finding: { file, proven } }: { finding: Finding }) {
  const { t } = useTranslation('check')
  const commit = proven?.promised.commit
  if (!commit) return null
  return (
    <div className="actions">
      <Button
        variant="secondary"
        start="download"
        onClick={() => {
          saveReceipt(file, commit)
          announce(t('saved'))
        }}
      >
        {t(proven.logged || file.checkpoint ? 'save_proven' : 'save')}
      </Button>
    </div>
  )
}
