import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from '@/lib/i18n'
import { useLocation } from '@/lib/router'
import { limitsMailboxChange } from '@/lib/limits.gen'
import { AnchorButton, Button, Checkbox, ChoiceGroup, Confirm, Notification, Radio, Spinner, TextInput } from '@/ui/hds'
import { announce } from '@/lib/announce'
import { Ask } from '@/ui/Ask'
import { ask, office } from '@/lib/api'
import { useLang } from '@/lib/format'
import { city } from '@/lib/city'
import { hasRole, sessionQuery, signInHref, useSession } from '@/lib/session'
import { Form as FormFrame } from '@/ui/form/Form'
import { useForm } from '@/ui/form/useForm'
import { Trouble } from '@/ui/problem/Trouble'
import { Page } from '@/ui/Page'
import { classes } from '@/lib/classes'
import styles from './account.module.css'
import { PersonalData } from './PersonalData'
import { LookUps } from './LookUps'
import { MyEvents } from './MyEvents'
import { Places } from './Places'
import { Reminders } from './Reminders'
import { Sessions } from './Sessions'
import {
  updateMailbox,
  kinds,
  lookUpsQuery,
  mailboxQuery,
  sessionsQuery,
  useMyEvents,
  useMyReminders,
  type NotificationKind,
  type Mailbox,
} from '@/data/account'

/** All that is mine: where my proposals and receipts are, where my e-mails go and which of them I want, my data. */
export default function Account() {
  const { t } = useTranslation(['account', 'shell'])
  const lang = useLang()
  const { pathname } = useLocation()
  return (
    <Page title={t('title')} above={[{ to: `/${lang}`, text: t('shell:nav.home') }]} lead={t('lead')}>
      <div className="stack-l">
        <Places />
        <Ask query={useQuery(sessionQuery)}>
          {(session) =>
            session.signed_in ? (
              <Mine />
            ) : (
              <div className="stack">
                <Notification label={t('sign_in.title')}>{t('sign_in.text')}</Notification>
                <div className="actions">
                  <AnchorButton href={signInHref(pathname, lang)}>{t('shell:sign_in')}</AnchorButton>
                </div>
              </div>
            )
          }
        </Ask>
      </div>
    </Page>
  )
}

/** Some parts are silent where they have nothing to say: all come together, so that none pushes another away. */
function Mine() {
  const { t } = useTranslation(['account', 'event']) // with the texts of its parts: none of them waits for its own
  const events = useMyEvents()
  const reminders = useMyReminders()
  const others = [useQuery(mailboxQuery), useQuery(lookUpsQuery), useQuery(sessionsQuery)]
  if (events.pending || reminders.pending || others.some(({ isPending }) => isPending)) return <Spinner />
  return (
    <>
      <MyEvents />
      <Reminders />
      <section className="stack">
        <h2>{t('emails.heading')}</h2>
        <p>{t('emails.lead')}</p>
        <MailboxForm />
      </section>
      <LookUps />
      <Sessions />
      <PersonalData />
    </>
  )
}

function MailboxForm() {
  const query = useQuery(mailboxQuery)
  return <Ask query={query}>{(mailbox) => <Form key={mailbox.address ?? ''} mailbox={mailbox} />}</Ask>
}

