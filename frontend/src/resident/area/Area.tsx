import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { useTranslation } from '@/lib/i18n'
import { Link, useParams, useSearchParams } from '@/lib/router'
import { LinkButton, Notification } from '@/ui/hds'
import { Ask } from '@/ui/Ask'
import { AskPage } from '@/ui/AskPage'
import { Page } from '@/ui/Page'
import { classes } from '@/lib/classes'
import { useFormat, useLang } from '@/lib/format'
import { inLang, Local, useHeading } from '@/ui/text'
import { areaQuery, isBuilding, sumsOf, type AreaRound, type AreaStory } from '@/data/area'
import { deliveriesQuery } from '@/data/delivery'
import { mapQuery } from '@/data/map'
import { AreaShapes } from '@/shared/map/AreaShapes'
import delivery from '@/resident/delivery/delivery.module.css'
import { DeliveryCard } from '@/resident/delivery/DeliveryCard'
import { Bar } from '@/resident/ledger/Bar'
import { Facts } from '@/resident/ledger/Facts'
import styles from '@/shared/proposal/proposal.module.css'
import style from './area.module.css'

/** An area over all rounds: its money, its projects, its voters. */
export default function AreaOfCity() {
  const { area = '' } = useParams()
  const round = useSearchParams()[0].get('round') ?? undefined
  return <AskPage query={useQuery(areaQuery(area, round))}>{(story) => <Story story={story} only={round} />}</AskPage>
}

function Story({ story, only }: { story: AreaStory; only?: string }) {
  const { t } = useTranslation(['area', 'delivery', 'shell'])
  const lang = useLang()
  const { euros, number } = useFormat()
  const heading = useHeading()
  const ground = useQuery(mapQuery)
  const shapes = ground.data?.areas ?? []
  const sums = sumsOf(story.rounds)
  const facts = {
    pots: euros(sums.pots),
    paid: euros(sums.paid),
    projects: number(sums.projects),
    done: number(sums.done),
    late: number(sums.late),
  }
  return (
    <Page
      {...heading(story.name)}
      above={[
        { to: `/${lang}`, text: t('shell:nav.home') },
        { to: `/${lang}/delivery`, text: t('delivery:title') },
      ]}
      lead={<p>{t('lead')}</p>}
    >
      <div className="stack-l">
        <div className={style.top}>
          <section className={delivery.band}>
            <h2>{t('numbers')}</h2>
            <dl className={style.numbers}>
              {Object.entries(facts).map(([key, value]) => (
                <div key={key}>
                  <dt>{t(key as keyof typeof facts)}</dt>
                  <dd>{value}</dd>
                </div>
              ))}
            </dl>
          </section>
          {shapes.some(({ area }) => area === story.area) && (
            <figure className={style.map}>
              <AreaShapes shapes={shapes} pointed={story.area} />
              <figcaption>{t('map')}</figcaption>
            </figure>
          )}
        </div>
        {story.moved && <Notification>{t('moved')}</Notification>}
        <Projects filter={{ area: story.area, round: only }} />
        <section className="stack">
          <h2>{t('rounds')}</h2>
          <ul className={classes('plain', style.rounds)}>
            {story.rounds.map((round) => (
              <RoundOfArea key={round.round} story={story} round={round} />
            ))}
          </ul>
        </section>
      </div>
    </Page>
  )
}

/** Those that are the furthest behind come first. */
function Projects({ filter }: { filter: { area: string; round?: string } }) {
  const { t } = useTranslation('area')
  const lang = useLang()
  const { number } = useFormat()
  const query = useInfiniteQuery(deliveriesQuery(filter))
  return (
    <Ask query={query}>
      {({ pages: [page] }) =>
        page && page.total > 0 ? (
          <section className="stack">
            <h2>{t('first')}</h2>
            <ul className={classes('plain', styles.list)}>
              {page.projects.slice(0, shown).map((one) => (
                <DeliveryCard key={`${one.round}/${String(one.project)}`} delivery={one} />
              ))}
            </ul>
            <div>
              <LinkButton
                variant="secondary"
                to={`/${lang}/delivery?area=${filter.area}${filter.round ? `&round=${filter.round}` : ''}`}
              >
                {t('more', { count: page.total, number: number(page.total) })}
              </LinkButton>
            </div>
          </section>
        ) : null
      }
    </Ask>
  )
}

const shown = 3

function RoundOfArea({ story, round }: { story: AreaStory; round: AreaRound }) {
  const { t } = useTranslation('area')
  const lang = useLang()
  const { euros, number } = useFormat()
  const at = `/${lang}/rounds/${round.round}`
  const { projects, balances } = round
  const building = isBuilding(round)
  const then = inLang(round.area_name, lang).value
  return (
    <li className="stack">
      <h3>
        <Link to={at}>
          <Local text={round.name} />
        </Link>
      </h3>
      {then !== inLang(story.name, lang).value && <p>{t('called', { name: then })}</p>}
      <p>{t(building ? 'pot' : 'pot_later', { sum: euros(round.pot) })}</p>
      {balances && (
        <>
          <Bar balances={balances} />
          <Facts balances={balances} />
        </>
      )}
      {building && !balances && <p>{t('no_accounts')}</p>}
      {building && (
        <p>
          {projects.all === 0
            ? t('none')
            : t('standing', {
                all: number(projects.all),
                done: number(projects.done),
                late: number(projects.late),
                cancelled: number(projects.cancelled),
              })}
        </p>
      )}
      {round.turnout.length > 0 && <Turnout turnout={round.turnout} />}
      {story.moved && round.postal_codes.length > 0 && (
        <p>
          {t('codes')}: {round.postal_codes.join(', ')}
        </p>
      )}
      <ul className={classes('plain', style.links)}>
        {building && projects.all > 0 && (
          <li>
            <Link to={`/${lang}/delivery?round=${round.round}&area=${story.area}`}>{t('see_projects')}</Link>
          </li>
        )}
        {building && (
          <li>
            <Link to={`${at}/results?area=${story.area}`}>{t('see_results')}</Link>
          </li>
        )}
        <li>
          <Link to={`${at}/proposals?area=${story.area}`}>{t('see_proposals')}</Link>
        </li>
        {balances && (
          <li>
            <Link to={`${at}/ledger`}>{t('see_ledger')}</Link>
          </li>
        )}
        {round.turnout.length > 0 && (
          <li>
            <Link to={`${at}/statistics`}>{t('see_statistics')}</Link>
          </li>
        )}
      </ul>
    </li>
  )
}

/** Of those who live there, whatever area they voted in; what the statistics leave out is not told here either. */
function Turnout({ turnout }: { turnout: AreaRound['turnout'] }) {
  const { t } = useTranslation('area')
  const { number, percent } = useFormat()
  return (
    <div className="stack-s">
      <h4>{t('turnout')}</h4>
      {turnout.map(({ paper, name, rights, used, unknown }) => (
        <p key={paper}>
          {name && (
            <>
              <Local text={name} />
              {': '}
            </>
          )}
          {used === undefined
            ? t('turnout_hidden', { rights: number(rights) })
            : t('turnout_of', { rights: number(rights), used: number(used), share: percent(used / rights) })}
          {unknown && ` ${t('turnout_unknown')}`}
        </p>
      ))}
    </div>
  )
}
