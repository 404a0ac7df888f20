import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useTranslation } from '@/lib/i18n'
import { helps, placesQuery, type Found, type Place } from '@/data/polling'
import type { Round } from '@/data/round'
import { ask, office, type Schemas } from '@/lib/api'
import { useFormat } from '@/lib/format'
import { Form } from '@/ui/form/Form'
import { useFields } from '@/ui/form/useFields'
import { Button, Card, Notification, Select } from '@/ui/hds'
import { useLocal } from '@/ui/text'
import { nobody, useWhoStands, WhoStands } from './WhoStands'
import styles from './polling.module.css'

type Asked = Schemas['LookUp']
type Marked = Schemas['PaperMarkAnswer']

/** Finds a person who stands before the officer, and gives her a code for the kiosk. */
export function LookUp({ round, place }: { round: Round; place: Place }) {
  const { t } = useTranslation('polling')
  const cache = useQueryClient()
  const asking = useWhoStands()
  const look = useMutation({
    mutationFn: (body: Asked) =>
      ask(
        office.POST('/api/v1/rounds/{round}/places/{event}/look-ups', {
          params: { path: { round: round.id, event: place.id } },
          body,
        }),
      ),
    gcTime: 0,
    onSuccess: () => {
      empty() // the identity code does not stay on the screen
      void cache.invalidateQueries({ queryKey: placesQuery(round.id).queryKey })
    },
  })
  const mark = useMutation({
    mutationFn: (body: Schemas['PaperMark']) =>
      ask(
        office.POST('/api/v1/rounds/{round}/places/{event}/paper-marks', {
          params: { path: { round: round.id, event: place.id } },
          body,
        }),
      ),
    gcTime: 0,
    onSuccess: () => {
      empty()
      void cache.invalidateQueries({ queryKey: placesQuery(round.id).queryKey })
    },
  })
  const { values, form, field, empty } = useFields({
    start: { ...nobody, way: 'kiosk', help: '', sheets: '' },
    labels: {
      ...asking.labels,
      way: t('look.way'),
      help: t('look.help'),
      sheets: t('look.sheets'),
    },
    check: (values) => asking.check(values),
    prefix: 'look.',
    cause: look.error ?? mark.error,
  })
  const local = useLocal()
  const { papers } = round.settings
  const onPaper = values.way === 'paper'
  return (
    <section className="stack">
      {mark.data ? (
        <Sheets
          marked={mark.data}
          round={round}
          onNext={() => {
            mark.reset()
          }}
        />
      ) : look.data ? (
        <Answer
          found={look.data}
          round={round}
          onNext={() => {
            look.reset()
          }}
        />
      ) : (
        <Form
          form={form}
          busy={look.isPending || mark.isPending}
          className={`stack ${styles.form ?? ''}`}
          onSend={() => {
            const who = {
              identity_code: values.identity_code.trim(),
              document: values.document as Asked['document'],
            }
            if (onPaper) {
              mark.mutate({ ...who, ...(values.sheets && { papers: [values.sheets] }) })
              return
            }
            look.mutate({
              ...who,
              give_code: true,
              ...(values.help && { help: values.help as Asked['help'] }),
            })
          }}
          actions={
            <Button type="submit" busy={look.isPending || mark.isPending}>
              {t(onPaper ? 'look.button_paper' : 'look.button')}
            </Button>
          }
        >
          <h2>{t('look.heading')}</h2>
          <p>{t('look.text')}</p>
          <WhoStands field={field} />
          <Select
            {...field('way')}
            helper={t('look.way_help')}
            required
            options={[
              { value: 'kiosk', label: t('look.way_kiosk') },
              { value: 'paper', label: t('look.way_paper') },
            ]}
          />
          {!onPaper && (
            <Select
              {...field('help')}
              required={false}
              helper={t('look.help_help')}
              options={[
                { value: '', label: t('look.no_help') },
                ...helps.map((value) => ({ value, label: t(`helps.${value}`) })),
              ]}
            />
          )}
          {onPaper && papers.length > 1 && (
            <Select
              {...field('sheets')}
              required={false}
              options={[
                { value: '', label: t('look.sheets_all') },
                ...papers.map(({ id, name }) => ({ value: id, label: local(name) })),
              ]}
            />
          )}
        </Form>
      )}
    </section>
  )
}

/** What the officer is told: in words, and with the code to hand over. */
function Answer({ found, round, onNext }: { found: Found; round: Round; onNext: () => void }) {
  const { t } = useTranslation('polling')
  const { dateTime } = useFormat()
  const next = (
    <div className="actions">
      {found.code && (
        <Button
          variant="secondary"
          start="printer"
          onClick={() => {
            window.print()
          }}
        >
          {t('answer.print')}
        </Button>
      )}
      <Button onClick={onNext}>{t('answer.next')}</Button>
    </div>
  )
  if (found.code && found.until) {
    return (
      <Card as="section" className="stack">
        <Notification kind="success" label={t('answer.may')} live>
          {t('answer.may_text', { time: dateTime(found.until) })}
        </Notification>
        <p className={styles.code}>
          <code>{found.code}</code>
        </p>
        {found.left.length < round.settings.papers.length && <p>{t('answer.some_used')}</p>}
        {next}
      </Card>
    )
  }
  return (
    <Card as="section" className="stack">
      <Refused found={found} />
      {next}
    </Card>
  )
}

/** Why she gets neither a code nor a sheet. */
function Refused({ found }: { found: Pick<Found, 'refusal' | 'old_enough_on'> }) {
  const { t } = useTranslation('polling')
  const { date } = useFormat()
  const refusal = found.refusal ?? 'used'
  return (
    <Notification kind="alert" label={t(`answer.${refusal}`)} live>
      {t(`answer.${refusal}_text`, { date: found.old_enough_on ? date(found.old_enough_on) : '' })}
    </Notification>
  )
}

/** What the officer hands over once the rights are marked. */
function Sheets({ marked, round, onNext }: { marked: Marked; round: Round; onNext: () => void }) {
  const { t } = useTranslation('polling')
  const local = useLocal()
  const names = round.settings.papers.filter(({ id }) => marked.marked.includes(id)).map(({ name }) => local(name))
  return (
    <Card as="section" className="stack">
      {names.length > 0 ? (
        <Notification kind="success" label={t('answer.marked')} live>
          <p>{t('answer.marked_text')}</p>
          {round.settings.papers.length > 1 && <p>{t('answer.marked_papers', { papers: names.join(', ') })}</p>}
        </Notification>
      ) : (
        <Refused found={marked} />
      )}
      <div className="actions">
        <Button onClick={onNext}>{t('answer.next')}</Button>
      </div>
    </Card>
  )
}
