import { useQuery } from '@tanstack/react-query'
import { useTranslation } from '@/lib/i18n'
import { Link, useParams } from '@/lib/router'
import { AnchorButton, Notification, Tag } from '@/ui/hds'
import { useFormat, useLang } from '@/lib/format'
import { inLang, Local, useLocal } from '@/ui/text'
import { AskPage } from '@/ui/AskPage'
import { Missing } from '@/ui/Missing'
import { Page } from '@/ui/Page'
import { Picture } from '@/shared/picture/Picture'
import { Discussion } from '@/shared/discussion/Discussion'
import { Standing } from '@/shared/delivery/Standing'
import { useRound, type Round } from '@/data/round'
import { deliveryQuery, type Delivery, type DeliveryStory } from '@/data/delivery'
import { Timeline } from './Timeline'
import { Worth } from './Worth'
import style from './delivery.module.css'

/** One funded project, from the idea to the ribbon. */
export default function DeliveryOfProject() {
  const { round = '', project = '' } = useParams()
  const number = /^\d{1,6}$/.test(project) ? Number(project) : 0
  const rounds = useRound()
  const query = useQuery({ ...deliveryQuery(round, number), enabled: number > 0 })
  if (number === 0) return <Missing />
  return (
    <AskPage query={rounds}>
      {(of) => <AskPage query={query}>{(story) => <Story round={of} story={story} />}</AskPage>}
    </AskPage>
  )
}

function Story({ round, story }: { round: Round; story: DeliveryStory }) {
  const { t } = useTranslation(['delivery', 'shell'])
  const lang = useLang()
  const local = useLocal()
  const { euros, date } = useFormat()
  const { project, sites } = story
  const title = inLang(project.title, lang)
  const at = `/${lang}/rounds/${round.id}`
  const division = story.divisions.find(({ id }) => id === project.division)
  return (
    <Page
      title={title.value}
      lang={title.lang === lang ? undefined : title.lang}
      above={[
        { to: `/${lang}`, text: t('shell:nav.home') },
        { to: `/${lang}/delivery`, text: t('title') },
      ]}
      lead={
        <div className="tags">
          <Standing delivery={project} />
          <Tag>{t('project.number', { number: project.project })}</Tag>
          <Tag>
            <Link to={`/${lang}/areas/${project.area}${round.rehearsal ? `?round=${round.id}` : ''}`}>
              <Local text={project.area_name} />
            </Link>
          </Tag>
          <Tag>
            <Local text={project.round_name} />
          </Tag>
        </div>
      }
    >
      <div className="stack-l">
        {round.rehearsal && <Notification kind="alert">{t('shell:rehearsal')}</Notification>}
        <div className={style.columns}>
          <div className="stack-l">
            <Picture
              round={project.round}
              proposal={project.proposal}
              image={project.image}
              theme={project.theme}
              lang={title.lang}
            />
            <section className="stack-s">
              <h2>{t('project.now')}</h2>
              <Late delivery={project} />
              <Words heading={t('project.reason')} text={project.reason} />
              <Dates delivery={project} />
            </section>
            {project.difference && (
              <section className="stack-s">
                <h2>{t('project.difference')}</h2>
                <p className={style.lines}>
                  <Local text={project.difference} />
                </p>
              </section>
            )}
            {sites.length > 0 && (
              <section className="stack">
                <h2>{t('project.sites')}</h2>
                {sites.map((site) => (
                  <section key={site.site} className="stack-s">
                    <h3>{site.name && <Local text={site.name} />}</h3>
                    <div className="tags">
                      <Standing delivery={site} />
                    </div>
                    {site.division && site.division !== project.division && (
                      <p>
                        {t('project.site_division', {
                          division:
                            local(story.divisions.find(({ id }) => id === site.division)?.name) || site.division,
                        })}
                      </p>
                    )}
                    <Words text={site.reason} />
                    <Dates delivery={site} />
                  </section>
                ))}
              </section>
            )}
          </div>
          <div className="stack-l">
            <section className="stack-s">
              <h2>{t('project.who')}</h2>
              <p>{division ? <Local text={division.name} /> : t('project.no_division')}</p>
              {project.contact && (
                <p>
                  <Local text={project.contact} />
                </p>
              )}
              <p>{t('project.reserved', { sum: euros(project.reserved_cost) })}</p>
            </section>
            {story.shared.length > 0 && (
              <section className="stack-s">
                <h2>{t('project.shared')}</h2>
                {story.shared.map((one) => (
                  <p key={`${String(one.site)}/${one.round}/${String(one.project)}`}>
                    {t('project.shared_by', { round: local(one.round_name) })}{' '}
                    {one.site === 0 && t('project.shared_paid', { sum: euros(one.paid) })}{' '}
                    <Link to={`/${lang}/rounds/${one.round}/delivery/${String(one.project)}`}>
                      <Local text={one.title} />
                    </Link>
                  </p>
                ))}
              </section>
            )}
            {project.documents.length > 0 && (
              <section className="stack-s">
                <h2>{t('project.documents')}</h2>
                <ul>
                  {project.documents.map((document) => (
                    <li key={document.address}>
                      <a href={document.address} rel="noreferrer">
                        {local(document.title)}
                      </a>
                    </li>
                  ))}
                </ul>
              </section>
            )}
            <ul className="plain stack-s">
              <li>
                <Link to={`${at}/proposals/${String(project.proposal)}`}>{t('project.idea')}</Link>
              </li>
              <li>
                <Link to={`${at}/results?area=${project.area}`}>{t('project.votes')}</Link>
              </li>
            </ul>
            {project.may && (
              <AnchorButton
                small
                variant="secondary"
                href={`/desk/${project.round}/delivery/${String(project.project)}/0`}
              >
                {t('project.report')}
              </AnchorButton>
            )}
          </div>
        </div>
        <Worth story={story} />
        <Timeline round={round} story={story} />
        <Discussion round={round.id} proposal={project.proposal} project />
        <p className="muted">{t('project.updated', { date: date(project.updated_at) })}</p>
      </div>
    </Page>
  )
}

