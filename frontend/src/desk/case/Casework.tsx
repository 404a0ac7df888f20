import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { useTranslation } from '@/lib/i18n'
import { Button, Card, ChoiceGroup, Radio, TextArea } from '@/ui/hds'
import { announce } from '@/lib/announce'
import { Ask } from '@/ui/Ask'
import { ask, office, type Schemas } from '@/lib/api'
import { useFormat } from '@/lib/format'
import { limitsNewNote } from '@/lib/limits.gen'
import { useLocal } from '@/ui/text'
import { Form } from '@/ui/form/Form'
import { useFields } from '@/ui/form/useFields'
import { Trouble } from '@/ui/problem/Trouble'
import { Assign } from '@/desk/send/Assign'
import { ContactForm } from '@/desk/contacts/ContactForm'
import { deskQuery, fileQuery, verdicts, type CaseFile } from '@/data/desk'
import { classes } from '@/lib/classes'
import styles from './casework.module.css'
import workStyles from '@/ui/work.module.css'

/** What staff keep of a proposal for each other: checklist, notes, handing over, occasions of help. Writers are the area's Stadiluotsit and officials. */
export function Casework({
  round,
  proposal,
  area,
  writes,
  open,
}: {
  round: string
  proposal: number
  area: string
  writes: boolean
  open: boolean
}) {
  const { t } = useTranslation('desk')
  return (
    <Card as="section" className={styles.casework}>
      <h2>{t('work.heading')}</h2>
      <p className="muted">{t('internal')}</p>
      <Ask query={useQuery(fileQuery(round, proposal))}>
        {(file) => (
          <>
            <Fold title={t('checks.heading')}>
              <Checks round={round} proposal={proposal} file={file} writes={writes} />
            </Fold>
            {writes && (
              <Fold title={t('notes.heading')}>
                <NoteForm round={round} proposal={proposal} />
              </Fold>
            )}
            {writes && open && (
              <Fold title={t('assign.heading')}>
                <Assign round={round} areas={[area]} proposals={[proposal]} />
              </Fold>
            )}
            {writes && (
              <Fold title={t('contacts.of', { count: file.contacts.length })}>
                <Contacts file={file} />
                <ContactForm round={round} proposal={proposal} />
              </Fold>
            )}
          </>
        )}
      </Ask>
    </Card>
  )
}

function Fold({ title, children }: { title: string; children: ReactNode }) {
  return (
    <details>
      <summary>
        <h3>{title}</h3>
      </summary>
      <div className={classes('stack', workStyles.fold)}>{children}</div>
    </details>
  )
}

function Checks({
  round,
  proposal,
  file,
  writes,
}: {
  round: string
  proposal: number
  file: CaseFile
  writes: boolean
}) {
  const { t } = useTranslation('desk')
  return (
    <Ask query={useQuery(deskQuery(round))}>
      {({ checklist }) => (
        <>
          <p role="status">
            {t('checks.done', {
              done: checklist.filter(({ id }) => file.marks.some(({ check }) => check === id)).length,
              all: checklist.length,
            })}
          </p>
          {checklist.map((check) => (
            <Check
              key={check.id}
              round={round}
              proposal={proposal}
              check={check}
              mark={file.marks.find((mark) => mark.check === check.id)}
              writes={writes}
            />
          ))}
        </>
      )}
    </Ask>
  )
}

function Check({
  round,
  proposal,
  check,
  mark,
  writes,
}: {
  round: string
  proposal: number
  check: Schemas['DeskCheck']
  mark?: Schemas['CheckAnswer']
  writes: boolean
}) {
  const { t } = useTranslation('desk')
  const local = useLocal()
  const { date } = useFormat()
  const cache = useQueryClient()
  const keep = useMutation({
    mutationFn: (verdict: Schemas['Verdict']) =>
      ask(
        office.PUT('/api/v1/rounds/{round}/proposals/{proposal}/case/answers', {
          params: { path: { round, proposal } },
          body: { check: check.id, verdict },
        }),
      ),
    onSuccess: () => cache.invalidateQueries({ queryKey: fileQuery(round, proposal).queryKey }),
  })
  return (
    <ChoiceGroup legend={local(check.text)} helper={mark && t('checks.by', { name: mark.by, date: date(mark.at) })}>
      {verdicts.map((verdict) => (
        <Radio
          key={verdict}
          name={`check-${check.id}`}
          label={t(`checks.verdict.${verdict}`)}
          checked={(keep.isPending ? keep.variables : mark?.verdict) === verdict}
          disabled={!writes}
          onChange={() => {
            keep.mutate(verdict)
          }}
        />
      ))}
      {keep.error && <Trouble cause={keep.error} />}
    </ChoiceGroup>
  )
}

function NoteForm({ round, proposal }: { round: string; proposal: number }) {
  const { t } = useTranslation('desk')
  const cache = useQueryClient()
  const add = useMutation({
    mutationFn: (text: string) =>
      ask(
        office.POST('/api/v1/rounds/{round}/proposals/{proposal}/case/notes', {
          params: { path: { round, proposal } },
          body: { text: text.trim() },
        }),
      ),
    onSuccess: () => {
      empty()
      announce(t('notes.done'))
      return cache.invalidateQueries({ queryKey: fileQuery(round, proposal).queryKey })
    },
  })
  const { values, field, form, empty } = useFields({
    start: { text: '' },
    labels: { text: t('notes.text') },
    check: ({ text }) => ({ text: text.trim() ? undefined : t('decide.required') }),
    prefix: 'note.',
    cause: add.error,
    slot: `note.${round}.${String(proposal)}`,
  })
  return (
    <Form
      form={form}
      brief
      busy={add.isPending}
      onSend={() => {
        add.mutate(values.text)
      }}
      actions={
        <Button type="submit" variant="secondary" busy={add.isPending}>
          {t('notes.action')}
        </Button>
      }
    >
      <TextArea
        {...field('text')}
        helper={t('notes.help')}
        required
        rows={3}
        maxLength={limitsNewNote.text.maxLength}
      />
    </Form>
  )
}

function Contacts({ file }: { file: CaseFile }) {
  const { t } = useTranslation('desk')
  const { date } = useFormat()
  if (file.contacts.length === 0) return <p>{t('contacts.none')}</p>
  return (
    <ul>
      {file.contacts.map(({ id, at, by, channel, topic, minutes }) => (
        <li key={id}>
          {t('contacts.line', {
            date: date(at),
            channel: t(`contacts.channels.${channel}`),
            topic: t(`contacts.topics.${topic}`),
            count: minutes,
            name: by,
          })}
        </li>
      ))}
    </ul>
  )
}
