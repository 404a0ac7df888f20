import { useQuery } from '@tanstack/react-query'
import { useTranslation } from '@/lib/i18n'
import { Link, Route, Routes, useSearchParams } from '@/lib/router'
import { useRound, type Round } from '@/data/round'
import {
  filterOf,
  promisedIn,
  sheetHref,
  subjects,
  translationsQuery,
  type Count,
  type Filter,
  type Row,
  type Standing,
} from '@/data/translation'
import { useFormat, useLang } from '@/lib/format'
import { hasRole, useSession } from '@/lib/session'
import { Ask } from '@/ui/Ask'
import { AskPage } from '@/ui/AskPage'
import { LinkButton, StatusLabel } from '@/ui/hds'
import { Only } from '@/ui/Only'
import { Page } from '@/ui/Page'
import { useLocal } from '@/ui/text'
import { Signed } from './Signed'
import { colours } from './colours'
import { Translate } from './Translate'
import { TranslationSheet } from './TranslationSheet'
import css from './translation.module.css'

/** What of a round waits for a translator: the list, one at a time, and by a sheet. */
export default function Translations() {
  const { t } = useTranslation('translation')
  return (
    <Only roles={['facilitator', 'official']} title={t('title')}>
      <Routes>
        <Route path="/" element={<List />} />
        <Route path="/sheet" element={<TranslationSheet />} />
        <Route path="/:proposal/:into" element={<Translate />} />
      </Routes>
    </Only>
  )
}

function List() {
  return <AskPage query={useRound()}>{(round) => <ListPage round={round} />}</AskPage>
}

function ListPage({ round }: { round: Round }) {
  const { t } = useTranslation(['translation', 'desk'])
  const local = useLocal()
  const lang = useLang()
  const session = useSession()
  const [params, setParams] = useSearchParams()
  const filter = filterOf(params)
  const areas = round.settings.areas.filter(({ id }) => hasRole(session, 'official') || session?.areas.includes(id))
  const choose = (name: string, value: string) => {
    setParams((old) => {
      const next = new URLSearchParams(old)
      next.delete('from')
      if (value) next.set(name, value)
      else next.delete(name)
      return next
    })
  }
  return (
    <Page
      title={t('title')}
      above={[
        { to: '/desk', text: t('desk:title') },
        { to: `/desk/${round.id}`, text: local(round.name) },
      ]}
      lead={<p className={css.lead}>{t('lead')}</p>}
    >
      <div className={css.page}>
        <div role="search" className={css.filters}>
          <label htmlFor="subject">{t('subject.label')}</label>
          <select
            id="subject"
            value={filter.subject ?? 'ballot'}
            onChange={(event) => {
              choose('subject', event.target.value === 'ballot' ? '' : event.target.value)
            }}
          >
            {subjects.map((one) => (
              <option key={one} value={one}>
                {t(`subject.${one}`)}
              </option>
            ))}
          </select>
          <label htmlFor="language">{t('language')}</label>
          <select
            id="language"
            value={filter.language ?? ''}
            onChange={(event) => {
              choose('language', event.target.value)
            }}
          >
            <option value="">{t('any')}</option>
            {promisedIn(round).map((one) => (
              <option key={one} value={one}>
                {t(`in.${one}`)}
              </option>
            ))}
          </select>
          {areas.length > 1 && (
            <>
              <label htmlFor="area">{t('area')}</label>
              <select
                id="area"
                value={filter.area ?? ''}
                onChange={(event) => {
                  choose('area', event.target.value)
                }}
              >
                <option value="">{t('all_areas')}</option>
                {areas.map(({ id, name }) => (
                  <option key={id} value={id}>
                    {local(name)}
                  </option>
                ))}
              </select>
            </>
          )}
          <input
            type="checkbox"
            id="open"
            checked={filter.open}
            onChange={(event) => {
              choose('all', event.target.checked ? '' : 'yes')
            }}
          />
          <label htmlFor="open">{t('open')}</label>
        </div>
        <Ask query={useQuery(translationsQuery(round.id, filter))}>
          {({ rows, counts, total, next }) => (
            <>
              <Counts counts={counts} />
              <div className={css.acts}>
                <p role="status">
                  <strong>{t('count', { count: total })}</strong>
                </p>
                {filter.language &&
                  (['xlsx', 'csv'] as const).map((format) => (
                    <a
                      key={format}
                      href={sheetHref(round.id, filter, filter.language ?? 'sv', format, lang)}
                      download={`${round.id}-${filter.language ?? ''}.${format}`}
                    >
                      {t(`sheet.${format}`)}
                    </a>
                  ))}
                <Link to={`/desk/${round.id}/translations/sheet`}>{t('sheet.link')}</Link>
              </div>
              {total > 0 && <Table round={round} rows={rows} filter={filter} />}
              <p className={css.acts}>
                {filter.offset !== undefined && (
                  <LinkButton small variant="secondary" to={{ search: stepped(params, 0) }}>
                    {t('first')}
                  </LinkButton>
                )}
                {next !== undefined && (
                  <LinkButton small variant="secondary" to={{ search: stepped(params, next) }}>
                    {t('more')}
                  </LinkButton>
                )}
              </p>
            </>
          )}
        </Ask>
      </div>
    </Page>
  )
}

