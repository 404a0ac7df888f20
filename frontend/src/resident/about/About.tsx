import { useTranslation } from 'react-i18next'
import { Link, useParams } from 'react-router'
import { city } from '@/lib/city'
import { useLang } from '@/lib/format'
import { useLocal } from '@/ui/text'
import { Contact } from '@/ui/Contact'
import { Missing } from '@/ui/Missing'
import { Page } from '@/ui/Page'
import { useService } from '@/ui/useService'

/** The points of each page, in order; their words are in about.*.json. */
const pages = {
  how: ['propose', 'vote', 'when', 'money', 'refused', 'help', 'trust'],
  secrecy: ['choose', 'identify', 'seal', 'cast', 'receipt', 'count', 'check'],
  limits: [
    'coercion',
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
  const name = useLocal()(city().name)
  // The keys are one list a page; t's types know each only by itself.
  const words = (key: string) => t(`${page}.${key}` as 'limits.title', { service, city: name })
  return (
    <Page title={words('title')} above={[{ to: `/${lang}`, text: t('shell:nav.home') }]} lead={<p>{words('lead')}</p>}>
      <div className="prose">
        {pages[page].map((point) => (
          <section key={point}>
            <h2>{words(`${point}.title`)}</h2>
            <p>{words(`${point}.text`)}</p>
            {point === 'copies' && city().one_cluster && <p>{words('copies.one_cluster')}</p>}
            {(['controller', 'rights', 'feedback', 'help'] as string[]).includes(point) && <Contact />}
            {point === 'trust' && (
              <p>
                <Link to={`/${lang}/about/secrecy`}>{words('trust.link')}</Link>
              </p>
            )}
            {point === 'authority' && (
              <p>
                <a href={`https://www.saavutettavuusvaatimukset.fi/${lang}`}>www.saavutettavuusvaatimukset.fi</a>
              </p>
            )}
          </section>
        ))}
      </div>
    </Page>
  )
}
