import { useTranslation } from '@/lib/i18n'
import { Link } from '@/lib/router'
import { Icon, type IconName } from '@/ui/hds'
import { useLang } from '@/lib/format'
import style from './below.module.css'

const steps = [
  ['choose', 'heart'],
  ['secret', 'eye-crossed'],
  ['check', 'ticket'],
] as const satisfies readonly (readonly [string, IconName])[]

/** How voting works, in three steps. */
export function Steps() {
  const { t } = useTranslation('front')
  const lang = useLang()
  return (
    <section className={`stack ${style.trust ?? ''}`}>
      <h2>{t('steps.heading')}</h2>
      <ol className={`plain ${style.steps ?? ''}`}>
        {steps.map(([key, icon]) => (
          <li key={key}>
            <Icon name={icon} size="l" />
            <h3>{t(`steps.${key}.title`)}</h3>
            <p>{t(`steps.${key}.text`)}</p>
          </li>
        ))}
      </ol>
      <p className={style.more}>
        <Link to={`/${lang}/about/how`}>{t('steps.how')}</Link>
        <Link to={`/${lang}/about/limits`}>{t('steps.limits')}</Link>
      </p>
    </section>
  )
}
