import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from '@/lib/i18n'
import { useSearchParams } from '@/lib/router'
import type { Schemas } from '@/lib/api'
import { useFormat, useLang } from '@/lib/format'
import { auditCheckQuery, auditChoicesQuery, auditExport, auditQuery, type AuditFilter } from '@/data/office'
import type { Round } from '@/data/round'
import { More } from '@/ui/More'
import { Ask } from '@/ui/Ask'
import { SearchForm } from '@/ui/form/SearchForm'
import { Button, Notification } from '@/ui/hds'
import { useLocal } from '@/ui/text'
import { Filter } from './Filter'
import type fi from './office.fi.json'
import css from './audit.module.css'
import { RoundPage } from './RoundPage'
import { classes } from '@/lib/classes'
import styles from './office.module.css'

export function Audit() {
  const { t } = useTranslation('office')
  return (
    <RoundPage title={t('audit.title')} lead={t('audit.about')}>
      {(round) => (
        <>
          <Checked round={round.id} />
          <Narrowed round={round} />
        </>
      )}
    </RoundPage>
  )
}

/** Whether the chain holds, and whether it is the one that the public log vouches for. */
function Checked({ round }: { round: string }) {
  const { t } = useTranslation('office')
  const { number } = useFormat()
  const query = useQuery(auditCheckQuery(round))
  return (
    <Ask query={query}>
      {({ entries, broken, steps, differs }) => (
        <Notification
          kind={broken !== undefined || differs ? 'error' : 'success'}
          label={
            broken !== undefined
              ? t('audit.check.broken', { entry: number(broken) })
              : t(differs ? 'audit.check.differs' : 'audit.check.holds')
          }
        >
          <p>{t('audit.check.entries', { entries: number(entries) })}</p>
          <p>{t('audit.check.steps', { steps: number(steps) })}</p>
          <p>{t('audit.public')}</p>
          {(broken !== undefined || differs) && <p>{t('audit.check.do')}</p>}
        </Notification>
      )}
    </Ask>
  )
}

/** What the address narrows the log to. */
function filterOf(params: URLSearchParams): AuditFilter {
  const proposal = Number(params.get('proposal'))
  return {
    actor: params.get('actor') ?? undefined,
    action: params.get('action') ?? undefined,
    part: params.get('part') ?? undefined,
    proposal: Number.isSafeInteger(proposal) && proposal > 0 ? proposal : undefined,
  }
}

function Narrowed({ round }: { round: Round }) {
  const { t } = useTranslation('office')
  const lang = useLang()
  const [params, setParams] = useSearchParams()
  const filter = filterOf(params)
  const choose = (name: keyof AuditFilter, value: string) => {
    const next = new URLSearchParams(params)
    if (value) next.set(name, value)
    else next.delete(name)
    setParams(next, { replace: true })
  }
  return (
    <>
      <Ask query={useQuery(auditChoicesQuery(round.id))}>
        {(choices) => <Filters key={filter.proposal} choices={choices} filter={filter} choose={choose} />}
      </Ask>
      <p className={css.files}>
        {(['xlsx', 'csv'] as const).map((format) => (
          <a key={format} href={auditExport(round.id, filter, format, lang)} download={`${round.id}-log.${format}`}>
            {t(`audit.export_${format}`)}
          </a>
        ))}
      </p>
      <Log round={round} filter={filter} />
    </>
  )
}

interface Filtering {
  choices: Schemas['AuditChoices']
  filter: AuditFilter
  choose: (name: keyof AuditFilter, value: string) => void
}

function Filters({ choices, filter, choose }: Filtering) {
  const { t } = useTranslation('office')
  const did = useDid()
  const who = useWho()
  const word = useWord()
  const [proposal, setProposal] = useState(String(filter.proposal ?? ''))
  const lists = [
    {
      name: 'actor',
      label: t('audit.person'),
      all: t('audit.anybody'),
      options: choices.actors.map(({ actor, name }) => ({ value: actor, label: who(actor, name) })),
    },
    {
      name: 'action',
      label: t('audit.action'),
      all: t('audit.any_action'),
      options: choices.actions.map((value) => ({ value, label: did(value) })),
    },
    {
      name: 'part',
      label: t('audit.part'),
      all: t('audit.any_part'),
      options: choices.parts.map((value) => ({ value, label: word(value) })),
    },
  ] as const
  return (
    <SearchForm
      aria-label={t('audit.filter')}
      className={css.filters}
      onSearch={() => {
        choose('proposal', proposal.replace(/\D/g, ''))
      }}
    >
      {lists.map(({ name, label, all, options }) => (
        <Filter key={name} label={label}>
          {(id) => (
            <select
              id={id}
              value={filter[name] ?? ''}
              onChange={({ target: { value } }) => {
                choose(name, value)
              }}
            >
              <option value="">{all}</option>
              {options
                .toSorted((a, b) => a.label.localeCompare(b.label))
                .map(({ value, label }) => (
                  <option key={value} value={value}>
                    {label}
                  </option>
                ))}
            </select>
          )}
        </Filter>
      ))}
      <Filter label={t('audit.proposal')}>
        {(id) => (
          <input
            id={id}
            inputMode="numeric"
            maxLength={15}
            value={proposal}
            onChange={({ target: { value } }) => {
              setProposal(value)
            }}
          />
        )}
      </Filter>
      <Button type="submit" variant="secondary">
        {t('audit.show')}
      </Button>
    </SearchForm>
  )
}

