import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useSearchParams } from '@/lib/router'
import { keys } from '@/data/keys'
import { lettersQuery, missingIn, unknownIn, type Letter } from '@/data/letter'
import type { Round } from '@/data/round'
import { announce } from '@/lib/announce'
import { ask, office } from '@/lib/api'
import { classes } from '@/lib/classes'
import { useLang } from '@/lib/format'
import { useTranslation } from '@/lib/i18n'
import { limitsLetterChange } from '@/lib/limits.gen'
import { Ask } from '@/ui/Ask'
import { Form } from '@/ui/form/Form'
import { useFields } from '@/ui/form/useFields'
import { Button, Card, Select, StatusLabel, TextArea, TextInput } from '@/ui/hds'
import { Trouble } from '@/ui/problem/Trouble'
import { RoundPage } from './RoundPage'
import styles from './office.module.css'

const languages = ['fi', 'sv', 'en'] as const

/** What a round says in its e-mails: the standard texts, or its own words. */
export function Letters() {
  const { t } = useTranslation('office')
  return (
    <RoundPage title={t('letters.title')} lead={t('letters.lead')}>
      {(round) => <Chosen round={round} />}
    </RoundPage>
  )
}

function Chosen({ round }: { round: Round }) {
  const { t } = useTranslation('office')
  const lang = useLang()
  const [params, setParams] = useSearchParams()
  const choose = (name: 'of' | 'language', value: string) => {
    setParams((old) => {
      const next = new URLSearchParams(old)
      next.set(name, value)
      return next
    })
  }
  return (
    <Ask query={useQuery(lettersQuery(round.id))}>
      {(letters) => {
        const language = languages.find((one) => one === params.get('language')) ?? lang
        const of = params.get('of') ?? letters[0]?.notification
        const letter = letters.find((one) => one.notification === of && one.language === language)
        const own = (notification: string) =>
          letters.some((one) => one.notification === notification && one.version > 0)
        return (
          <>
            <Select
              id="letter-of"
              label={t('letters.which')}
              value={of}
              options={letters
                .filter((one) => one.language === lang)
                .map(({ notification, standard_subject: subject }) => ({
                  value: notification,
                  label: own(notification) ? t('letters.own_of', { subject }) : subject,
                }))}
              onChange={(event) => {
                choose('of', event.target.value)
              }}
            />
            <Select
              id="letter-language"
              label={t('letters.language')}
              value={language}
              options={languages.map((one) => ({ value: one, label: t(`next.texts.in.${one}`) }))}
              onChange={(event) => {
                choose('language', event.target.value)
              }}
            />
            {letter && (
              <Editor
                key={`${letter.notification} ${language} ${String(letter.version)}`}
                round={round}
                letter={letter}
              />
            )}
          </>
        )
      }}
    </Ask>
  )
}

function Editor({ round, letter }: { round: Round; letter: Letter }) {
  const { t } = useTranslation('office')
  const cache = useQueryClient()
  const { notification, language, version, variables } = letter
  const path = { round: round.id }
  const keep = useMutation({
    mutationFn: (text: { subject: string; body: string }) =>
      ask(
        office.PUT('/api/v1/rounds/{round}/letters', {
          params: { path },
          body: { notification, language, version, ...text },
        }),
      ),
    onSuccess: async (_, { body }) => {
      announce(t(body ? 'letters.kept' : 'letters.reset_done'))
      await cache.invalidateQueries({ queryKey: keys.letters(round.id) })
    },
  })
  const preview = useMutation({
    mutationFn: (text: { subject: string; body: string }) =>
      ask(
        office.POST('/api/v1/rounds/{round}/letters/preview', {
          params: { path },
          body: { notification, language, version, ...text },
        }),
      ),
  })
  const wrong = (text: string) => {
    const name = unknownIn(text, variables)
    return text.trim() ? name && t('letters.unknown', { name }) : t('required')
  }
  const { values, field, form, done } = useFields({
    start: { subject: letter.subject, body: letter.body },
    labels: { subject: t('letters.subject'), body: t('letters.body') },
    check: ({ subject, body }) => {
      const missing = missingIn(body, variables)
      return {
        subject: wrong(subject),
        body: wrong(body) ?? (missing && t('letters.missing', { name: `{${missing}}` })),
      }
    },
    prefix: 'letter.',
    cause: keep.error ?? preview.error,
    slot: `letter.${round.id}.${notification}.${language}.${String(version)}`,
  })
  return (
    <div className={styles.columns}>
      <Card as="section" className={classes('stack', styles.letter)}>
        <p>
          <StatusLabel kind={version > 0 ? 'info' : undefined}>
            {t(version > 0 ? 'letters.own' : 'letters.standard')}
          </StatusLabel>
        </p>
        <Form
          form={form}
          busy={keep.isPending}
          onSend={() => {
            keep.mutate(values, { onSuccess: done })
          }}
          actions={
            <>
              <Button type="submit" busy={keep.isPending}>
                {t('letters.save')}
              </Button>
              <Button
                variant="secondary"
                busy={preview.isPending}
                onClick={() => {
                  if (form.check()) preview.mutate(values)
                }}
              >
                {t('letters.preview')}
              </Button>
              {version > 0 && (
                <Button
                  variant="secondary"
                  onClick={() => {
                    keep.mutate({ subject: '', body: '' }, { onSuccess: done })
                  }}
                >
                  {t('letters.reset')}
                </Button>
              )}
            </>
          }
        >
          <TextInput {...field('subject')} required lang={language} maxLength={limitsLetterChange.subject.maxLength} />
          <TextArea
            {...field('body')}
            required
            rows={14}
            lang={language}
            helper={t('letters.body_help')}
            maxLength={limitsLetterChange.body.maxLength}
          />
        </Form>
      </Card>
      <div className="stack">
        <Card as="section" className="stack">
          <h2>{t('letters.variables')}</h2>
          <dl>
            {variables.map(({ name, needed }) => (
              <div key={name}>
                <dt>
                  <code>{`{${name}}`}</code>
                </dt>
                <dd>
                  {t(`letters.variable.${name as 'title'}`)}
                  {needed && ` (${t('letters.needed')})`}
                </dd>
              </div>
            ))}
          </dl>
        </Card>
        {preview.data && (
          <Card as="section" className="stack">
            <h2>{t('letters.preview')}</h2>
            <div className="stack" lang={language} role="status">
              <p>
                <strong>{preview.data.subject}</strong>
              </p>
              <p className="lines">{preview.data.text}</p>
            </div>
          </Card>
        )}
        {preview.error && <Trouble cause={preview.error} />}
      </div>
    </div>
  )
}
