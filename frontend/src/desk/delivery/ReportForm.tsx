import { useMutation } from '@tanstack/react-query'
import { useTranslation } from '@/lib/i18n'
import { Button, Select, TextArea, TextInput } from '@/ui/hds'
import { Form } from '@/ui/form/Form'
import { useForm } from '@/ui/form/useForm'
import { useKept } from '@/ui/form/useKept'
import { useFocusAfter } from '@/ui/useFocusAfter'
import { ask, office, type Schemas } from '@/lib/api'
import { limitsDeliveryDocument } from '@/lib/limits.gen'
import { deliveryPhases, deliveryStandings, type Delivery, type DeliveryPhase } from '@/data/delivery'
import style from './report.module.css'
import { useSaved } from './useSaved'

const both = ['fi', 'sv'] as const

type Both = Record<(typeof both)[number], string>

interface Fields {
  phase: DeliveryPhase
  standing: Delivery['standing']
  reason: Both
  news: Both
  contact: Both
  difference: Both
  dates: Record<DeliveryPhase, { promised: string; actual: string }>
  documents: { title: Both; address: string }[]
}

const inBoth = (text: Delivery['reason']): Both => ({ fi: text?.fi ?? '', sv: text?.sv ?? '' })

const begun = (delivery: Delivery): Fields => ({
  phase: delivery.phase,
  standing: delivery.standing,
  reason: inBoth(delivery.reason),
  news: { fi: '', sv: '' },
  contact: inBoth(delivery.contact),
  difference: inBoth(delivery.difference),
  dates: Object.fromEntries(
    deliveryPhases.map((phase) => {
      const date = delivery.dates.find((one) => one.phase === phase)
      return [phase, { promised: date?.promised ?? '', actual: date?.actual ?? '' }]
    }),
  ) as Fields['dates'],
  documents: delivery.documents.map(({ title, address }) => ({ title: inBoth(title), address })),
})

/** Dates that hold anything, as the contract counts them. */
const datesOf = ({ dates, phase: now }: Fields): Schemas['NewDeliveryDate'][] =>
  deliveryPhases.flatMap((phase) => {
    const { promised, actual } = dates[phase]
    const reached = deliveryPhases.indexOf(phase) <= deliveryPhases.indexOf(now)
    if (!promised && !actual) return []
    return [{ phase, promised: promised || undefined, actual: (reached && actual) || undefined }]
  })