function Form({ mailbox }: { mailbox: Mailbox }) {
  const { t } = useTranslation(['account', 'shell'])
  const cache = useQueryClient()
  const [address, setAddress] = useState(mailbox.address ?? mailbox.suggested ?? '')
  const [language, setLanguage] = useState(mailbox.language)
  const [muted, setMuted] = useState<NotificationKind[]>(mailbox.muted)
  const [atOnce, setAtOnce] = useState(mailbox.at_once)
  const staff = hasRole(useSession(), 'facilitator', 'expert', 'official')
  const [removing, setRemoving] = useState(false)
  const keep = useMutation({
    mutationFn: () => updateMailbox({ address: address.trim(), language, muted, at_once: atOnce }),
    onSuccess: (kept) => {
      cache.setQueryData(mailboxQuery.queryKey, kept)
      announce(t(kept.confirmed ? 'saved' : 'sent', { address: kept.address }))
    },
  })
  const forget = useMutation({
    mutationFn: () => ask(office.DELETE('/api/v1/mailbox')),
    onSuccess: async () => {
      await cache.invalidateQueries({ queryKey: mailboxQuery.queryKey })
      announce(t('removed'))
    },
    onSettled: () => {
      setRemoving(false)
    },
  })
  const form = useForm({
    wrong: { address: /^\S+@\S+\.\S+$/.test(address.trim()) ? undefined : t('address_wrong') },
    cause: keep.error,
    prefix: 'account.',
  })
  return (
    <div className={classes('stack-l', styles.account)}>
      {!mailbox.sends && (
        <Notification kind="alert" label={t('off.title')}>
          {t('off.text')}
        </Notification>
      )}
      {mailbox.address && (
        <Notification
          kind={mailbox.confirmed ? 'success' : 'alert'}
          label={t(mailbox.confirmed ? 'confirmed.title' : 'waiting.title', { address: mailbox.address })}
        >
          {t(mailbox.confirmed ? 'confirmed.text' : 'waiting.text', { address: mailbox.address })}
        </Notification>
      )}
      <FormFrame
        form={form}
        brief
        busy={keep.isPending}
        className="stack-l"
        onSend={keep.mutate}
        actions={
          <>
            <Button type="submit" busy={keep.isPending}>
              {t(mailbox.address && !mailbox.confirmed && address.trim() === mailbox.address ? 'again' : 'save')}
            </Button>
            {mailbox.address && (
              <Button
                variant="secondary"
                onClick={() => {
                  setRemoving(true)
                }}
              >
                {t('remove.action')}
              </Button>
            )}
          </>
        }
      >
        <TextInput
          id="account.address"
          label={t('address')}
          helper={t('address_help')}
          error={form.errorOf('address')}
          required
          type="email"
          autoComplete="email"
          inputMode="email"
          maxLength={limitsMailboxChange.address.maxLength}
          value={address}
          onChange={(event) => {
            setAddress(event.target.value)
          }}
        />
        <ChoiceGroup legend={t('language')}>
          {city().languages.map((lang) => (
            <Radio
              key={lang}
              name="language"
              label={t(`in.${lang}`)}
              checked={language === lang}
              onChange={() => {
                setLanguage(lang)
              }}
            />
          ))}
        </ChoiceGroup>
        <ChoiceGroup legend={t('kinds')}>
          {kinds
            .filter((kind) => kind !== 'work' || staff)
            .map((kind) => (
              <Checkbox
                key={kind}
                label={t(`kind.${kind}`)}
                checked={!muted.includes(kind)}
                onChange={(event) => {
                  setMuted(event.target.checked ? muted.filter((one) => one !== kind) : [...muted, kind])
                }}
              />
            ))}
        </ChoiceGroup>
        {staff && !muted.includes('work') && (
          <ChoiceGroup legend={t('work.when')}>
            {[true, false].map((once) => (
              <Radio
                key={String(once)}
                name="at_once"
                label={t(once ? 'work.at_once' : 'work.daily')}
                checked={atOnce === once}
                onChange={() => {
                  setAtOnce(once)
                }}
              />
            ))}
          </ChoiceGroup>
        )}
        {forget.error && <Trouble cause={forget.error} />}
      </FormFrame>
      <p className="muted">{t('privacy')}</p>
      <Confirm
        open={removing}
        title={t('remove.title')}
        action={t('remove.action')}
        keep={t('remove.keep')}
        busy={forget.isPending}
        onConfirm={() => {
          forget.mutate()
        }}
        onClose={() => {
          setRemoving(false)
        }}
      >
        <p>{t('remove.text')}</p>
      </Confirm>
    </div>
  )
}
