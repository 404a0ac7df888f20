import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from '@/lib/i18n'
import { Link, useNavigate, useParams } from '@/lib/router'
import { keys } from '@/data/keys'
import { useRound, type Round } from '@/data/round'
import {
  after,
  languages,
  translate,
  translationsQuery,
  type Filter,
  type Language,
  type Row,
  type Standing,
} from '@/data/translation'
import { announce } from '@/lib/announce'
import type { Schemas } from '@/lib/api'
import { classes } from '@/lib/classes'
import { limitsTranslatedWords, limitsTranslation } from '@/lib/limits.gen'
import { AskPage } from '@/ui/AskPage'
import { Form } from '@/ui/form/Form'
import { useFields } from '@/ui/form/useFields'
import { Button, Notification, StatusLabel, TextArea, TextInput } from '@/ui/hds'
import { Missing } from '@/ui/Missing'
import { Page } from '@/ui/Page'
import { useLocal } from '@/ui/text'
import { colours } from './colours'
import { Signed } from './Signed'
import css from './translation.module.css'

/** One proposal in one language, the source beside it. */
export function Translate() {
  const { proposal = '', into = '' } = useParams()
  const language = languages.find((one) => one === into)
  return (
    <AskPage query={useRound()}>
      {(round) =>
        language && Number(proposal) > 0 ? (
          <One key={`${proposal} ${into}`} round={round} proposal={Number(proposal)} into={language} />
        ) : (
          <Missing />
        )
      }
    </AskPage>
  )
}

function One({ round, proposal, into }: { round: Round; proposal: number; into: Language }) {
  return (
    <AskPage query={useQuery(translationsQuery(round.id, { proposal }))}>
      {({ rows: [row] }) => (row ? <Side key={row.version} round={round} row={row} into={into} /> : <Missing />)}
    </AskPage>
  )
}

function Side({ round, row, into }: { round: Round; row: Row; into: Language }) {
  const { t } = useTranslation(['translation', 'desk'])
  const local = useLocal()
  const standing = row.standings.find(({ language }) => language === into)
  const others = languages.filter((one) => one !== into && one !== row.source)
  const number = row.project ?? row.proposal
  return (
    <Page
      title={t('side.title', { title: row.title, into: t(`into.${into}`) })}
      above={[
        { to: '/desk', text: t('desk:title') },
        { to: `/desk/${round.id}`, text: local(round.name) },
        { to: `/desk/${round.id}/translations`, text: t('title') },
      ]}
      lead={
        <p className={classes(css.acts, css.lead)}>
          {t(row.project ? 'side.project' : 'side.proposal', { number })}
          {standing && standing.status !== 'source' && (
            <StatusLabel kind={colours[standing.status]}>{t(`status.${standing.status}`)}</StatusLabel>
          )}
          {standing && <Signed standing={standing} />}
          <Link to={`/desk/${round.id}/${String(row.proposal)}`}>{t('side.case')}</Link>
          {others.map((one) => (
            <Link key={one} to={`/desk/${round.id}/translations/${String(row.proposal)}/${one}`}>
              {t(`into.${one}`)}
            </Link>
          ))}
        </p>
      }
    >
      {into === row.source && standing?.status === 'source' ? (
        <Notification>{t('side.source')}</Notification>
      ) : (
        <Editor round={round} row={row} into={into} standing={standing} />
      )}
    </Page>
  )
}

const parts = ['title', 'what', 'why', 'place'] as const

