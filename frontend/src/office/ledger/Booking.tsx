import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from '@/lib/i18n'
import { Button, Card, Select, TextInput } from '@/ui/hds'
import { Ask } from '@/ui/Ask'
import { Form } from '@/ui/form/Form'
import { useFields } from '@/ui/form/useFields'
import { announce } from '@/lib/announce'
import { ask, office, type Schemas } from '@/lib/api'
import { toLocal } from '@/lib/day'
import { useFormat, useLang } from '@/lib/format'
import { readMoney } from '@/lib/money'
import { useLocal } from '@/ui/text'
import type { Round } from '@/data/round'
import { limitsLedgerBooking } from '@/lib/limits.gen'
import { keys } from '@/data/keys'
import { bookingKinds, bookings, ledgerQuery, whose, type BookingKind, type Ledger } from '@/data/ledger'
import { RoundPage } from '../RoundPage'

/** Where an official books what became of the money. */
export function Booking() {
  const { t } = useTranslation('delivery', { keyPrefix: 'ledger' })
  return <RoundPage title={t('book.link')}>{(round) => <OfRound round={round} />}</RoundPage>
}

function OfRound({ round }: { round: Round }) {
  const { t } = useTranslation('delivery', { keyPrefix: 'ledger' })
  const lang = useLang()
  return (
    <Ask query={useQuery(ledgerQuery(round.id))}>
      {(ledger) => (
        <>
          <p>
            <a href={`/${lang}/rounds/${round.id}/ledger`}>{t('title')}</a>
          </p>
          {ledger.may && (
            <>
              <Card as="section">
                <BookForm round={round} ledger={ledger} />
              </Card>
              <Card as="section">
                <ReverseForm round={round} />
              </Card>
            </>
          )}
          <Newest ledger={ledger} />
        </>
      )}
    </Ask>
  )
}

/** Shows what the server then has. */
function useBooked(round: Round) {
  const { t } = useTranslation('delivery', { keyPrefix: 'ledger' })
  const cache = useQueryClient()
  return async (ledger: Ledger) => {
    cache.setQueryData(ledgerQuery(round.id).queryKey, ledger)
    announce(t('book.done'))
    await cache.invalidateQueries({ queryKey: keys.fund })
  }
}

/** The key of one filled in form: sent again after a lost connection it is booked no second time. */
const newRequest = () => crypto.randomUUID()

function BookForm({ round, ledger }: { round: Round; ledger: Ledger }) {
  const { t } = useTranslation('delivery', { keyPrefix: 'ledger' })
  const local = useLocal()
  const booked = useBooked(round)
  const [kind, setKind] = useState<BookingKind>('commit')
  const { project: ofProject, by } = bookings[kind]
  const [request, setRequest] = useState(newRequest)
  const { euros } = useFormat()
  const send = useMutation({
    mutationFn: (body: Schemas['LedgerBooking']) =>
      ask(office.POST('/api/v1/rounds/{round}/ledger', { params: { path: { round: round.id } }, body })),
    onSuccess: async (after) => {
      empty()
      setRequest(newRequest)
      await booked(after)
    },
  })
  const first = String(ledger.projects[0]?.project ?? '')
  const { values, form, field, empty } = useFields({
    start: {
      day: toLocal(new Date()).slice(0, 10),
      project: first,
      to: first,
      area: ledger.areas[0]?.area ?? '',
      cents: '',
      'reason.fi': '',
      'reason.sv': '',
      decision: '',
      voucher: '',
    },
    labels: {
      day: t('book.day'),
      project: t('book.project'),
      to: t('book.to'),
      area: t('book.area'),
      cents: t('book.amount'),
      'reason.fi': t('book.reason_fi'),
      'reason.sv': t('book.reason_sv'),
      decision: t('book.decision'),
      voucher: t('book.voucher'),
    },
    check: ({ cents }) => ({ cents: (readMoney(cents) ?? 0) > 0 ? undefined : t('book.wrong') }),
    prefix: 'book.',
    cause: send.error,
  })
  const projects = ledger.projects.map(({ project, title }) => ({
    value: String(project),
    label: `${String(project)} ${local(title)}`,
  }))
  const others = ofProject ? ledger.projects.find(({ project }) => String(project) === values.project)?.others : []
  return (
    <Form
      form={form}
      busy={send.isPending}
      onSend={() => {
        send.mutate({
          kind,
          request,
          day: values.day,
          cents: readMoney(values.cents) ?? 0,
          reason: { fi: values['reason.fi'], sv: values['reason.sv'] },
          ...(ofProject ? { project: Number(values.project) } : { area: values.area }),
          ...(kind === 'move' && { to: Number(values.to) }),
          ...(values.decision && { decision: values.decision }),
          ...(by === 'voucher' && { voucher: values.voucher }),
        })
      }}
      actions={
        <Button type="submit" busy={send.isPending}>
          {t('book.send')}
        </Button>
      }
    >
      <h2>{t('book.title')}</h2>
      <Select
        id="book.kind"
        label={t('book.kind')}
        error={form.errorOf('kind')}
        value={kind}
        options={bookingKinds.map((value) => ({ value, label: t(`kind.${value}`) }))}
        onChange={({ target }) => {
          setKind(bookingKinds.find((one) => one === target.value) ?? kind)
        }}
      />
      {ofProject ? (
        <Select {...field('project')} options={projects} />
      ) : (
        <Select
          {...field('area')}
          options={ledger.areas.map(({ area, name }) => ({ value: area, label: local(name) }))}
        />
      )}
      {others?.map((other) => (
        <p key={`${other.round}/${String(other.project)}`}>
          {t('other', { round: local(other.name), sum: euros(other.paid) })}
        </p>
      ))}
      {kind === 'move' && <Select {...field('to')} options={projects} />}
      <TextInput {...field('cents')} inputMode="decimal" required />
      <TextInput {...field('day')} type="date" required />
      {by === 'voucher' && (
        <TextInput
          {...field('voucher')}
          helper={t('book.voucher_hint')}
          required
          maxLength={limitsLedgerBooking.voucher.maxLength}
        />
      )}
      <TextInput {...field('reason.fi')} lang="fi" required maxLength={500} />
      <TextInput {...field('reason.sv')} lang="sv" required maxLength={500} />
      <TextInput {...field('decision')} required={by === 'decision'} maxLength={200} />
    </Form>
  )
}

