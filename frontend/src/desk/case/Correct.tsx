import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from '@/lib/i18n'
import { Button, Card, Select, TextArea, TextInput } from '@/ui/hds'
import { announce } from '@/lib/announce'
import { ask, office, type Schemas } from '@/lib/api'
import { limitsCorrection, limitsProposalText, limitsWords } from '@/lib/limits.gen'
import { keys } from '@/data/keys'
import { proposalQuery, type Proposal } from '@/data/proposal'
import type { Round } from '@/data/round'
import { Form } from '@/ui/form/Form'
import { useFields } from '@/ui/form/useFields'
import { useLocal } from '@/ui/text'
import { Written } from './Written'
import styles from '@/ui/work.module.css'

/** What staff put right before the freeze: where a proposal belongs and what it says, and its words in the other language. */
export function Correct({ round, proposal }: { round: Round; proposal: Proposal }) {
  const { t } = useTranslation('desk')
  const [open, setOpen] = useState<'correct' | 'translate'>()
  const may = (['correct', 'translate'] as const).filter((kind) => proposal.may.includes(kind))
  if (may.length === 0) return null
  const close = () => {
    setOpen(undefined)
  }
  return (
    <Card as="section" className={styles.decide}>
      <h2>{t('correct.heading')}</h2>
      {proposal.may.includes('translate') && !proposal.swedish && <p>{t('correct.one_language')}</p>}
      {open === 'correct' && <CorrectForm round={round} proposal={proposal} onClose={close} />}
      {open === 'translate' && <TranslateForm round={round} proposal={proposal} onClose={close} />}
      {!open && (
        <ul className="plain stack">
          {may.map((kind) => (
            <li key={kind} className={styles.choice}>
              <Button
                fullWidth
                variant="secondary"
                aria-keyshortcuts={kind === 'correct' ? 'c' : undefined}
                onClick={() => {
                  setOpen(kind)
                }}
              >
                {t(`correct.${kind}.button`)}
              </Button>
              <p className="muted">{t(`correct.${kind}.does`)}</p>
            </li>
          ))}
        </ul>
      )}
    </Card>
  )
}

interface Open {
  round: Round
  proposal: Proposal
  onClose: () => void
}

/** Saves, shows what was saved, and closes the form. */
function useSave<Body>(
  { round, proposal, onClose }: Open,
  done: string,
  save: (path: { round: string; proposal: number }, body: Body) => Promise<Proposal>,
) {
  const cache = useQueryClient()
  return useMutation({
    mutationFn: (body: Body) => save({ round: round.id, proposal: proposal.id }, body),
    onSuccess: (changed) => {
      cache.setQueryData(proposalQuery(round.id, proposal.id).queryKey, changed)
      void cache.invalidateQueries({ queryKey: keys.queue(round.id) })
      void cache.invalidateQueries({ queryKey: keys.versions(round.id, proposal.id) })
      void cache.invalidateQueries({ queryKey: keys.proposals(round.id) })
      announce(done)
      onClose()
    },
  })
}

