import { useState } from 'react'
import { useTranslation } from '@/lib/i18n'
import { useNavigate } from '@/lib/router'
import { Button, LinkButton, Notification, TextInput } from '@/ui/hds'
import { filled } from './basket'
import { pause, useVoting } from './voting'
import { Halt } from './Halt'
import { officeFor, useIdentity, type Identity } from './identity'
import { Step } from './Step'
import { Form } from '@/ui/form/Form'
import { useForm } from '@/ui/form/useForm'
import { Stopped } from '@/receipt/stopped'
import { classes } from '@/lib/classes'
import styles from './receipt.module.css'

/** Goes on with a vote that another browser began, by its recovery code. */
export function Recover() {
  const { t } = useTranslation('vote')
  const { round, at } = useVoting()
  const identity = useIdentity(round.id)
  return (
    <Step round={round} title={t('recover.title')} current="identify" lead={<p>{t('recover.lead')}</p>}>
      {identity && <CodeForm identity={identity} />}
      {identity === null && (
        <>
          <p>{t('recover.identify')}</p>
          <div className="actions">
            <LinkButton to={at('identify')} end="arrow-right">
              {t('review.identify')}
            </LinkButton>
          </div>
        </>
      )}
    </Step>
  )
}

function CodeForm({ identity }: { identity: Identity }) {
  const { t } = useTranslation(['vote', 'problem'])
  const { round, manifest, basket, at } = useVoting()
  const go = useNavigate()
  const [code, setCode] = useState('')
  const [busy, setBusy] = useState(false)
  const [wrong, setWrong] = useState<'malformed' | 'locked'>()
  const [trouble, setTrouble] = useState<unknown>()

  const form = useForm({
    wrong: { code: wrong ? t(`recover.${wrong}`) : code.trim() === '' ? t('problem:field.required') : undefined },
    prefix: 'recover.',
  })
  const refuse = (why: NonNullable<typeof wrong>) => {
    setWrong(why)
    form.check({ code: t(`recover.${why}`) })
  }
  const open = async () => {
    setTrouble(undefined)
    setBusy(true)
    try {
      const [{ readCode }, { recover }, { ownerId }] = await Promise.all([
        import('@/receipt/crypto/recovery'),
        import('./recover'),
        import('./envelope'),
      ])
      if (!readCode(code)) {
        refuse('malformed')
        return
      }
      await recover(
        { manifest, office: officeFor(round.id, identity), owner: await ownerId(identity.token), pause },
        code,
      )
      go(at(filled(manifest, basket).length > 0 ? 'review' : ''), { replace: true })
    } catch (cause) {
      if (cause instanceof Stopped && cause.reason === 'locked') refuse('locked')
      else setTrouble(cause)
    } finally {
      setBusy(false)
    }
  }
  return (
    <Form
      form={form}
      brief
      unchecked={wrong !== undefined}
      busy={busy}
      className={classes('stack', styles.recoverForm)}
      onSend={() => void open()}
      actions={
        <Button type="submit" busy={busy}>
          {t('recover.button')}
        </Button>
      }
    >
      <TextInput
        id="recover.code"
        label={t('recover.label')}
        helper={t('recover.helper')}
        error={form.errorOf('code')}
        required
        autoComplete="off"
        autoCapitalize="characters"
        spellCheck={false}
        maxLength={60}
        value={code}
        onChange={(event) => {
          setCode(event.target.value)
          setWrong(undefined)
        }}
      />
      {trouble instanceof Stopped && trouble.reason === 'nothing_left' ? (
        <Notification kind="alert" label={t('recover.nothing_left.heading')} live>
          <p>{t('recover.nothing_left.text')}</p>
        </Notification>
      ) : (
        trouble !== undefined && <Halt round={round} cause={trouble} />
      )}
    </Form>
  )
}