function ReverseForm({ round }: { round: Round }) {
  const { t } = useTranslation('delivery', { keyPrefix: 'ledger' })
  const booked = useBooked(round)
  const send = useMutation({
    mutationFn: ({ entry, reason }: { entry: number; reason: Schemas['PublicText'] }) =>
      ask(
        office.POST('/api/v1/rounds/{round}/ledger/{entry}/reversal', {
          params: { path: { round: round.id, entry } },
          body: { reason },
        }),
      ),
    onSuccess: async (after) => {
      empty()
      await booked(after)
    },
  })
  const { values, form, field, empty } = useFields({
    start: { entry: '', 'reason.fi': '', 'reason.sv': '' },
    labels: {
      entry: t('book.reverse_number'),
      'reason.fi': t('book.reason_fi'),
      'reason.sv': t('book.reason_sv'),
    },
    check: ({ entry }) => ({ entry: /^[1-9]\d{0,15}$/.test(entry.trim()) ? undefined : t('book.reverse_number') }),
    prefix: 'reverse.',
    cause: send.error,
  })
  return (
    <Form
      form={form}
      busy={send.isPending}
      onSend={() => {
        send.mutate({
          entry: Number(values.entry),
          reason: { fi: values['reason.fi'], sv: values['reason.sv'] },
        })
      }}
      actions={
        <Button type="submit" variant="secondary" busy={send.isPending}>
          {t('book.reverse_title')}
        </Button>
      }
    >
      <h2>{t('book.reverse_title')}</h2>
      <TextInput {...field('entry')} inputMode="numeric" required />
      <TextInput {...field('reason.fi')} lang="fi" required maxLength={500} />
      <TextInput {...field('reason.sv')} lang="sv" required maxLength={500} />
    </Form>
  )
}

/** What was booked last, with the numbers by which it is reversed. */
function Newest({ ledger }: { ledger: Ledger }) {
  const { t } = useTranslation('delivery', { keyPrefix: 'ledger' })
  const { date, euros } = useFormat()
  const local = useLocal()
  return (
    <section className="stack">
      <h2>{t('entries')}</h2>
      <ol className="plain stack-s">
        {ledger.entries.slice(0, 30).map((entry) => (
          <li key={entry.id}>
            {t('entry', { number: entry.id })} · {date(entry.day)} · {t(`kind.${entry.kind}`)} ·{' '}
            <strong>{euros(entry.amount)}</strong>
            {whose(entry, ledger).map((name) => ` · ${local(name)}`)}
            {entry.voucher && ` · ${t('voucher', { number: entry.voucher })}`}
            {entry.reversed_by && ` · ${t('reversed', { number: entry.reversed_by })}`}
          </li>
        ))}
      </ol>
    </section>
  )
}