function CorrectForm(open: Open) {
  const { round, proposal, onClose } = open
  const { t } = useTranslation('desk')
  const local = useLocal()
  const { text } = proposal
  const [version] = useState(proposal.version) // that the fields began with: it may be read anew beneath them
  const save = useSave(open, t('correct.correct.done'), (path, body: Schemas['Correction']) =>
    ask(office.PUT('/api/v1/rounds/{round}/proposals/{proposal}/correction', { params: { path }, body })),
  )
  const needed = (text: string) => (text.trim() ? undefined : t('decide.required'))
  const { values, field, form, done } = useFields({
    start: {
      'text.area': text.area ?? '',
      'text.theme': text.theme ?? '',
      'text.place': text.place ?? '',
      'text.title': text.title ?? '',
      'text.what': text.what ?? '',
      'text.why': text.why ?? '',
      reason: '',
    },
    labels: {
      'text.area': t('correct.area'),
      'text.theme': t('correct.theme'),
      'text.place': t('correct.place'),
      'text.title': t('correct.title'),
      'text.what': t('correct.what'),
      'text.why': t('correct.why'),
      reason: t('correct.reason'),
    },
    check: (values) => ({
      'text.title': needed(values['text.title']),
      'text.what': needed(values['text.what']),
      reason: needed(values.reason),
    }),
    prefix: 'correction.',
    cause: save.error,
    slot: `correction.${round.id}.${String(proposal.id)}.${String(version)}`,
  })
  const send = () => {
    save.mutate(
      {
        version,
        reason: values.reason,
        text: {
          ...text,
          area: values['text.area'],
          theme: values['text.theme'] || undefined,
          place: values['text.place'],
          title: values['text.title'],
          what: values['text.what'],
          why: values['text.why'],
        },
      },
      { onSuccess: done },
    )
  }
  return (
    <Written title={t('correct.correct.button')}>
      <Form form={form} busy={save.isPending} onSend={send} actions={<Actions onStop={onClose} />}>
        <Select
          {...field('text.area')}
          helper={t('correct.area_help')}
          options={round.settings.areas.map(({ id, name }) => ({ value: id, label: local(name) }))}
        />
        {round.settings.themes.length > 0 && (
          <Select
            {...field('text.theme')}
            options={round.settings.themes.map(({ id, name }) => ({ value: id, label: local(name) }))}
          />
        )}
        <TextInput {...field('text.place')} maxLength={limitsProposalText.place.maxLength} lang={text.language} />
        <TextInput
          {...field('text.title')}
          required
          maxLength={limitsProposalText.title.maxLength}
          lang={text.language}
        />
        <TextArea
          {...field('text.what')}
          required
          rows={6}
          maxLength={limitsProposalText.what.maxLength}
          lang={text.language}
        />
        <TextArea {...field('text.why')} rows={4} maxLength={limitsProposalText.why.maxLength} lang={text.language} />
        <TextArea
          {...field('reason')}
          helper={t('correct.reason_help')}
          required
          rows={3}
          maxLength={limitsCorrection.reason.maxLength}
        />
      </Form>
    </Written>
  )
}

function TranslateForm(open: Open) {
  const { round, proposal, onClose } = open
  const { t } = useTranslation('desk')
  const [version] = useState(proposal.version) // that the fields began with: it may be read anew beneath them
  const into = proposal.text.language === 'sv' ? 'fi' : 'sv'
  const save = useSave(open, t('correct.translate.done'), (path, body: Schemas['Translation']) =>
    ask(office.PUT('/api/v1/rounds/{round}/proposals/{proposal}/translation', { params: { path }, body })),
  )
  const needed = (text: string) => (text.trim() ? undefined : t('decide.required'))
  const { values, field, form, done } = useFields({
    start: {
      'words.title': proposal.swedish?.title ?? '',
      'words.what': proposal.swedish?.what ?? '',
      'words.why': proposal.swedish?.why ?? '',
      'words.place': proposal.swedish?.place ?? '',
    },
    labels: {
      'words.title': t(`correct.into.${into}.title`),
      'words.what': t(`correct.into.${into}.what`),
      'words.why': t(`correct.into.${into}.why`),
      'words.place': t(`correct.into.${into}.place`),
    },
    check: (values) => ({
      'words.title': needed(values['words.title']),
      'words.what': needed(values['words.what']),
    }),
    prefix: 'translation.',
    cause: save.error,
    slot: `translation.${round.id}.${String(proposal.id)}.${String(version)}`,
  })
  const send = () => {
    save.mutate(
      {
        version,
        words: {
          title: values['words.title'],
          what: values['words.what'],
          why: values['words.why'],
          place: values['words.place'],
        },
      },
      { onSuccess: done },
    )
  }
  return (
    <Written title={t('correct.translate.button')}>
      <Form form={form} busy={save.isPending} onSend={send} actions={<Actions onStop={onClose} />}>
        <TextInput {...field('words.title')} required maxLength={limitsProposalText.title.maxLength} lang={into} />
        <TextArea {...field('words.what')} required rows={6} maxLength={limitsWords.what.maxLength} lang={into} />
        <TextArea {...field('words.why')} rows={4} maxLength={limitsWords.why.maxLength} lang={into} />
        {proposal.text.place && (
          <TextInput {...field('words.place')} maxLength={limitsWords.place.maxLength} lang={into} />
        )}
      </Form>
    </Written>
  )
}

function Actions({ onStop }: { onStop: () => void }) {
  const { t } = useTranslation('desk')
  return (
    <>
      <Button type="submit">{t('correct.save')}</Button>
      <Button variant="secondary" onClick={onStop}>
        {t('decide.stop')}
      </Button>
    </>
  )
}
