import { queryOptions, useQueries, useQuery } from '@tanstack/react-query'
import { keys } from '@/data/keys'
import { useTranslation } from '@/lib/i18n'
import { Link, useLocation, useParams } from '@/lib/router'
import { AnchorButton, Icon, Notification } from '@/ui/hds'
import { Ask } from '@/ui/Ask'
import { Contact } from '@/ui/Contact'
import { ask, office, type Schemas } from '@/lib/api'
import { useFormat, useLang } from '@/lib/format'
import { sessionQuery, signInHref } from '@/lib/session'
import { Local, useLocal } from '@/ui/text'
import { hasBox, roundQuery, roundsQuery, type Round } from '@/data/round'
import { AskPage } from '@/ui/AskPage'
import { Page } from '@/ui/Page'
import { classes } from '@/lib/classes'
import styles from './rights.module.css'

/** Was a credential issued in my name? Of one round, or of all whose vote has begun; also long after the vote. */
export default function Rights() {
  const { round } = useParams()
  return round ? <OfRound id={round} /> : <OfAll />
}

function OfRound({ id }: { id: string }) {
  const lang = useLang()
  const local = useLocal()
  const query = useQuery(roundQuery(id))
  const { t } = useTranslation('rights')
  return (
    <AskPage query={query} title={t('title')}>
      {(round) => <RightsPage rounds={[round]} above={[{ to: `/${lang}/rounds/${id}`, text: local(round.name) }]} />}
    </AskPage>
  )
}

function OfAll() {
  const query = useQuery(roundsQuery)
  const { t } = useTranslation('rights')
  return (
    <AskPage query={query} title={t('title')}>
      {(rounds) => <RightsPage rounds={rounds} above={[]} />}
    </AskPage>
  )
}

function RightsPage({ rounds, above }: { rounds: Round[]; above: { to: string; text: string }[] }) {
  const { t } = useTranslation(['rights', 'shell'])
  const lang = useLang()
  const { pathname } = useLocation()
  const begun = rounds.filter(hasBox)
  return (
    <Page
      title={t('title')}
      above={[{ to: `/${lang}`, text: t('shell:nav.home') }, ...above]}
      lead={<p>{t('lead')}</p>}
    >
      <div className="stack-l">
        <Ask query={useQuery(sessionQuery)}>
          {(session) =>
            !session.signed_in ? (
              <section className="stack">
                <h2>{t('sign_in.heading')}</h2>
                <p>{t('sign_in.text')}</p>
                <div className="actions">
                  <AnchorButton start="signin" href={signInHref(pathname, lang)}>
                    {t('shell:sign_in')}
                  </AnchorButton>
                </div>
              </section>
            ) : begun.length === 0 ? (
              <Notification label={t('none.label')}>{t('none.text')}</Notification>
            ) : (
              <>
                {begun.map((round) => (
                  <RoundRights key={round.id} round={round} />
                ))}
                <Used rounds={begun} />
              </>
            )
          }
        </Ask>
      </div>
    </Page>
  )
}

/** Of the person signed in alone: no voting code goes with the call. Asked anew at each visit, for it can change at any time. */
const rightsQuery = (round: string) =>
  queryOptions({
    queryKey: keys.rights(round, 'person'),
    queryFn: () => ask(office.GET('/api/v1/rounds/{round}/rights', { params: { path: { round } } })),
    staleTime: 0,
    gcTime: 0,
  })

/** What to do if it was somebody else: of use only where a right has been used. */
function Used({ rounds }: { rounds: Round[] }) {
  const asked = useQueries({ queries: rounds.map(({ id }) => rightsQuery(id)) })
  return asked.some(({ data }) => data?.papers.some(({ spent }) => spent)) ? <NotMe /> : null
}

function RoundRights({ round }: { round: Round }) {
  const query = useQuery(rightsQuery(round.id))
  const { t } = useTranslation('rights')
  const { date } = useFormat()
  return (
    <section className="stack">
      <h2>
        <Local text={round.name} />
      </h2>
      <Ask query={query}>
        {({ papers, refusal, old_enough_on: day }) =>
          papers.length === 0 ? (
            <p>{refusal === 'too_young' && day ? t('too_young', { day: date(day) }) : t('not_yours')}</p>
          ) : (
            <ul className={classes('plain', styles.list)}>
              {papers.map((right) => (
                <li key={right.paper}>
                  <OneRight round={round} right={right} several={papers.length > 1} />
                </li>
              ))}
            </ul>
          )
        }
      </Ask>
    </section>
  )
}

function OneRight({ round, right, several }: { round: Round; right: Schemas['Right']; several: boolean }) {
  const { t } = useTranslation('rights')
  const { date } = useFormat()
  const name = round.settings.papers.find(({ id }) => id === right.paper)?.name
  return (
    <>
      <Icon name={right.spent ? 'key' : 'check-circle-fill'} size="m" />
      <div className="stack-s">
        {several && name && (
          <h3>
            <Local text={name} />
          </h3>
        )}
        <p>
          <strong>{right.spent ? t('yes') : t('no')}</strong>{' '}
          {right.spent
            ? t(`how.${right.channel ?? 'online'}`, { day: right.day ? date(right.day) : '' })
            : t('no_text')}
        </p>
        {right.replaced_on && <p>{t('replaced', { day: date(right.replaced_on) })}</p>}
      </div>
    </>
  )
}

function NotMe() {
  const { t } = useTranslation('rights')
  const lang = useLang()
  return (
    <section className={classes('prose', styles.notMe)}>
      <h2>{t('not_me.heading')}</h2>
      <p>{t('not_me.contact')}</p>
      <Contact />
      <p>{t('not_me.sees')}</p>
      <p>{t('not_me.stopped')}</p>
      <p>
        <Link to={`/${lang}/about/limits`}>{t('not_me.limits')}</Link>
      </p>
    </section>
  )
}
