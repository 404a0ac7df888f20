import { useTranslation } from '@/lib/i18n'
import { Link } from '@/lib/router'
import type { Round } from '@/data/round'
import { useLang } from '@/lib/format'
import { Helpers } from '@/shared/helper/Helpers'
import { Contact } from '@/ui/Contact'
import style from './below.module.css'

/** Who helps: the facilitators by their names if the city gives them, where to meet them, and the help desk. */
export function Help({ round }: { round?: Round }) {
  const { t } = useTranslation('front')
  const lang = useLang()
  return (
    <section className={`stack ${style.help ?? ''}`}>
      <h2>{t('help.heading')}</h2>
      <p>{t('help.lead')}</p>
      <Helpers />
      <Contact />
      {round && (
        <p className={style.more}>
          <Link to={`/${lang}/rounds/${round.id}/events`}>{t('help.events')}</Link>
        </p>
      )}
    </section>
  )
}
