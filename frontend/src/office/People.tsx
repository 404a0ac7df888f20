import { useQueries, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from '@/lib/i18n'
import type { Schemas } from '@/lib/api'
import { useFormat } from '@/lib/format'
import { deskQuery } from '@/data/desk'
import { staffQuery } from '@/data/office'
import { roundsQuery } from '@/data/round'
import { AskPage } from '@/ui/AskPage'
import { Page } from '@/ui/Page'
import { SearchForm } from '@/ui/form/SearchForm'
import { useLocal } from '@/ui/text'
import { Filter } from './Filter'
import { StandIn } from './StandIn'
import audit from './audit.module.css'
import css from './people.module.css'

type Member = Schemas['StaffMember']
const roles = ['facilitator', 'expert', 'official', 'officer', 'help_desk'] as const
type Role = (typeof roles)[number]

/** Who works for the city, on what, and by which claim of the provider. */
export function People() {
  const { t } = useTranslation('office')
  return (
    <AskPage query={useQuery(staffQuery)} title={t('people.title')}>
      {({ people, claims }) => (
        <Page title={t('people.title')} lead={t('people.lead')} above={[{ to: '/office', text: t('title') }]}>
          <List people={people} claims={claims} />
        </Page>
      )}
    </AskPage>
  )
}

function List({ people, claims }: { people: Member[]; claims: Schemas['StaffClaims'] }) {
  const { t } = useTranslation('office')
  const { number, dateTime } = useFormat()
  const [words, setWords] = useState('')
  const [role, setRole] = useState('')
  const named = useNames()
  const wanted = people.filter(
    (one) =>
      (role === '' || one.roles.some((has) => has === role)) &&
      one.name.toLocaleLowerCase().includes(words.trim().toLocaleLowerCase()),
  )
  return (
    <div className="stack-l">
      <p>{t('people.change')}</p>
      <SearchForm aria-label={t('people.filter')} className={audit.filters} onSearch={() => undefined}>
        <Filter label={t('people.search')}>
          {(id) => (
            <input
              id={id}
              type="search"
              maxLength={80}
              value={words}
              onChange={({ target: { value } }) => {
                setWords(value)
              }}
            />
          )}
        </Filter>
        <Filter label={t('people.role')}>
          {(id) => (
            <select
              id={id}
              value={role}
              onChange={({ target: { value } }) => {
                setRole(value)
              }}
            >
              <option value="">{t('people.every_role')}</option>
              {roles.map((one) => (
                <option key={one} value={one}>
                  {t(`people.roles.${one}`)}
                </option>
              ))}
            </select>
          )}
        </Filter>
      </SearchForm>
      <p role="status">{wanted.length > 0 ? t('people.shown', { people: number(wanted.length) }) : t('people.none')}</p>
      {wanted.length > 0 && (
        <table className={css.people}>
          <thead>
            <tr>
              <th scope="col">{t('people.search')}</th>
              <th scope="col">{t('people.role')}</th>
              <th scope="col">{t('people.of')}</th>
              <th scope="col">{t('people.claim')}</th>
              <th scope="col">{t('people.seen')}</th>
              <th scope="col">{t('stand_in.column')}</th>
            </tr>
          </thead>
          {wanted.map((one) => (
            <tbody key={one.account}>
              {held(one).map((has, i, all) => (
                <tr key={has}>
                  {i === 0 && (
                    <th scope="rowgroup" rowSpan={all.length} dir="auto">
                      {one.name}
                    </th>
                  )}
                  <td data-label={t('people.role')}>{t(`people.roles.${has}`)}</td>
                  <td data-label={t('people.of')}>{named(one, has)}</td>
                  <td data-label={t('people.claim')}>
                    <code>{claimOf(one, has, claims)}</code>
                  </td>
                  {i === 0 && (
                    <td rowSpan={all.length} data-label={t('people.seen')}>
                      {dateTime(one.seen_at)}
                    </td>
                  )}
                  {i === 0 && (
                    <td rowSpan={all.length} data-label={t('stand_in.column')}>
                      <StandIn member={one} people={people} />
                    </td>
                  )}
                </tr>
              ))}
            </tbody>
          ))}
        </table>
      )}
    </div>
  )
}

const held = (one: Member) => roles.filter((role) => one.roles.includes(role))

/** What the provider said, as it says it: roles=facilitator areas=southern,western. */
function claimOf(one: Member, role: Role, claims: Schemas['StaffClaims']): string {
  const said = [`${claims.roles}=${role}`]
  if (role === 'facilitator' && one.areas.length > 0) said.push(`${claims.areas}=${one.areas.join(',')}`)
  if (role === 'expert' && one.divisions.length > 0) said.push(`${claims.divisions}=${one.divisions.join(',')}`)
  return said.join(' ')
}

/** Says of what somebody has a role, by the names that areas and divisions have in the newest round that knows them. */
function useNames() {
  const { t } = useTranslation('office')
  const local = useLocal()
  const rounds = useQuery(roundsQuery).data ?? []
  const areas = new Map(rounds.toReversed().flatMap(({ settings }) => settings.areas.map((a) => [a.id, local(a.name)])))
  const desks = useQueries({ queries: rounds.slice(0, 1).map(({ id }) => deskQuery(id)) })
  const divisions = new Map(desks.flatMap(({ data }) => data?.divisions ?? []).map((d) => [d.id, local(d.name)]))
  return (one: Member, role: Role): string => {
    const say = (ids: string[], names: Map<string, string>, none: string) =>
      ids.map((id) => names.get(id) ?? id).join(', ') || none
    switch (role) {
      case 'facilitator':
        return say(one.areas, areas, t('people.no_area'))
      case 'expert':
        return say(one.divisions, divisions, t('people.no_division'))
      case 'official':
      case 'help_desk':
        return t('people.everything')
      case 'officer':
        return (
          one.places
            .map(({ title, assigned }) => (assigned ? local(title) : t('people.asked', { place: local(title) })))
            .join(', ') || t('people.no_place')
        )
    }
  }
}
