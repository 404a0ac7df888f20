import type { ButtonHTMLAttributes, ReactNode, Ref } from 'react'
import { Link, type LinkProps } from '@/lib/router'
import { Icon, type IconName } from './Icon'
import styles from './parts.module.css'

export type Variant = 'primary' | 'secondary' | 'supplementary' | 'success' | 'danger'

interface Look {
  variant?: Variant
  small?: boolean
  fullWidth?: boolean
  start?: IconName
  end?: IconName
}

const looks = ({ variant = 'primary', small, fullWidth }: Look, more?: string) =>
  ['hds-button', `hds-button--${variant}`, small && 'hds-button--small', fullWidth && 'hds-button--fullwidth', more]
    .filter(Boolean)
    .join(' ')

function Face({ start, end, children }: { start?: IconName; end?: IconName; children: ReactNode }) {
  return (
    <>
      {start && <Icon name={start} />}
      <span className="hds-button__label">{children}</span>
      {end && <Icon name={end} />}
    </>
  )
}

type ButtonProps = ButtonHTMLAttributes<HTMLButtonElement> & Look & { busy?: boolean; ref?: Ref<HTMLButtonElement> }

/** A button; type="button" unless said. Busy keeps its focus and ignores presses, so that a double click does nothing twice. */
export function Button({
  variant,
  small,
  fullWidth,
  start,
  end,
  busy = false,
  className,
  children,
  onClick,
  type = 'button',
  ...rest
}: ButtonProps) {
  return (
    <button
      {...rest}
      type={type}
      className={looks({ variant, small, fullWidth }, className)}
      aria-disabled={busy || undefined}
      onClick={(event) => {
        if (busy) event.preventDefault()
        else onClick?.(event)
      }}
    >
      <Face start={start} end={end}>
        {children}
      </Face>
      {busy && <span className={styles.spinner} aria-hidden="true" />}
    </button>
  )
}

/** A link within the site that looks like a button. */
export function LinkButton({ variant, small, fullWidth, start, end, className, children, ...rest }: LinkProps & Look) {
  return (
    <Link {...rest} className={looks({ variant, small, fullWidth }, className)}>
      <Face start={start} end={end}>
        {children}
      </Face>
    </Link>
  )
}

type AnchorProps = React.AnchorHTMLAttributes<HTMLAnchorElement> & Look & { href: string }

/** A link that leaves the page (sign-in, a download) and looks like a button. */
export function AnchorButton({ variant, small, fullWidth, start, end, className, children, ...rest }: AnchorProps) {
  return (
    <a {...rest} className={looks({ variant, small, fullWidth }, className)}>
      <Face start={start} end={end}>
        {children}
      </Face>
    </a>
  )
}
