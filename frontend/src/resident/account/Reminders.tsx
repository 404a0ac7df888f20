import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useTranslation } from '@/lib/i18n'
import {
  mailboxQuery,
  remindersQuery,
  askReminders,
  useMyReminders,
  type ReminderOf,
  type Reminders as State,
} from '@/data/account'
import type { Round } from '@/data/round'
import { announce } from '@/lib/announce'
import { Checkbox, ChoiceGroup, Notification } from '@/ui/hds'
import { Trouble } from '@/ui/problem/Trouble'
import { useLocal } from '@/ui/text'

/** Of what in each vote I am reminded by e-mail; silent where nothing is to come or no e-mails are sent. */
export function Reminders() {
  const { t } = useTranslation('account')
  const { data: mailbox } = useQuery(mailboxQuery)
  const { all } = useMyReminders()
  if (!mailbox?.sends || all.length === 0) return null
  return (
    <section className="stack" id="reminders">
      <h2>{t('reminders.heading')}</h2>
      <p className="prose">{t('reminders.lead')}</p>
      {all.map(({ round, state }) => (
        <OfRound key={round.id} round={round} state={state} />
      ))}
      {!mailbox.confirmed && all.some(({ state }) => state.asked.length > 0) && (
        <Notification kind="alert">{t('reminders.address')}</Notification>
      )}
    </section>
  )
}

function OfRound({ round, state }: { round: Round; state: State }) {
  const { t } = useTranslation('account')
  const name = useLocal()(round.name)
  const cache = useQueryClient()
  const change = useMutation({
    mutationFn: (asked: ReminderOf[]) => askReminders(round.id, asked),
    onSuccess: (kept) => {
      cache.setQueryData(remindersQuery(round.id).queryKey, kept)
      void cache.invalidateQueries({ queryKey: mailboxQuery.queryKey })
      announce(t('reminders.saved'))
    },
  })
  const asked = change.isPending ? change.variables : state.asked
  return (
    <div className="stack-s">
      <ChoiceGroup legend={name}>
        {state.coming.map((of) => (
          <Checkbox
            key={of}
            label={t(`reminders.${of}`)}
            checked={asked.includes(of)}
            onChange={(event) => {
              change.mutate(event.target.checked ? [...asked, of] : asked.filter((one) => one !== of))
            }}
          />
        ))}
      </ChoiceGroup>
      {change.error && <Trouble cause={change.error} />}
    </div>
  )
}
