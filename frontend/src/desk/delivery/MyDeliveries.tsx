import { useQuery } from '@tanstack/react-query'
import { useTranslation } from '@/lib/i18n'
import { Link } from '@/lib/router'
import { StatusLabel } from '@/ui/hds'
import { Ask } from '@/ui/Ask'
import { Page } from '@/ui/Page'
import { useFormat, useLang } from '@/lib/format'
import { inLang, Local } from '@/ui/text'
import { Standing } from '@/shared/delivery/Standing'
import { myDeliveriesQuery, type Delivery } from '@/data/delivery'
import { classes } from '@/lib/classes'
import { hasRole, useSession } from '@/lib/session'
import styles from './mine.module.css'

/** The projects that my division builds: those that wait for a report first, then the latest. */
export default function MyDeliveries() {
  const { t } = useTranslation(['delivery', 'desk'])
  return (
    <Page title={t('desk.title')} above={[{ to: '/desk', text: t('desk:title') }]} lead={<p>{t('desk.lead')}</p>}>
      <Ask query={useQuery(myDeliveriesQuery)}>{(mine) => <List mine={mine} />}</Ask>
    </Page>
  )
}

function List({ mine }: { mine: Delivery[] }) {
  const { t } = useTranslation('delivery')
  const { t: bulk } = useTranslation('bulk')
  const { number } = useFormat()
  const session = useSession()
  const rounds = new Map(mine.map(({ round, round_name }) => [round, round_name]))
  if (mine.length === 0) return <p>{t('desk.none')}</p>
  const due = mine.filter((one) => one.due).length
  const late = mine.filter((one) => one.late && one.phase !== 'done' && one.phase !== 'warranty').length
  return (
    <div className="stack">
      <p className="tags">
        <StatusLabel kind={due ? 'alert' : 'success'}>
          {t('desk.waiting', { count: due, number: number(due) })}
        </StatusLabel>
        <StatusLabel kind={late ? 'error' : 'success'}>
          {t('desk.late', { count: late, number: number(late) })}
        </StatusLabel>
      </p>
      {hasRole(session, 'official') && (
        <ul className="plain stack-s">
          {[...rounds].map(([round, name]) => (
            <li key={round}>
              <Link to={`/desk/${round}/delivery`}>
                {bulk('link')}: <Local text={name} />
              </Link>
            </li>
          ))}
        </ul>
      )}
      <ul className={classes('plain', styles.list)}>
        {mine.map((one) => (
          <Row key={`${one.round}/${String(one.project)}/${String(one.site)}`} delivery={one} />
        ))}
      </ul>
    </div>
  )
}

function Row({ delivery }: { delivery: Delivery }) {
  const { t } = useTranslation('delivery')
  const lang = useLang()
  const { date } = useFormat()
  const title = inLang(delivery.title, lang)
  const name = delivery.name && inLang(delivery.name, lang).value
  return (
    <li className={styles.row}>
      <h2 lang={title.lang}>
        <Link to={`/desk/${delivery.round}/delivery/${String(delivery.project)}/${String(delivery.site)}`}>
          {title.value}
          {name && ` · ${name}`}
        </Link>
      </h2>
      <p className={styles.facts}>
        {delivery.due && <StatusLabel kind="alert">{t('desk.due')}</StatusLabel>}
        <Standing delivery={delivery} />
        <span>{t('project.number', { number: delivery.project })}</span>
        <Local text={delivery.area_name} />
        <Local text={delivery.round_name} />
        <span>{t('project.updated', { date: date(delivery.updated_at) })}</span>
      </p>
    </li>
  )
}
