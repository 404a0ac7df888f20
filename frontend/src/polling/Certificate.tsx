import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useTranslation } from '@/lib/i18n'
import { useParams } from '@/lib/router'
import { accountQuery, differenceOf, placesQuery, type Certificate as Signed, type Place } from '@/data/polling'
import { useRound, type Round } from '@/data/round'
import { announce } from '@/lib/announce'
import { ask, office, type Schemas } from '@/lib/api'
import { useFormat } from '@/lib/format'
import { limitsNewCertificate } from '@/lib/limits.gen'
import { readWhole } from '@/lib/number'
import { AskPage } from '@/ui/AskPage'
import { Form } from '@/ui/form/Form'
import { useFields } from '@/ui/form/useFields'
import { Button, Notification, TextArea, TextInput } from '@/ui/hds'
import { Missing } from '@/ui/Missing'
import { Page } from '@/ui/Page'
import { printSheet } from '@/ui/print'
import { Trouble } from '@/ui/problem/Trouble'
import { useLocal } from '@/ui/text'
import styles from './polling.module.css'

type Account = Schemas['PlaceAccount']

/** A place's account of its sheets of paper, when the ballot box has been emptied: two officers sign it. */
export function Certificate() {
  return <AskPage query={useRound()}>{(round) => <OfRound round={round} />}</AskPage>
}

function OfRound({ round }: { round: Round }) {
  const { place: id } = useParams()
  return (
    <AskPage query={useQuery(placesQuery(round.id))}>
      {(places) => {
        const place = places.find((one) => String(one.id) === id)
        return place?.kiosks ? <OfPlace round={round} place={place} /> : <Missing />
      }}
    </AskPage>
  )
}

function OfPlace({ round, place }: { round: Round; place: Place }) {
  const { t } = useTranslation('polling')
  const local = useLocal()
  return (
    <AskPage query={useQuery(accountQuery(round.id, place.id))}>
      {(account) => {
        const [last] = account.certificates
        return (
          <Page
            title={t('certificate.title')}
            above={[
              { to: '/polling', text: t('title') },
              { to: `/polling/${round.id}`, text: local(round.name) },
              { to: `/polling/${round.id}/${String(place.id)}`, text: local(place.title) },
            ]}
            lead={t('certificate.lead')}
          >
            <div className="stack-l">
              {last && <Sheet round={round} place={place} account={account} certificate={last} />}
              <Count key={last?.number} round={round} place={place} account={account} />
            </div>
          </Page>
        )
      }}
    </AskPage>
  )
}

const undoneOf = ({ spoiled, returned, mistake }: Account) => spoiled + returned + mistake

function useRefresh(round: Round, place: Place) {
  const cache = useQueryClient()
  return () => cache.invalidateQueries({ queryKey: accountQuery(round.id, place.id).queryKey })
}

/** The last certificate, as it is printed, and what is left to do about it. */
function Sheet({
  round,
  place,
  account,
  certificate,
}: {
  round: Round
  place: Place
  account: Account
  certificate: Signed
}) {
  const { t } = useTranslation('polling')
  const local = useLocal()
  const { date, number } = useFormat()
  const refresh = useRefresh(round, place)
  const sign = useMutation({
    mutationFn: () =>
      ask(
        office.PUT('/api/v1/rounds/{round}/places/{event}/certificate/{number}/signature', {
          params: { path: { round: round.id, event: place.id, number: certificate.number } },
        }),
      ),
    onSuccess: () => {
      announce(t('certificate.done'))
      return refresh()
    },
  })
  const outdated = certificate.marked !== account.marked || certificate.undone !== undoneOf(account)
  const rows = [
    ['marked', certificate.marked],
    ['undone', certificate.undone],
    ['sheets', certificate.sheets],
    ['taken_away', certificate.taken_away],
    ['difference', certificate.difference],
  ] as const
  return (
    <section className="stack">
      {outdated ? (
        <Notification kind="alert" label={t('certificate.outdated')}>
          {t('certificate.outdated_text')}
        </Notification>
      ) : certificate.second ? (
        <Notification kind="success" label={t('certificate.signed')} />
      ) : (
        <Notification label={t('certificate.waits', { name: certificate.first })}>
          {t('certificate.waits_text')}
        </Notification>
      )}
      <article className={`sheet ${styles.certificate ?? ''}`} aria-label={t('certificate.title')}>
        <p>{local(round.name)}</p>
        <h2>
          {t('certificate.title')}: {local(place.title)}
        </h2>
        <p>
          {place.place}, {place.address}
        </p>
        <p>{t('certificate.version', { number: number(certificate.number), day: date(certificate.day) })}</p>
        <table>
          <tbody>
            {rows.map(([name, n]) => (
              <tr key={name}>
                <th scope="row">{t(`certificate.${name}`)}</th>
                <td>{number(n)}</td>
              </tr>
            ))}
          </tbody>
        </table>
        <p>{t('certificate.sum')}</p>
        {certificate.reason && (
          <p>
            {t('certificate.reason')}: {certificate.reason}
          </p>
        )}
        <p>{t('certificate.by', { name: certificate.first })}</p>
        {certificate.second && <p>{t('certificate.by', { name: certificate.second })}</p>}
      </article>
      {sign.error && <Trouble cause={sign.error} />}
      <div className="actions">
        {!certificate.second && !outdated && (
          <Button
            busy={sign.isPending}
            onClick={() => {
              sign.mutate()
            }}
          >
            {t('certificate.sign_second')}
          </Button>
        )}
        {certificate.second && (
          <Button variant="secondary" start="printer" onClick={printSheet}>
            {t('answer.print')}
          </Button>
        )}
      </div>
    </section>
  )
}

