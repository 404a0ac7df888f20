import { queryOptions, useQuery } from '@tanstack/react-query'
import { keys } from '@/data/keys'
import { useTranslation } from '@/lib/i18n'
import { Link, useSearchParams } from '@/lib/router'
import { Button, Notification, Select } from '@/ui/hds'
import { ask, office } from '@/lib/api'
import { Ask } from '@/ui/Ask'
import { useFormat, useLang } from '@/lib/format'
import { Local, useLocal } from '@/ui/text'
import { isFrozen, useRound, type Round } from '@/data/round'
import { AskPage } from '@/ui/AskPage'
import { Page } from '@/ui/Page'
import { Price } from '@/shared/proposal/Price'
import { classes } from '@/lib/classes'
import styles from './list.module.css'

const projectsQuery = (round: string, area: string | undefined) =>
  queryOptions({
    queryKey: keys.projects(round, area),
    queryFn: () => ask(office.GET('/api/v1/rounds/{round}/projects', { params: { path: { round }, query: { area } } })),
  })

/** A ballot's projects by number, made for paper: for a library's wall, or for somebody who does not use the net. */
export default function List() {
  const query = useRound()
  const { t } = useTranslation('list')
  return (
    <AskPage query={query} title={t('title')}>
      {(round) => <ListPage round={round} />}
    </AskPage>
  )
}

function ListPage({ round }: { round: Round }) {
  const { t } = useTranslation(['list', 'shell'])
  const lang = useLang()
  const local = useLocal()
  const { euros, dateTime } = useFormat()
  const [params, setParams] = useSearchParams()
  const { areas } = round.settings
  const area = areas.find(({ id }) => id === params.get('area'))
  const query = useQuery(projectsQuery(round.id, area?.id))
  const final = isFrozen(round)
  return (
    <Page
      title={area ? t('title_area', { area: local(area.name) }) : t('title')}
      above={[
        { to: `/${lang}`, text: t('shell:nav.home') },
        { to: `/${lang}/rounds/${round.id}`, text: local(round.name) },
      ]}
      lead={<p className="no-print">{t('lead')}</p>}
    >
      <div className="stack">
        <div className={classes(styles.tools, 'no-print')}>
          <Select
            label={t('area')}
            value={area?.id ?? ''}
            onChange={({ target: { value } }) => {
              setParams(value ? { area: value } : {})
            }}
            options={[
              { value: '', label: t('all') },
              ...areas.map(({ id, name }) => ({ value: id, label: local(name) })),
            ]}
          />
          <Button
            start="printer"
            onClick={() => {
              window.print()
            }}
          >
            {t('print')}
          </Button>
          {final && (
            <p>
              <Link to={`/${lang}/rounds/${round.id}/vote/sample${area ? `?area=${area.id}` : ''}`}>{t('sample')}</Link>
            </p>
          )}
        </div>
        {!final && <Notification kind="alert">{t('not_final')}</Notification>}
        <Ask query={query}>
          {(projects) => (
            <>
              {projects.length === 0 && <p>{t('none')}</p>}
              {areas.map(({ id, name, pot }) => {
                const here = projects.filter((project) => project.area === id).sort((a, b) => a.number - b.number)
                return (
                  here.length > 0 && (
                    <section key={id} className={styles.area}>
                      <h2>
                        <Local text={name} /> · {euros(pot)}
                      </h2>
                      <ul className="plain">
                        {here.map(
                          ({ number, title, description, place, cost, reserved_cost, withdrawn, conflicts }) => (
                            <li key={number} className={styles.project}>
                              <span className={styles.number}>
                                <span className="visually-hidden">{t('number')} </span>
                                {number}
                              </span>
                              <div>
                                <h3>
                                  <Local text={title} />
                                </h3>
                                <p>
                                  <Price reserved={reserved_cost} cost={cost} />
                                  {place && (
                                    <>
                                      {' · '}
                                      <Local text={place} />
                                    </>
                                  )}
                                  {withdrawn && ` · ${t('withdrawn')}`}
                                </p>
                                {conflicts?.map(({ projects, reason }, index) => (
                                  <p key={index}>
                                    {t('conflict', { count: projects.length, numbers: projects.join(', ') })}{' '}
                                    <Local text={reason} />
                                  </p>
                                ))}
                                <p className="lines">
                                  <Local text={description} />
                                </p>
                              </div>
                            </li>
                          ),
                        )}
                      </ul>
                    </section>
                  )
                )
              })}
              <p className="muted">
                {local(round.name)} · {t('as_of', { time: dateTime(round.now) })} · {location.host}
              </p>
            </>
          )}
        </Ask>
      </div>
    </Page>
  )
}
