import { Link } from 'react-router'
import { useTranslation } from 'react-i18next'
import { Icon } from './Icon'

export interface Crumb {
  to: string
  text: string
}

/** The way back: every page above this one on a wide screen, only the nearest on a phone. */
export function Breadcrumb({ above, here }: { above: Crumb[]; here: string }) {
  const { t } = useTranslation()
  const nearest = above.at(-1)
  return (
    <nav className="crumbs" aria-label={t('breadcrumb')}>
      {nearest && (
        <Link className="crumbs-back" to={nearest.to}>
          <Icon name="angle-left" />
          {nearest.text}
        </Link>
      )}
      <ol className="crumbs-all">
        {above.map(({ to, text }) => (
          <li key={to}>
            <Link to={to}>{text}</Link>
            <Icon name="angle-right" size="xs" />
          </li>
        ))}
        <li aria-current="page">{here}</li>
      </ol>
    </nav>
  )
}