function Editor({ round, row, into, standing }: { round: Round; row: Row; into: Language; standing?: Standing }) {
  const { t } = useTranslation(['translation', 'desk'])
  const cache = useQueryClient()
  const navigate = useNavigate()
  const list: Filter = { open: true, language: into, ...(row.state === 'rejected' && { subject: 'rejected' as const }) }
  const waiting = useQuery(translationsQuery(round.id, list)).data?.rows ?? []
  const next = after(waiting, row.proposal)
  const [onwards, setOnwards] = useState(false)
  const from = row.words[row.source] ?? {}
  const had = row.words[into] ?? {}
  const rejected = row.state === 'rejected'
  const said = row.answer[row.source] ?? row.answer.fi ?? row.answer.sv ?? row.answer.en
  const asked = parts.filter((part) => !rejected && (from[part] ?? had[part]))
  const save = useMutation({
    mutationFn: (body: Schemas['Translation']) => translate(round.id, row.proposal, body),
    onSuccess: async () => {
      announce(t('side.done'))
      await cache.invalidateQueries({ queryKey: keys.translations(round.id) })
      void cache.invalidateQueries({ queryKey: keys.proposal(round.id, row.proposal) })
      void cache.invalidateQueries({ queryKey: keys.proposals(round.id) })
      void cache.invalidateQueries({ queryKey: keys.round(round.id) })
      if (onwards && next) navigate(`/desk/${round.id}/translations/${String(next)}/${into}`)
    },
  })
  const needed = (part: 'title' | 'what', text: string) =>
    asked.includes(part) && !text.trim() ? t('desk:decide.required') : undefined
  const { values, field, form, done } = useFields({
    start: {
      'words.title': had.title ?? '',
      'words.what': had.what ?? '',
      'words.why': had.why ?? '',
      'words.place': had.place ?? '',
      answer: row.answer[into] ?? '',
    },
    labels: {
      'words.title': t('parts.title'),
      'words.what': t('parts.what'),
      'words.why': t('parts.why'),
      'words.place': t('parts.place'),
      answer: t('parts.answer'),
    },
    check: (values) => ({
      'words.title': needed('title', values['words.title']),
      'words.what': needed('what', values['words.what']),
    }),
    prefix: 'translation.',
    cause: save.error,
    slot: `translation.${round.id}.${String(row.proposal)}.${into}.${String(row.version)}`,
  })
  const send = () => {
    save.mutate(
      {
        version: row.version,
        language: into,
        ...(!rejected && {
          words: {
            title: values['words.title'],
            what: values['words.what'],
            why: values['words.why'],
            place: values['words.place'],
          },
        }),
        ...(said && values.answer.trim() && { answer: values.answer }),
      },
      { onSuccess: done },
    )
  }
  return (
    <div className="stack">
      {standing?.status === 'outdated' && <Notification kind="alert">{t('side.outdated')}</Notification>}
      <Form
        form={form}
        busy={save.isPending}
        onSend={send}
        actions={
          <>
            {next !== undefined && (
              <Button
                type="submit"
                busy={save.isPending && onwards}
                onClick={() => {
                  setOnwards(true)
                }}
              >
                {t('side.save_next')}
              </Button>
            )}
            <Button
              type="submit"
              variant={next === undefined ? 'primary' : 'secondary'}
              busy={save.isPending && !onwards}
              onClick={() => {
                setOnwards(false)
              }}
            >
              {t('side.save')}
            </Button>
          </>
        }
      >
        <div className={css.side}>
          <p className={css.head} aria-hidden="true">
            {t(`in.${row.source}`)}
          </p>
          <p className={css.head} aria-hidden="true">
            {t(`in.${into}`)}
          </p>
          {asked.map((part) => (
            <Pair key={part} language={row.source} label={t(`parts.${part}`)} text={from[part]}>
              {part === 'title' || part === 'place' ? (
                <TextInput
                  {...field(`words.${part}`)}
                  required={part === 'title'}
                  maxLength={limitsTranslatedWords[part].maxLength}
                  lang={into}
                />
              ) : (
                <TextArea
                  {...field(`words.${part}`)}
                  required={part === 'what'}
                  rows={part === 'what' ? 10 : 5}
                  maxLength={limitsTranslatedWords[part].maxLength}
                  lang={into}
                />
              )}
            </Pair>
          ))}
          {said && (
            <Pair language={row.answer[row.source] ? row.source : 'fi'} label={t('parts.answer')} text={said}>
              <TextArea {...field('answer')} rows={6} maxLength={limitsTranslation.answer.maxLength} lang={into} />
            </Pair>
          )}
        </div>
      </Form>
    </div>
  )
}

function Pair({
  language,
  label,
  text,
  children,
}: {
  language: Language
  label: string
  text?: string
  children: React.ReactNode
}) {
  const { t } = useTranslation('translation')
  return (
    <>
      <div className={css.from}>
        <p className={css.label}>
          {label}
          <span className="visually-hidden"> ({t(`in.${language}`)})</span>
        </p>
        <p className="lines" lang={language} dir="auto">
          {text ?? '–'}
        </p>
      </div>
      <div>{children}</div>
    </>
  )
}