function Log({ round, filter }: { round: Round; filter: AuditFilter }) {
  const { t } = useTranslation('office')
  const query = useInfiniteQuery(auditQuery(round.id, filter))
  return (
    <Ask query={query}>
      {({ pages }) => (
        <>
          <p role="status">{pages[0]?.length === 0 && t('audit.none')}</p>
          <ol className={classes('plain', styles.log)}>
            {pages.flat().map((entry) => (
              <Entry key={entry.seq} round={round} entry={entry} />
            ))}
          </ol>
          <More query={query}>{t('more')}</More>
        </>
      )}
    </Ask>
  )
}

/** One entry, with what became of what, and what its hash is made of. */
function Entry({ round, entry }: { round: Round; entry: Schemas['AuditEntry'] }) {
  const { seq, at, actor, name, action, reason, details, facts, hash } = entry
  const { t } = useTranslation('office')
  const { dateTime, number } = useFormat()
  const did = useDid()
  const who = useWho()
  return (
    <li>
      <p>
        <strong>{did(action)}</strong>
        {reason && <span> {t('audit.reason', { reason })}</span>}
      </p>
      <p className="muted">
        {number(seq)} · {dateTime(at)} · {who(actor, name)}
      </p>
      <details>
        <summary>{t('audit.details')}</summary>
        {facts.length > 0 && <Facts round={round} seq={seq} facts={facts} />}
        <dl>
          <dt>{t('audit.action')}</dt>
          <dd>
            <code>{action}</code>
          </dd>
          <dt>{t('audit.facts')}</dt>
          <dd>
            <code>{details}</code>
          </dd>
          <dt>{t('audit.hash')}</dt>
          <dd>
            <code>{hash}</code>
          </dd>
        </dl>
      </details>
    </li>
  )
}

/** What each thing was, and what it became. */
function Facts({ round, seq, facts }: { round: Round; seq: number; facts: Schemas['AuditFact'][] }) {
  const { t } = useTranslation('office')
  const { number } = useFormat()
  const local = useLocal()
  const word = useWord()
  const value = useValue()
  const { areas, papers, themes } = round.settings
  const called = new Map([...areas, ...papers, ...themes].map(({ id, name }) => [id, local(name)]))
  const named = (of: string) => (called.has(of) ? called.get(of) : word(of))
  return (
    <table className={css.told}>
      <caption className="visually-hidden">{t('audit.changes', { entry: number(seq) })}</caption>
      <thead>
        <tr>
          <th scope="col">{t('audit.field')}</th>
          <th scope="col">{t('audit.from')}</th>
          <th scope="col">{t('audit.to')}</th>
        </tr>
      </thead>
      <tbody>
        {facts.map(({ field, from, to }) => (
          <tr key={field}>
            <th scope="row">{field.split('.').map(named).join(' · ')}</th>
            <td>{value(field, from)}</td>
            <td>{value(field, to)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

/** What an action is called. */
function useDid() {
  const { t } = useTranslation('office')
  return (action: string) =>
    t(`audit.did.${action.replace(/[ .]/g, '_') as keyof typeof fi.audit.did}`, { defaultValue: action })
}

/** What a word of a field's path is called. */
function useWord() {
  const { t } = useTranslation('office')
  return (word: string) => (word ? t(`audit.of.${word as keyof typeof fi.audit.of}`, { defaultValue: word }) : '')
}

/** Somebody by name, if there is one, with her role and the number of her account. */
function useWho() {
  const { t } = useTranslation('office')
  return (actor: string, name?: string) => {
    const [role = '', account] = actor.split(' ')
    const said = account && t(`audit.role.${role as keyof typeof fi.audit.role}`, { defaultValue: role })
    const called = said && /^\d+$/.test(account) ? `${said} ${account}` : actor
    return name ? `${name} (${called})` : called
  }
}

const money = ['pot', 'minimum', 'maximum', 'maintenance', 'cents']

/** A value as people read it: sums in euros, moments in the city's time. */
function useValue() {
  const { t } = useTranslation('office')
  const { euros, dateTime } = useFormat()
  return (field: string, value: string | undefined) => {
    const last = field.slice(field.lastIndexOf('.') + 1)
    if (value === undefined) return '–'
    if (money.includes(last) && /^-?\d+$/.test(value)) return euros(Number(value))
    if ((last === 'opens' || last === 'closes') && !Number.isNaN(Date.parse(value))) return dateTime(value)
    if (value === 'true' || value === 'false') return t(value === 'true' ? 'audit.yes' : 'audit.no')
    return value
  }
}
