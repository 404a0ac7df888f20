import type { Ref } from 'react'
import { useTranslation } from '@/lib/i18n'
import { Link } from '@/lib/router'
import { Icon } from '@/ui/hds'
import { useFormat, useLang } from '@/lib/format'
import { inLang, Local } from '@/ui/text'
import { Picture } from '@/shared/picture/Picture'
import { Standing } from '@/shared/delivery/Standing'
import { deliveryPhases, type Delivery } from '@/data/delivery'
import styles from '@/shared/proposal/proposal.module.css'

/** A funded project in the list. */
export function DeliveryCard({ delivery, ref }: { delivery: Delivery; ref?: Ref<HTMLAnchorElement> }) {
  const { t } = useTranslation('delivery')
  const lang = useLang()
  const { date } = useFormat()
  const title = inLang(delivery.title, lang)
  const next = nextOf(delivery)
  return (
    <li className={styles.card}>
      <Picture
        round={delivery.round}
        proposal={delivery.proposal}
        image={delivery.image}
        theme={delivery.theme}
        lang={title.lang}
      />
      <div className="tags">
        <Standing delivery={delivery} />
      </div>
      <h2 lang={title.lang} dir="auto">
        <Link ref={ref} to={`/${lang}/rounds/${delivery.round}/delivery/${String(delivery.project)}`}>
          {title.value}
        </Link>
      </h2>
      {next && <p>{t('next', { phase: t(`phase.${next.phase}`), date: date(next.promised) })}</p>}
      <p className={styles.facts}>
        <span>
          <Icon name="location" size="xs" />
          <Local text={delivery.area_name} />
        </span>
        <span>
          <Icon name="calendar" size="xs" />
          <Local text={delivery.round_name} />
        </span>
      </p>
    </li>
  )
}

/** The first phase ahead that has a promise. */
export function nextOf({ phase, standing, dates }: Pick<Delivery, 'phase' | 'standing' | 'dates'>) {
  if (standing === 'cancelled') return undefined
  const at = deliveryPhases.indexOf(phase)
  const found = dates.find((one) => deliveryPhases.indexOf(one.phase) > at && one.promised)
  return found?.promised ? { phase: found.phase, promised: found.promised } : undefined
}
