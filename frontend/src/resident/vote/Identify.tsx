import { useState } from 'react'
import { useTranslation } from '@/lib/i18n'
import { Link, Navigate } from '@/lib/router'
import { Button, AnchorButton, TextInput } from '@/ui/hds'
import { useLang } from '@/lib/format'
import { plainCode } from '@/lib/code'
import { Problem } from '@/lib/problem'
import { signInHref, useSession } from '@/lib/session'
import { Form } from '@/ui/form/Form'
import { useForm } from '@/ui/form/useForm'
import { filled } from './basket'
import { useReceipts } from './receipt'
import { useVoting } from './voting'
import { forgetCode, officeFor, presentCode } from './identity'
import { Step } from './Step'
import { useGoToStep } from './useGoToStep'
import { classes } from '@/lib/classes'
import styles from './identify.module.css'

/** Step 4: who votes. Two doors lead to the same last click. */
export function Identify() {
  const { t } = useTranslation('vote')
  const { round, manifest, basket, at } = useVoting()
  const lang = useLang()
  const session = useSession()
  const goToStep = useGoToStep()
  const voted = useReceipts(round.id).length > 0 && filled(manifest, basket).length === 0
  if (voted) return <Navigate to={at('receipt')} replace /> // one who comes back has nothing left to identify for
  return (
    <Step round={round} title={t('identify.title')} current="identify" lead={<p>{t('identify.lead')}</p>}>
      <div className={styles.doors}>
        <section className={classes(styles.door, 'stack')}>
          <h2>{t('identify.sign_in.heading')}</h2>
          {session?.signed_in ? (
            <>
              <p>{t('who.session', { name: session.name })}</p>
              <div className="actions">
                <Button
                  end="arrow-right"
                  onClick={() => {
                    forgetCode(round.id)
                    goToStep('review')
                  }}
                >
                  {t('identify.sign_in.go_on')}
                </Button>
              </div>
              <p className="muted">{t('identify.sign_in.not_me')}</p>
            </>
          ) : (
            <>
              <p>{t('identify.sign_in.text')}</p>
              <div className="actions">
                <AnchorButton start="signin" href={signInHref(at('review'), lang)}>
                  {t('identify.sign_in.button')}
                </AnchorButton>
              </div>
            </>
          )}
        </section>
        <CodeDoor />
      </div>
      <section className="prose">
        <h2>{t('identify.place.heading')}</h2>
        <p>{t('identify.place.text')}</p>
        <p>
          <Link to={`/${lang}/rounds/${round.id}/events?kind=voting`}>{t('identify.place.link')}</Link>
        </p>
        <p>
          <Link to={`/${lang}/about/paper`}>{t('identify.place.paper')}</Link>
        </p>
      </section>
      <section className="prose">
        <h2>{t('identify.why.heading')}</h2>
        <p>{t('identify.why.text')}</p>
      </section>
    </Step>
  )
}

function CodeDoor() {
  const { t } = useTranslation(['vote', 'problem'])
  const { round } = useVoting()
  const goToStep = useGoToStep()
  const [code, setCode] = useState('')
  const [busy, setBusy] = useState(false)
  const [trouble, setTrouble] = useState<Problem>()
  const plain = plainCode(code)
  const form = useForm({
    wrong: { code: plain === '' ? t('problem:field.required') : undefined },
    cause: trouble,
    prefix: 'vote.',
    codes: { code_invalid: 'code' },
  })

  const check = async () => {
    setBusy(true)
    setTrouble(undefined)
    try {
      await officeFor(round.id, { by: 'code', token: plain }).rights()
      presentCode(round.id, plain)
      goToStep('review')
    } catch (cause) {
      setTrouble(cause instanceof Problem ? cause : new Problem('internal'))
    } finally {
      setBusy(false)
    }
  }
  return (
    <section className={styles.door}>
      <Form
        form={form}
        brief
        busy={busy}
        onSend={() => void check()}
        actions={
          <Button type="submit" variant="secondary" busy={busy}>
            {t('identify.code.button')}
          </Button>
        }
      >
        <h2>{t('identify.code.heading')}</h2>
        <TextInput
          id="vote.code"
          label={t('identify.code.label')}
          helper={t('identify.code.helper')}
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
    </section>
  )
}
