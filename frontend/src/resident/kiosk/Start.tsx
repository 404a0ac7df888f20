import { useQuery } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { useTranslation } from '@/lib/i18n'
import { useNavigate } from '@/lib/router'
import { kioskQuery } from '@/data/polling'
import { ask, office } from '@/lib/api'
import { plainCode } from '@/lib/code'
import { useLang } from '@/lib/format'
import { setKiosk, wipe } from '@/lib/kiosk'
import { Problem } from '@/lib/problem'
import { officeFor, presentCode } from '@/resident/vote/identity'
import { Form } from '@/ui/form/Form'
import { useForm } from '@/ui/form/useForm'
import { Button, TextInput } from '@/ui/hds'
import { Loading } from '@/ui/Loading'
import { Page } from '@/ui/Page'
import { Trouble } from '@/ui/problem/Trouble'
import { useLocal } from '@/ui/text'

/** Where each voter at a kiosk begins: nothing of the one before is there any more. */
export function Start({ round }: { round: string }) {
  const { t } = useTranslation('kiosk')
  const kiosk = useQuery(kioskQuery(round))
  useEffect(wipe, [])
  if (kiosk.data) return <Code round={round} kiosk={kiosk.data} />
  if (!kiosk.error) return <Loading title={t('title')} />
  if (kiosk.error instanceof Problem && kiosk.error.code === 'not_found') return <Over />
  return (
    <Page title={t('title')}>
      <Trouble cause={kiosk.error} retry={() => void kiosk.refetch()} />
    </Page>
  )
}

function Code({ round, kiosk }: { round: string; kiosk: { name: string; title: object } }) {
  const { t } = useTranslation(['kiosk', 'problem'])
  const local = useLocal()
  const lang = useLang()
  const go = useNavigate()
  const [code, setCode] = useState('')
  const [busy, setBusy] = useState(false)
  const [trouble, setTrouble] = useState<Problem>()
  const plain = plainCode(code)
  const form = useForm({
    wrong: { code: plain === '' ? t('code_missing') : undefined },
    cause: trouble,
    prefix: 'kiosk.',
    codes: { code_invalid: 'code' },
  })
  const begin = async () => {
    setBusy(true)
    setTrouble(undefined)
    try {
      await officeFor(round, { by: 'code', token: plain, kiosk: true }).rights()
      presentCode(round, plain, true)
      go(`/${lang}/rounds/${round}/vote`)
    } catch (cause) {
      setTrouble(cause instanceof Problem ? cause : new Problem('internal'))
    } finally {
      setBusy(false)
    }
  }
  return (
    <Page title={t('start.title')} lead={t('start.lead')}>
      <Form
        form={form}
        brief
        busy={busy}
        onSend={() => void begin()}
        actions={
          <Button type="submit" busy={busy}>
            {t('start.button')}
          </Button>
        }
      >
        <TextInput
          id="kiosk.code"
          label={t('start.code')}
          helper={t('start.helper')}
          error={form.errorOf('code')}
          required
          autoComplete="off"
          autoCapitalize="characters"
          spellCheck={false}
          maxLength={40}
          value={code}
          onChange={(event) => {
            setCode(event.target.value)
          }}
        />
      </Form>
      <p className="muted">
        {local(kiosk.title)}, {kiosk.name}
      </p>
    </Page>
  )
}

/** The day is over, or an officer has ended the kiosk. */
function Over() {
  const { t } = useTranslation('kiosk')
  const [busy, setBusy] = useState(false)
  const leave = async () => {
    setBusy(true)
    try {
      await ask(office.DELETE('/api/v1/kiosk'))
    } finally {
      setKiosk(undefined)
      location.reload()
    }
  }
  return (
    <Page title={t('over.title')} lead={t('over.lead')}>
      <div className="actions">
        <Button busy={busy} onClick={() => void leave()}>
          {t('over.button')}
        </Button>
      </div>
    </Page>
  )
}