function stepped(params: URLSearchParams, from: number): string {
  const next = new URLSearchParams(params)
  if (from > 0) next.set('from', String(from))
  else next.delete('from')
  return next.toString()
}

/** How much waits in each language, whatever the list is narrowed to. */
function Counts({ counts }: { counts: Count[] }) {
  const { t } = useTranslation('translation')
  const { number } = useFormat()
  const heads = ['missing', 'partial', 'outdated'] as const
  return (
    <table className={css.counts}>
      <caption>{t('counts')}</caption>
      <thead>
        <tr>
          <th scope="col">{t('language')}</th>
          {heads.map((head) => (
            <th key={head} scope="col">
              {t(`status.${head}`)}
            </th>
          ))}
          <th scope="col">{t('of')}</th>
        </tr>
      </thead>
      <tbody>
        {counts.map((count) => (
          <tr key={count.language}>
            <th scope="row">
              <Link to={{ search: `?language=${count.language}` }}>{t(`in.${count.language}`)}</Link>
            </th>
            {heads.map((head) => (
              <td key={head}>{number(count[head])}</td>
            ))}
            <td>{number(count.total)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

function Table({ round, rows, filter }: { round: Round; rows: Row[]; filter: Filter }) {
  const { t } = useTranslation('translation')
  const local = useLocal()
  return (
    <table className={css.table}>
      <caption className="visually-hidden">{t('title')}</caption>
      <thead>
        <tr>
          <th scope="col" className={css.number}>
            {t(filter.subject === 'rejected' ? 'number' : 'on_ballot')}
          </th>
          <th scope="col">{t('parts.title')}</th>
          <th scope="col" className={css.area}>
            {t('area')}
          </th>
          {promisedIn(round).map((one) => (
            <th key={one} scope="col" className={css.standing}>
              {t(`in.${one}`)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={row.proposal}>
            <td className={css.number}>{row.project ?? `#${String(row.proposal)}`}</td>
            <th scope="row" lang={row.source} dir="auto">
              {row.title}
            </th>
            <td className={css.area}>{local(round.settings.areas.find(({ id }) => id === row.area)?.name)}</td>
            {row.standings.map((standing) => (
              <td key={standing.language} className={css.standing}>
                <Stands round={round} row={row} standing={standing} />
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  )
}

function Stands({ round, row, standing }: { round: Round; row: Row; standing: Standing }) {
  const { t } = useTranslation('translation')
  const { status, language } = standing
  if (status === 'source') return <span className={css.source}>{t('status.source')}</span>
  return (
    <>
      <span className={css.short} aria-hidden="true">
        {language}
      </span>
      <Link
        to={`/desk/${round.id}/translations/${String(row.proposal)}/${language}`}
        aria-label={t('translate', { title: row.title, into: t(`into.${language}`), status: t(`status.${status}`) })}
      >
        <StatusLabel kind={colours[status]}>{t(`status.${status}`)}</StatusLabel>
      </Link>
      <Signed standing={standing} />
    </>
  )
}
