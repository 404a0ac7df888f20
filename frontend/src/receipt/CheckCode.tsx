import { useQuery } from '@tanstack/react-query'
import { useTranslation } from '@/lib/i18n'
import { Notification } from '@/ui/hds'
import { manifestQuery } from './manifest'
import { Stopped, type Reason } from './stopped'

/** The check code of a round's manifest, and what to do if another one stands elsewhere. */
export function CheckCode({ code }: { code: string }) {
  const { t } = useTranslation('check')
  return (
    <div className="prose">
      <p>
        {t('code.heading')}: <strong>{code}</strong>
      </p>
      <p className="muted no-print">{t('code.text')}</p>
    </div>
  )
}

/** A round's check code where nothing else needs its manifest; if this browser is shown another manifest than everybody, it says so. */
export function RoundCheckCode({ round }: { round: string }) {
  const { data, error } = useQuery(manifestQuery(round))
  if (error instanceof Stopped && error.reason !== 'insecure') return <StoppedNote reason={error.reason} />
  return data ? <CheckCode code={data.checkCode} /> : null
}

const told = ['unkept', 'insecure', 'unproven', 'unwitnessed', 'another_manifest', 'another_log'] as const

/** What does not hold, and what to do: for reasons that are nobody's own. */
export function StoppedNote({ reason }: { reason: Reason }) {
  const { t } = useTranslation('vote')
  const why = told.find((one) => one === reason) ?? 'distrusted'
  return (
    <Notification kind="error" label={t(`halt.${why}.heading`)} live>
      <p>{t(`halt.${why}.text`)}</p>
      <p>{t(`halt.${why}.do`)}</p>
    </Notification>
  )
}