function Words({ heading, text }: { heading?: string; text?: Delivery['reason'] }) {
  if (!text) return null
  return (
    <div>
      {heading && <h3>{heading}</h3>}
      <p className={style.lines}>
        <Local text={text} />
      </p>
    </div>
  )
}

/** By how much it is late, and against which promise. */
function Late({ delivery: { late, dates, phase } }: { delivery: Delivery }) {
  const { t } = useTranslation('delivery')
  const { date, number } = useFormat()
  const first = dates.find((one) => one.phase === late?.phase)?.first
  if (!late || !first) return null
  const done = phase === 'done' || phase === 'warranty'
  return (
    <Notification
      kind={done ? 'alert' : 'error'}
      label={t(done ? 'late.was' : 'late.tag', { count: late.days, number: number(late.days) })}
    >
      {t('late.text', { phase: t(`phase.${late.phase}`), date: date(first) })}
    </Notification>
  )
}

/** Promises and what came of them. */
function Dates({ delivery: { dates } }: { delivery: Delivery }) {
  const { t } = useTranslation('delivery')
  const { date } = useFormat()
  if (dates.length === 0) return <p>{t('project.no_dates')}</p>
  return (
    <div>
      <h3>{t('project.dates')}</h3>
      <ul className={`plain ${style.dates}`}>
        {dates.map(({ phase, first, promised, actual }) => (
          <li key={phase}>
            <strong>{t(`phase.${phase}`)}</strong>
            <dl>
              {Object.entries({ first, promised: promised === first ? undefined : promised, actual }).map(
                ([key, value]) =>
                  value && (
                    <div key={key}>
                      <dt>{t(`project.${key as 'first' | 'promised' | 'actual'}`)}</dt>
                      <dd>{date(value)}</dd>
                    </div>
                  ),
              )}
            </dl>
          </li>
        ))}
      </ul>
    </div>
  )
}
