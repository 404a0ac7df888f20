import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useTranslation } from '@/lib/i18n'
import { Button, Card, Notification, Select, TextArea, TextInput } from '@/ui/hds'
import { announce } from '@/lib/announce'
import { Ask } from '@/ui/Ask'
import { ask, office } from '@/lib/api'
import { Problem } from '@/lib/problem'
import { useLocal } from '@/ui/text'
import { Form as FormFrame } from '@/ui/form/Form'
import { Newer } from '@/ui/form/Newer'
import { useForm } from '@/ui/form/useForm'
import { useKept } from '@/ui/form/useKept'
import { useRound, type Round } from '@/data/round'
import { AskPage } from '@/ui/AskPage'
import { Only } from '@/ui/Only'
import { Page } from '@/ui/Page'
import { deskQuery, reasons, type Desk } from '@/data/desk'
import { Divisions, divisionsOf, useBusy, type Entry } from './Divisions'
import { classes } from '@/lib/classes'
import styles from './settings.module.css'

/** The round's checklist, templates of rejections and divisions; officials set them until the freeze. */
export function DeskSettings() {
  const { t } = useTranslation('desk')
  return (
    <Only roles={['official']} title={t('settings.heading')}>
      <AskPage query={useRound()}>{(round) => <SettingsPage round={round} />}</AskPage>
    </Only>
  )
}

function SettingsPage({ round }: { round: Round }) {
  const { t } = useTranslation('desk')
  const local = useLocal()
  return (
    <Page
      title={t('settings.heading')}
      above={[
        { to: '/desk', text: t('title') },
        { to: `/desk/${round.id}`, text: local(round.name) },
      ]}
      lead={t('settings.lead')}
    >
      <Ask query={useQuery(deskQuery(round.id))}>{(desk) => <Form round={round} desk={desk} />}</Ask>
    </Page>
  )
}

interface Lists {
  checklist: Desk['checklist']
  templates: Desk['templates']
  divisions: Entry[]
}

/** What is being written, and the version that it was made from. */
interface Written {
  version: string
  base: Lists
  mine: Lists
}

function begun({ version, checklist, templates, divisions }: Desk): Written {
  const lists = { checklist, templates, divisions }
  return { version, base: lists, mine: lists }
}

