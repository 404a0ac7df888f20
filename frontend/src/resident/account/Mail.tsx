import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from '@/lib/i18n'
import { useLocation, useParams } from '@/lib/router'
import { Button, LinkButton, Notification } from '@/ui/hds'
import { ask, office } from '@/lib/api'
import { useLang } from '@/lib/format'
import { Trouble } from '@/ui/problem/Trouble'
import { Missing } from '@/ui/Missing'
import { Page } from '@/ui/Page'
import { tokenOf, type NotificationKind } from '@/data/account'

/** Where links in e-mails lead. Nothing happens before the button is pressed: mail programs open links on their own. */
export default function Mail() {
  const { act } = useParams()
  if (act === 'confirm') return <Confirm />
  if (act === 'stop') return <Stop />
  return <Missing />
}

function Confirm() {
  const { t } = useTranslation('account')
  const token = useToken()
  const confirm = useMutation({
    mutationFn: () => ask(office.POST('/api/v1/mailbox/confirmation', { body: { token } })),
  })
  return (
    <Act
      title={t('confirm.title')}
      text={t('confirm.text')}
      button={t('confirm.action')}
      done={confirm.isSuccess ? t('confirm.done') : undefined}
      busy={confirm.isPending}
      cause={confirm.error}
      act={() => {
        confirm.mutate()
      }}
    />
  )
}

function Stop() {
  const { t } = useTranslation('account')
  const token = useToken()
  const [ended, setEnded] = useState<NotificationKind>()
  const stop = useMutation({
    mutationFn: () => ask(office.POST('/api/v1/unsubscription', { params: { query: { token } } })),
    onSuccess: ({ kind }) => {
      setEnded(kind)
    },
  })
  return (
    <Act
      title={t('stop.title')}
      text={t('stop.text')}
      button={t('stop.action')}
      done={ended && t('stop.done', { kind: t(`kind.${ended}`) })}
      busy={stop.isPending}
      cause={stop.error}
      act={() => {
        stop.mutate()
      }}
    />
  )
}

/** Kept from the first sight of the page: the address may lose it when one moves about. */
function useToken() {
  const { hash } = useLocation()
  const [token] = useState(tokenOf(hash))
  return token
}

function Act({
  title,
  text,
  button,
  done,
  busy,
  cause,
  act,
}: {
  title: string
  text: string
  button: string
  done?: string
  busy: boolean
  cause: Error | null
  act: () => void
}) {
  const { t } = useTranslation(['account', 'shell'])
  const lang = useLang()
  return (
    <Page title={title} above={[{ to: `/${lang}`, text: t('shell:nav.home') }]}>
      <div className="stack-l">
        {done ? <Notification kind="success" label={done} live /> : <p className="lead">{text}</p>}
        {cause && <Trouble cause={cause} />}
        <div className="actions">
          {!done && (
            <Button busy={busy} onClick={act}>
              {button}
            </Button>
          )}
          <LinkButton variant="secondary" to={`/${lang}/account`}>
            {t('all_settings')}
          </LinkButton>
        </div>
      </div>
    </Page>
  )
}