/** The officers' own count; with a difference, why there is one. */
function Count({ round, place, account }: { round: Round; place: Place; account: Account }) {
  const { t } = useTranslation('polling')
  const { number } = useFormat()
  const refresh = useRefresh(round, place)
  const seen = { marked: account.marked, undone: undoneOf(account) }
  const add = useMutation({
    mutationFn: (body: Schemas['NewCertificate']) =>
      ask(
        office.POST('/api/v1/rounds/{round}/places/{event}/certificate', {
          params: { path: { round: round.id, event: place.id } },
          body,
        }),
      ),
    onSuccess: () => {
      empty()
      announce(t('certificate.first_done'))
      return refresh()
    },
    onError: refresh,
  })
  const counted = (text: string) => readWhole(text, limitsNewCertificate.sheets.maximum)
  const differs = (values: { sheets: string; taken_away: string }) => {
    const sheets = counted(values.sheets)
    const taken_away = counted(values.taken_away)
    return sheets === undefined || taken_away === undefined ? undefined : differenceOf({ ...seen, sheets, taken_away })
  }
  const { values, form, field, empty } = useFields({
    start: { sheets: '', taken_away: '0', reason: '' },
    labels: {
      sheets: t('certificate.sheets'),
      taken_away: t('certificate.taken_away'),
      reason: t('certificate.reason'),
    },
    check: (values) => ({
      sheets: counted(values.sheets) === undefined ? t('certificate.number_missing') : undefined,
      taken_away: counted(values.taken_away) === undefined ? t('certificate.number_missing') : undefined,
      reason: differs(values) && !values.reason.trim() ? t('certificate.reason_missing') : undefined,
    }),
    prefix: 'certificate.',
    cause: add.error,
  })
  const difference = differs(values)
  return (
    <section className="stack">
      <h2>{t(account.certificates.length > 0 ? 'certificate.again' : 'certificate.count')}</h2>
      <p>
        {t('certificate.book', { marked: number(seen.marked), undone: number(seen.undone) })}{' '}
        {t('hours.undone_text', {
          spoiled: number(account.spoiled),
          returned: number(account.returned),
          mistake: number(account.mistake),
        })}
      </p>
      <Form
        form={form}
        busy={add.isPending}
        className={`stack ${styles.form ?? ''}`}
        onSend={() => {
          add.mutate({
            ...seen,
            sheets: counted(values.sheets) ?? 0,
            taken_away: counted(values.taken_away) ?? 0,
            ...(values.reason.trim() && { reason: values.reason.trim() }),
          })
        }}
        actions={
          <Button type="submit" busy={add.isPending}>
            {t('certificate.sign_first')}
          </Button>
        }
      >
        <TextInput
          {...field('sheets')}
          helper={t('certificate.sheets_help')}
          required
          inputMode="numeric"
          autoComplete="off"
        />
        <TextInput
          {...field('taken_away')}
          helper={t('certificate.taken_away_help')}
          required
          inputMode="numeric"
          autoComplete="off"
        />
        <p role="status">
          {difference === undefined
            ? ''
            : difference === 0
              ? t('certificate.even')
              : difference > 0
                ? t('certificate.missing', { count: difference, n: number(difference) })
                : t('certificate.surplus', { count: -difference, n: number(-difference) })}
        </p>
        <TextArea
          {...field('reason')}
          helper={t('certificate.reason_help')}
          required={!!difference}
          maxLength={limitsNewCertificate.reason.maxLength}
        />
      </Form>
    </section>
  )
}
