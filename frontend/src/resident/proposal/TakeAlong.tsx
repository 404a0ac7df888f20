import { useTranslation } from '@/lib/i18n'
import { Link } from '@/lib/router'
import { Icon } from '@/ui/hds'
import { useLang } from '@/lib/format'
import type { Filter } from '@/data/proposal'
import styles from '@/shared/proposal/proposal.module.css'

const kinds = ['xlsx', 'csv', 'json', 'geojson', 'atom'] as const

/** What the list shows, to take along: as open data, a feed, or on paper. */
export function TakeAlong({ round, filter }: { round: string; filter: Filter }) {
  const { t } = useTranslation('proposal')
  const lang = useLang()
  const chosen = new URLSearchParams(
    Object.entries(filter).filter((one): one is [string, string] => typeof one[1] === 'string'),
  )
  // A spreadsheet expects decimals as its user's language writes them.
  const query = (kind: (typeof kinds)[number]) => {
    const asked = new URLSearchParams([...chosen, ...(kind === 'xlsx' || kind === 'csv' ? [['language', lang]] : [])])
    return asked.size > 0 ? `?${asked.toString()}` : ''
  }
  return (
    <section className={styles.takeAlong} aria-labelledby="take-along">
      <h2 id="take-along">{t('take.heading')}</h2>
      <ul className="plain">
        {kinds.map((kind) => (
          <li key={kind}>
            <a
              href={`/api/v1/rounds/${round}/proposals.${kind}${query(kind)}`}
              {...(kind === 'atom' ? { type: 'application/atom+xml' } : { download: `${round}.${kind}` })}
            >
              <Icon name={kind === 'atom' ? 'rss' : 'download'} size="xs" /> {t(`take.${kind}`)}
            </a>
          </li>
        ))}
        <li>
          <Link to={`/${lang}/rounds/${round}/list${filter.area ? `?area=${filter.area}` : ''}`}>
            <Icon name="printer" size="xs" /> {t('take.print')}
          </Link>
        </li>
      </ul>
    </section>
  )
}