/** What is new of the project: the phase, news, and where it has changed promises and the rest. */
export function ReportForm({ delivery }: { delivery: Delivery }) {
  const { t } = useTranslation('delivery')
  const saved = useSaved(delivery)
  const { round, project, site, version } = delivery
  const heading = useFocusAfter<HTMLHeadingElement>(version)
  const [fields, setFields, done] = useKept(
    `delivery.${round}.${String(project)}.${String(site)}.${String(version)}`,
    begun(delivery),
  )
  const set = (more: Partial<Fields>) => {
    setFields((old) => ({ ...old, ...more }))
  }
  const send = useMutation({
    mutationFn: () =>
      ask(
        office.PUT('/api/v1/rounds/{round}/deliveries/{project}/sites/{site}', {
          params: { path: { round, project, site } },
          body: {
            version,
            phase: fields.phase,
            standing: fields.standing,
            reason: fields.standing === 'on_course' ? undefined : fields.reason,
            news: fields.news,
            contact: fields.contact,
            difference: fields.difference,
            documents: fields.documents,
            dates: datesOf(fields),
          },
        }),
      ),
    onSuccess: async (story) => {
      done()
      await saved(story, t('report.sent'))
    },
  })
  // The server counts the dates that were sent; on the page each has its phase.
  const sent = datesOf(fields)
  const form = useForm({
    cause: send.error,
    prefix: 'report.',
    idOf: (path) => path.replace(/^dates\[(\d+)\]/, (_, at: string) => `dates.${sent[Number(at)]?.phase ?? ''}`),
  })
  const text = (name: 'reason' | 'news' | 'contact' | 'difference', helper?: string) =>
    both.map((language) => {
      const Field = name === 'contact' ? TextInput : TextArea
      return (
        <Field
          key={language}
          id={`report.${name}.${language}`}
          lang={language}
          label={`${t(`report.${name}`)}, ${t(`report.${language}`)}`}
          helper={helper}
          required={name === 'reason'}
          error={form.errorOf(`${name}.${language}`)}
          value={fields[name][language]}
          onChange={({ target }) => {
            set({ [name]: { ...fields[name], [language]: target.value } })
          }}
        />
      )
    })
  const folded = ['contact', 'difference', 'dates', 'documents']
  const wrongInside = form.errors.some(({ id }) => folded.some((one) => id?.startsWith(`report.${one}`)))

  return (
    <Form
      form={form}
      busy={send.isPending}
      onSend={() => {
        send.mutate()
      }}
      actions={
        <Button type="submit" busy={send.isPending}>
          {t('report.send')}
        </Button>
      }
    >
      <h2 ref={heading} tabIndex={-1}>
        {t('report.title')}
      </h2>
      <Select
        id="report.phase"
        label={t('report.phase')}
        error={form.errorOf('phase')}
        value={fields.phase}
        options={deliveryPhases.map((value) => ({ value, label: t(`phase.${value}`) }))}
        onChange={({ target }) => {
          set({ phase: deliveryPhases.find((one) => one === target.value) ?? fields.phase })
        }}
      />
      <Select
        id="report.standing"
        label={t('report.standing')}
        error={form.errorOf('standing')}
        value={fields.standing}
        options={deliveryStandings.map((value) => ({ value, label: t(`standing.${value}`) }))}
        onChange={({ target }) => {
          set({ standing: deliveryStandings.find((one) => one === target.value) ?? fields.standing })
        }}
      />
      {fields.standing !== 'on_course' && text('reason')}
      {text('news', t('report.news_help'))}
      <details open={wrongInside || undefined}>
        <summary>{t('report.more')}</summary>
        <div className="stack">
          <fieldset className="stack">
            <legend>{t('report.dates')}</legend>
            <p className="muted">{t('report.dates_help')}</p>
            {deliveryPhases.map((phase) => (
              <fieldset key={phase} id={`report.dates.${phase}`} className={style.dates}>
                <legend>{t(`phase.${phase}`)}</legend>
                {(['promised', 'actual'] as const).map((which) => (
                  <TextInput
                    key={which}
                    id={`report.dates.${phase}.${which}`}
                    type="date"
                    label={t(`report.${which}`)}
                    error={form.errorOf(`dates.${phase}.${which}`)}
                    value={fields.dates[phase][which]}
                    onChange={({ target }) => {
                      set({
                        dates: { ...fields.dates, [phase]: { ...fields.dates[phase], [which]: target.value } },
                      })
                    }}
                  />
                ))}
              </fieldset>
            ))}
          </fieldset>
          {text('contact', t('report.contact_help'))}
          {text('difference')}
          <fieldset className="stack" id="report.documents">
            <legend>{t('report.documents')}</legend>
            {fields.documents.map((document, at) => {
              const change = (more: Partial<typeof document>) => {
                set({ documents: fields.documents.map((one, i) => (i === at ? { ...one, ...more } : one)) })
              }
              const id = `documents[${String(at)}]`
              return (
                <div key={at} className="stack-s">
                  {both.map((language) => (
                    <TextInput
                      key={language}
                      id={`report.${id}.title.${language}`}
                      label={`${t('report.document_title')}, ${t(`report.${language}`)}`}
                      required
                      error={form.errorOf(`${id}.title.${language}`)}
                      value={document.title[language]}
                      onChange={({ target }) => {
                        change({ title: { ...document.title, [language]: target.value } })
                      }}
                    />
                  ))}
                  <TextInput
                    id={`report.${id}.address`}
                    label={t('report.document_address')}
                    type="url"
                    required
                    maxLength={limitsDeliveryDocument.address.maxLength}
                    error={form.errorOf(`${id}.address`)}
                    value={document.address}
                    onChange={({ target }) => {
                      change({ address: target.value })
                    }}
                  />
                  <div>
                    <Button
                      small
                      variant="secondary"
                      onClick={() => {
                        form.shift('documents')
                        set({ documents: fields.documents.filter((_, i) => i !== at) })
                      }}
                    >
                      {t('report.document_remove', { number: at + 1 })}
                    </Button>
                  </div>
                </div>
              )
            })}
            <div>
              <Button
                small
                variant="secondary"
                start="plus"
                onClick={() => {
                  set({ documents: [...fields.documents, { title: { fi: '', sv: '' }, address: '' }] })
                }}
              >
                {t('report.document_add')}
              </Button>
            </div>
          </fieldset>
        </div>
      </details>
    </Form>
  )
}
