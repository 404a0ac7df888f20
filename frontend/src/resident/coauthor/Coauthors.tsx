import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from '@/lib/i18n'
import { limitsNewInvitation } from '@/lib/limits.gen'
import { Button, Confirm, TextInput } from '@/ui/hds'
import { announce } from '@/lib/announce'
import { Ask } from '@/ui/Ask'
import { ask, office, type Schemas } from '@/lib/api'
import { useFormat } from '@/lib/format'
import { useForm } from '@/ui/form/useForm'
import { Trouble } from '@/ui/problem/Trouble'
import { proposalQuery } from '@/data/proposal'
import { classes } from '@/lib/classes'
import styles from './coauthor.module.css'
import { authorsQuery } from '@/data/coauthor'

/** Who writes the proposal with me: those who joined, those who are invited, and a way to invite one more. */
export function Coauthors({ round, proposal, level = 3 }: { round: string; proposal: number; level?: 2 | 3 }) {
  const Heading = `h${level}` as const
  const { t } = useTranslation('coauthor')
  return (
    <section className="stack-s">
      <Heading>{t('heading')}</Heading>
      <p>{t('lead')}</p>
      <Ask query={useQuery(authorsQuery(round, proposal))}>
        {({ authors, invitations, may_invite }) => (
          <>
            {(authors.length > 1 || invitations.length > 0) && (
              <ul className={classes('plain', styles.coauthors)}>
                {authors.map((author) => (
                  <Author key={author.id} round={round} proposal={proposal} author={author} />
                ))}
                {invitations.map((invitation) => (
                  <Waiting
                    key={`i${String(invitation.id)}`}
                    round={round}
                    proposal={proposal}
                    invitation={invitation}
                  />
                ))}
              </ul>
            )}
            {may_invite && <Invite round={round} proposal={proposal} />}
          </>
        )}
      </Ask>
    </section>
  )
}

function useRefresh(round: string, proposal: number) {
  const cache = useQueryClient()
  return async () => {
    await cache.invalidateQueries({ queryKey: authorsQuery(round, proposal).queryKey })
    void cache.invalidateQueries({ queryKey: proposalQuery(round, proposal).queryKey })
  }
}

function Author({ round, proposal, author }: { round: string; proposal: number; author: Schemas['Author'] }) {
  const { t } = useTranslation('coauthor')
  const refresh = useRefresh(round, proposal)
  const [asking, setAsking] = useState(false)
  const remove = useMutation({
    mutationFn: () =>
      ask(
        office.DELETE('/api/v1/rounds/{round}/proposals/{proposal}/authors/{account}', {
          params: { path: { round, proposal, account: author.id } },
        }),
      ),
    onSuccess: () => {
      announce(t('removed'))
      return refresh()
    },
    onSettled: () => {
      setAsking(false)
    },
  })
  const words = author.me ? 'leave' : 'remove'
  return (
    <li>
      <span>{author.me ? t('me', { name: author.name }) : author.name}</span>
      {author.may_remove && (
        <Button
          small
          variant="secondary"
          onClick={() => {
            setAsking(true)
          }}
        >
          {t(`${words}.action`)}
          <span className="visually-hidden">: {author.name}</span>
        </Button>
      )}
      {remove.error && <Trouble cause={remove.error} />}
      <Confirm
        open={asking}
        title={t(`${words}.title`)}
        action={t(`${words}.action`)}
        keep={t('stop')}
        busy={remove.isPending}
        onConfirm={() => {
          remove.mutate()
        }}
        onClose={() => {
          setAsking(false)
        }}
      >
        <p>{t(`${words}.text`, { name: author.name })}</p>
      </Confirm>
    </li>
  )
}

function Waiting({
  round,
  proposal,
  invitation,
}: {
  round: string
  proposal: number
  invitation: Schemas['OpenInvitation']
}) {
  const { t } = useTranslation('coauthor')
  const { date } = useFormat()
  const refresh = useRefresh(round, proposal)
  const end = useMutation({
    mutationFn: () =>
      ask(
        office.DELETE('/api/v1/rounds/{round}/proposals/{proposal}/invitations/{invitation}', {
          params: { path: { round, proposal, invitation: invitation.id } },
        }),
      ),
    onSuccess: () => {
      announce(t('ended'))
      return refresh()
    },
  })
  return (
    <li>
      <span>
        {invitation.address
          ? t('waiting', { address: invitation.address, date: date(invitation.until) })
          : t('waiting_of', { name: invitation.by, date: date(invitation.until) })}
      </span>
      <Button
        small
        variant="secondary"
        busy={end.isPending}
        onClick={() => {
          end.mutate()
        }}
      >
        {t('end')}
        <span className="visually-hidden">{invitation.address && `: ${invitation.address}`}</span>
      </Button>
      {end.error && <Trouble cause={end.error} />}
    </li>
  )
}

/** Not a form of its own: it stands within the proposal's. */
function Invite({ round, proposal }: { round: string; proposal: number }) {
  const { t } = useTranslation(['coauthor', 'problem'])
  const refresh = useRefresh(round, proposal)
  const [address, setAddress] = useState('')
  const [sent, setSent] = useState('')
  const invite = useMutation({
    mutationFn: () =>
      ask(
        office.POST('/api/v1/rounds/{round}/proposals/{proposal}/invitations', {
          params: { path: { round, proposal } },
          body: { address: address.trim() },
        }),
      ),
    onSuccess: () => {
      setSent(t('sent', { address: address.trim() }))
      setAddress('')
      form.begin()
      return refresh()
    },
  })
  const form = useForm({
    wrong: { address: address.trim() ? undefined : t('problem:field.required') },
    cause: invite.error,
    prefix: 'invite.',
  })
  const send = () => {
    setSent('')
    if (!invite.isPending && form.check()) invite.mutate()
  }
  return (
    <div className="stack-s">
      <TextInput
        id="invite.address"
        type="email"
        autoComplete="off"
        required
        maxLength={limitsNewInvitation.address.maxLength}
        label={t('address')}
        helper={t('address_help')}
        error={form.errorOf('address')}
        value={address}
        onChange={(event) => {
          setAddress(event.target.value)
          form.fill(['address'])
        }}
        onKeyDown={(event) => {
          if (event.key !== 'Enter') return
          event.preventDefault()
          send()
        }}
      />
      <div>
        <Button small variant="secondary" busy={invite.isPending} onClick={send}>
          {t('invite')}
        </Button>
      </div>
      <p role="status">{sent}</p>
      {form.trouble ? <Trouble cause={form.trouble} /> : null}
    </div>
  )
}
