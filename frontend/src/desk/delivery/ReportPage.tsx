import { useQuery } from '@tanstack/react-query'
import { useTranslation } from '@/lib/i18n'
import { useParams } from '@/lib/router'
import { Card, Tag } from '@/ui/hds'
import { AskPage } from '@/ui/AskPage'
import { Missing } from '@/ui/Missing'
import { Page } from '@/ui/Page'
import { useLang } from '@/lib/format'
import { hasRole, useSession } from '@/lib/session'
import { inLang, Local } from '@/ui/text'
import { Standing } from '@/shared/delivery/Standing'
import { deliveryQuery, type DeliveryStory } from '@/data/delivery'
import { AssignForm } from './AssignForm'
import { ReportForm } from './ReportForm'
import { SiteForm } from './SiteForm'

/** How one project, or one of its sites, is going: a form that takes less than a minute. */
export default function ReportPage() {
  const { round = '', project = '', site = '' } = useParams()
  const numbers = [project, site].every((one) => /^\d{1,6}$/.test(one))
  const query = useQuery({ ...deliveryQuery(round, Number(project)), enabled: numbers })
  if (!numbers) return <Missing />
  return <AskPage query={query}>{(story) => <OfSite key={site} story={story} site={Number(site)} />}</AskPage>
}

function OfSite({ story, site }: { story: DeliveryStory; site: number }) {
  const { t } = useTranslation(['delivery', 'desk'])
  const lang = useLang()
  const session = useSession()
  const delivery = site === 0 ? story.project : story.sites.find((one) => one.site === site)
  if (!delivery) return <Missing />
  const title = inLang(story.project.title, lang)
  return (
    <Page
      title={title.value}
      lang={title.lang === lang ? undefined : title.lang}
      above={[
        { to: '/desk', text: t('desk:title') },
        { to: '/desk/delivery', text: t('desk.title') },
      ]}
      lead={
        <div className="stack-s">
          <div className="tags">
            <Standing delivery={delivery} />
            {delivery.name && (
              <Tag>
                <Local text={delivery.name} />
              </Tag>
            )}
          </div>
          <p>
            <a href={`/${lang}/rounds/${delivery.round}/delivery/${String(delivery.project)}`}>{t('report.see')}</a>
          </p>
        </div>
      }
    >
      <div className="stack-l">
        {delivery.may && (
          <Card as="section">
            <ReportForm key={delivery.version} delivery={delivery} />
          </Card>
        )}
        {delivery.may && site === 0 && (
          <Card as="section">
            <SiteForm delivery={delivery} />
          </Card>
        )}
        {delivery.may && hasRole(session, 'official') && (
          <Card as="section">
            <AssignForm key={delivery.version} delivery={delivery} divisions={story.divisions} />
          </Card>
        )}
      </div>
    </Page>
  )
}