function Form({ round, desk }: { round: Round; desk: Desk }) {
  const { t } = useTranslation(['desk', 'proposal'])
  const cache = useQueryClient()
  const [{ version, base, mine }, setWritten, done] = useKept<Written>(`desk.${round.id}`, begun(desk))
  const { checklist, templates, divisions } = mine
  const set = (change: Partial<Lists>) => {
    setWritten((old) => ({ ...old, mine: { ...old.mine, ...change } }))
  }
  const keep = useMutation({
    mutationFn: () =>
      ask(
        office.PUT('/api/v1/rounds/{round}/desk', {
          params: { path: { round: round.id } },
          body: { version, checklist, templates, divisions: divisionsOf(divisions) },
        }),
      ),
    onSuccess: async () => {
      announce(t('settings.saved'))
      setWritten(begun(await cache.fetchQuery({ ...deskQuery(round.id), staleTime: 0 })))
      done()
    },
    onError: (cause) => {
      if (cause instanceof Problem && cause.outdated)
        void cache.invalidateQueries({ queryKey: deskQuery(round.id).queryKey })
    },
  })
  const newer = version !== desk.version && !keep.isPending
  const outdated = keep.error instanceof Problem && keep.error.outdated
  const busy = useBusy(desk.divisions, keep.error)
  const at = <T,>(all: T[], index: number, change: (one: T) => T) =>
    all.map((one, i) => (i === index ? change(one) : one))
  const without = <T,>(all: T[], index: number) => all.filter((_, i) => i !== index)
  const form = useForm({ cause: busy || outdated ? undefined : keep.error })
  return (
    <FormFrame
      form={form}
      busy={keep.isPending}
      className={classes('stack-l', styles.settings)}
      onSend={keep.mutate}
      actions={
        <Button type="submit" busy={keep.isPending} disabled={newer}>
          {t('settings.save')}
        </Button>
      }
    >
      {newer && (
        <Newer
          base={base}
          mine={mine}
          theirs={begun(desk).base}
          onChoose={(goesOn) => {
            setWritten({ ...begun(desk), mine: goesOn })
            keep.reset()
          }}
        />
      )}
      <section className="stack">
        <h2>{t('checks.heading')}</h2>
        {checklist.map((check, index) => (
          <Card key={check.id} as="fieldset" className="stack">
            <legend>{t('settings.check', { number: index + 1 })}</legend>
            {(['fi', 'sv', 'en'] as const).map((lang) => (
              <TextInput
                key={lang}
                id={`checklist[${String(index)}].text.${lang}`}
                label={t(`case.in.${lang}`)}
                error={form.errorOf(`checklist[${String(index)}].text.${lang}`)}
                lang={lang}
                required={lang !== 'en'}
                maxLength={300}
                value={check.text[lang] ?? ''}
                onChange={(event) => {
                  set({
                    checklist: at(checklist, index, (one) => ({
                      ...one,
                      text: { ...one.text, [lang]: event.target.value },
                    })),
                  })
                }}
              />
            ))}
            <div className="actions">
              <Button
                small
                variant="secondary"
                onClick={() => {
                  set({ checklist: without(checklist, index) })
                  form.shift('checklist')
                }}
              >
                {t('settings.remove_check', { number: index + 1 })}
              </Button>
            </div>
          </Card>
        ))}
        <div className="actions">
          <Button
            variant="secondary"
            onClick={() => {
              set({ checklist: [...checklist, { id: `check-${String(Date.now())}`, text: { fi: '', sv: '' } }] })
            }}
          >
            {t('settings.add_check')}
          </Button>
        </div>
      </section>
      <section className="stack">
        <h2>{t('settings.templates')}</h2>
        {templates.map((template, index) => (
          <Card key={index} as="fieldset" className="stack">
            <legend>{t('settings.template', { number: index + 1 })}</legend>
            <Select
              id={`templates[${String(index)}].reason`}
              label={t('decide.reject.reason')}
              error={form.errorOf(`templates[${String(index)}].reason`)}
              value={template.reason}
              onChange={(event) => {
                const reason = reasons.find((one) => one === event.target.value)
                if (reason) set({ templates: at(templates, index, (one) => ({ ...one, reason })) })
              }}
              options={reasons.map((reason) => ({ value: reason, label: t(`proposal:reason.${reason}`) }))}
            />
            {(['fi', 'sv', 'en'] as const).map((lang) => (
              <TextArea
                key={lang}
                id={`templates[${String(index)}].text.${lang}`}
                label={t(`decide.text.${lang}`)}
                error={form.errorOf(`templates[${String(index)}].text.${lang}`)}
                lang={lang}
                required={lang !== 'en'}
                rows={3}
                maxLength={5000}
                value={template.text[lang] ?? ''}
                onChange={(event) => {
                  set({
                    templates: at(templates, index, (one) => ({
                      ...one,
                      text: { ...one.text, [lang]: event.target.value },
                    })),
                  })
                }}
              />
            ))}
            <div className="actions">
              <Button
                small
                variant="secondary"
                onClick={() => {
                  set({ templates: without(templates, index) })
                  form.shift('templates')
                }}
              >
                {t('settings.remove_template', { number: index + 1 })}
              </Button>
            </div>
          </Card>
        ))}
        <div className="actions">
          <Button
            variant="secondary"
            onClick={() => {
              set({ templates: [...templates, { reason: 'other', text: { fi: '', sv: '' } }] })
            }}
          >
            {t('settings.add_template')}
          </Button>
        </div>
      </section>
      <Divisions
        divisions={divisions}
        errorOf={form.errorOf}
        onChange={(divisions) => {
          set({ divisions })
        }}
      />
      {busy && (
        <Notification kind="error" label={t('settings.division_busy', { names: busy })} live>
          <p>{t('settings.division_busy_text')}</p>
          <Button
            small
            variant="secondary"
            onClick={() => {
              set({ divisions: [...desk.divisions, ...divisions.filter(({ added }) => added)] })
            }}
          >
            {t('settings.division_back')}
          </Button>
        </Notification>
      )}
    </FormFrame>
  )
}
