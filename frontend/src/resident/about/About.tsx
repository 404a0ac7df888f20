import { useTranslation } from '@/lib/i18n'
import { Link, useParams } from '@/lib/router'
import { city } from '@/lib/city'
import { useFormat, useLang } from '@/lib/format'
import { useLocal } from '@/ui/text'
import { Helpers } from '@/shared/helper/Helpers'
import { Contact } from '@/ui/Contact'
import ContactLines from '@/ui/contact/ContactLines'
import { AnchorButton } from '@/ui/hds'
import { Missing } from '@/ui/Missing'
import { Page } from '@/ui/Page'
import { useService } from '@/ui/useService'
import styles from './about.module.css'

/** The points of each page, in order; their words are in about.*.json. */
const pages = {
  how: ['propose', 'vote', 'place', 'when', 'money', 'refused', 'help', 'trust'],
  paper: ['get', 'fill', 'help', 'drop', 'keyed', 'doubtful', 'check'],
  secrecy: ['choose', 'identify', 'seal', 'cast', 'receipt', 'count', 'check'],
  limits: [
    'coercion',
    'place',
    'paper',
    'receipt',
    'recovery',
    'device',
    'page',
    'timing',
    'crowd',
    'copies',
    'sealed',
    'roll',
    'look',
    'outage',
  ],
  privacy: [
    'controller',
    'collected',
    'vote',
    'proposals',
    'images',
    'together',
    'assisted',
    'time',
    'cookies',
    'rights',
  ],
  accessibility: ['standard', 'status', 'how', 'gaps', 'feedback', 'authority'],
} as const

type PageName = keyof typeof pages

const isPage = (name: string | undefined): name is PageName => name !== undefined && name in pages

/** The pages about the service: how it works, how the vote stays secret, what it cannot do, privacy, accessibility. */
export default function About() {
  const { page } = useParams()
  return isPage(page) ? <Points page={page} /> : <Missing />
}

function Points({ page }: { page: PageName }) {
  const { t } = useTranslation(['about', 'shell'])
  const lang = useLang()
  const service = useService()
  const local = useLocal()
  const { law, guides, name: own } = city()
  const name = local(own)
  // The keys are one list a page; t's types know each only by itself.
  const words = (key: string) =>
    t(`${page}.${key}` as 'limits.title', {
      service,
      city: name,
      controller: law?.controller ? local(law.controller) : t('privacy.controller.none', { city: name }),
      authority: law?.supervisor_name ? local(law.supervisor_name) : t('accessibility.authority.traficom'),
    })
  return (
    <Page title={words('title')} above={[{ to: `/${lang}`, text: t('shell:nav.home') }]} lead={<p>{words('lead')}</p>}>
      {page === 'how' && (guides?.film ?? guides?.signed) && (
        <div className="actions">
          {guides?.film && <AnchorButton href={guides.film}>{words('film')}</AnchorButton>}
          {guides?.signed && (
            <AnchorButton href={guides.signed} variant="secondary">
              {words('signed')}
            </AnchorButton>
          )}
        </div>
      )}
      <div className="prose">
        {pages[page].map((point) => (
          <section key={point}>
            <h2>{words(`${point}.title`)}</h2>
            {words(`${point}.text`)
              .split('\n')
              .map((paragraph) => (
                <p key={paragraph}>{paragraph}</p>
              ))}
            {point === 'controller' && <Controller />}
            {point === 'time' && <Retention />}
            {page === 'limits' && point === 'copies' && city().one_cluster && <p>{words('copies.one_cluster')}</p>}
            {page === 'how' && point === 'help' && <Helpers />}
            {(['rights', 'feedback'].includes(point) || (page === 'how' && point === 'help')) && <Contact />}
            {page === 'how' && point === 'place' && (
              <p>
                <Link to={`/${lang}/about/paper`}>{words('place.link')}</Link>
              </p>
            )}
            {point === 'rights' && (
              <p>
                <a href={`https://tietosuoja.fi/${lang}`}>{words('rights.ombudsman')}</a>
              </p>
            )}
            {point === 'trust' && (
              <p>
                <Link to={`/${lang}/about/secrecy`}>{words('trust.link')}</Link>
              </p>
            )}
            {point === 'authority' &&
              (law?.supervisor ? (
                <ContactLines name="" of={law.supervisor} />
              ) : (
                <p>
                  <a href={`https://www.saavutettavuusvaatimukset.fi/${lang}`}>www.saavutettavuusvaatimukset.fi</a>
                </p>
              ))}
          </section>
        ))}
      </div>
    </Page>
  )
}

/** What personal data go and when: what, how long, why and who, a line each. */
function Retention() {
  const { t } = useTranslation('about')
  const local = useLocal()
  const { number } = useFormat()
  const { retention } = city()
  if (!retention) return null
  return (
    <div className="table-scroll" tabIndex={0} role="region" aria-label={t('retention.caption')}>
      <table className={styles.retention}>
        <caption className="visually-hidden">{t('retention.caption')}</caption>
        <thead>
          <tr>
            {(['what', 'how_long', 'why', 'who'] as const).map((head) => (
              <th key={head} scope="col">
                {t(`retention.${head}`)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {retention.map(({ data, days, who }) => (
            <tr key={data}>
              <th scope="row">{t(`retention.${data}.what`)}</th>
              <td>{t('retention.days', { number: number(days) })}</td>
              <td>{t(`retention.${data}.why`)}</td>
              <td>{who ? local(who) : t('retention.controller')}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

/** On what the data are processed, and whom to ask about it. */
function Controller() {
  const { t } = useTranslation('about')
  const local = useLocal()
  const { law } = city()
  return (
    <>
      <p>{law?.basis ? local(law.basis) : t('privacy.controller.basis')}</p>
      {law?.officer ? (
        <ContactLines name={t('privacy.controller.officer')} of={law.officer} />
      ) : (
        <>
          <p>{t('privacy.controller.via')}</p>
          <Contact />
        </>
      )}
    </>
  )
}
