import { city } from '@/lib/city'
import { useService } from '@/ui/useService'
import styles from './shell.module.css'

/** The name mark: the city's logo, or else a ticked ballot above the water; and the service's name. */
export function Logo() {
  const { logo } = city()
  return (
    <span className={styles.logo}>
      {logo ? (
        <img src={logo} width="40" height="40" alt="" />
      ) : (
        <svg viewBox="0 0 32 32" width="40" height="40" aria-hidden="true" focusable="false">
          <path d="M0 0h32v32H0z" />
          <path d="M0 21c4 0 4 4 8 4s4-4 8-4 4 4 8 4 4-4 8-4v11H0z" />
          <path d="m9.5 11.5 4.5 4.5 8.5-9" />
        </svg>
      )}
      <span>{useService()}</span>
    </span>
  )
}
