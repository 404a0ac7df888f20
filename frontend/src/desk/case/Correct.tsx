import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from '@/lib/i18n'
import { Button, Card, LinkButton, Select, TextArea, TextInput } from '@/ui/hds'
import { announce } from '@/lib/announce'
import { ask, office, type Schemas } from '@/lib/api'
import { limitsCorrection, limitsProposalText } from '@/lib/limits.gen'
import { keys } from '@/data/keys'
import { proposalQuery, type Proposal } from '@/data/proposal'
import type { Round } from '@/data/round'
import { languages } from '@/data/translation'
import { Form } from '@/ui/form/Form'
import { useFields } from '@/ui/form/useFields'
import { useLocal } from '@/ui/text'
import { Written } from './Written'
import styles from '@/ui/work.module.css'

/** What staff put right before the freeze: where a proposal belongs and what it says, and its words in the other language. */
export function Correct({ round, proposal }: { round: Round; proposal: Proposal }) {
  const { t } = useTranslation('desk')
  const [open, setOpen] = useState(false)
  const may = { correct: proposal.may.includes('correct'), translate: proposal.may.includes('translate') }
  if (!may.correct && !may.translate) return null
  const close = () => {
    setOpen(false)
  }
  return (
    <Card as="section" className={styles.decide}>
      <h2>{t('correct.heading')}</h2>
      {may.translate && !proposal.swedish && <p>{t('correct.one_language')}</p>}
      {open && <CorrectForm round={round} proposal={proposal} onClose={close} />}
      {!open && (
        <ul className="plain stack">
          {may.correct && (
            <li className={styles.choice}>
              <Button
                fullWidth
                variant="secondary"
                aria-keyshortcuts="c"
                onClick={() => {
                  setOpen(true)
                }}
              >
                {t('correct.correct.button')}
              </Button>
              <p className="muted">{t('correct.correct.does')}</p>
            </li>
          )}
          {may.translate && (
            <li className={styles.choice}>
              <p className="actions">
                {languages
                  .filter((into) => into !== proposal.text.language)
                  .map((into) => (
                    <LinkButton
                      key={into}
                      variant="secondary"
                      to={`/desk/${round.id}/translations/${String(proposal.id)}/${into}`}
                    >
                      {t('correct.translate.button', { into: t(`correct.into.${into}`) })}
                    </LinkButton>
                  ))}
              </p>
              <p className="muted">{t('correct.translate.does')}</p>
            </li>
          )}
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
