import { useEffect, useRef, type ComponentProps, type ReactNode } from 'react'
import { useTranslation } from '@/lib/i18n'
import { AnchorButton, ErrorSummary } from '@/ui/hds'
import { useLang } from '@/lib/format'
import { Problem } from '@/lib/problem'
import { signInHref } from '@/lib/session'
import { Trouble } from '@/ui/problem/Trouble'
import { useKeptFocus } from './useKept'
import type { FormState } from './useForm'

/**
 * What is wrong on top, the fields, why it could not be sent, and the ways on. Nothing that was written is lost when
 * sending fails. A brief form has one field, which takes the focus itself.
 */
export function Form({
  form,
  actions,
  busy,
  brief,
  unchecked,
  onSend,
  children,
  className = 'stack',
  ...rest
}: Omit<ComponentProps<'form'>, 'onSubmit' | 'onChange' | 'noValidate'> & {
  form: FormState
  actions?: ReactNode
  busy?: boolean
  brief?: boolean
  /** There are several ways to send it, and each checks for itself. */
  unchecked?: boolean
  /** Called when the form finds nothing wrong. */
  onSend: () => void
}) {
  const { errors, attempt, cause } = form
  const ref = useRef<HTMLFormElement>(null)
  useKeptFocus(ref)
  const first = brief ? errors[0]?.id : undefined
  useEffect(() => {
    if (first && (attempt > 0 || cause)) document.getElementById(first)?.focus()
    // eslint-disable-next-line react-hooks/exhaustive-deps -- at each try, and not while one writes
  }, [attempt, cause])
  return (
    <form
      {...rest}
      ref={ref}
      noValidate
      className={className}
      onChange={({ target }) => {
        form.fill(around(target as unknown as Element, ref.current))
      }}
      onSubmit={(event) => {
        event.preventDefault()
        if (!busy && (unchecked || form.check())) onSend()
      }}
    >
      {!brief && <ErrorSummary errors={errors} attempt={attempt} cause={cause} />}
      {children}
      {form.trouble !== undefined && form.trouble !== null && <Refused cause={form.trouble} />}
      {actions && <div className="actions">{actions}</div>}
    </form>
  )
}

/** The ids of a field and of the groups it stands in. */
function around(target: Element, form: Element | null): string[] {
  const ids: string[] = []
  for (let at: Element | null = target; at && at !== form; at = at.parentElement) if (at.id) ids.push(at.id)
  return ids
}

/** Why it could not be sent, and that what was written is still there. */
function Refused({ cause }: { cause: unknown }) {
  const { t } = useTranslation('problem')
  const lang = useLang()
  const code = cause instanceof Problem ? cause.code : 'internal'
  return (
    <Trouble cause={cause}>
      <p>{t(code === 'sign_in_required' ? 'sign_in_again' : 'written')}</p>
      {code === 'sign_in_required' && (
        <p>
          <AnchorButton
            small
            variant="secondary"
            href={signInHref(location.pathname + location.search, lang)}
            target="_blank"
            rel="noreferrer"
          >
            {t('sign_in_tab')}
          </AnchorButton>
        </p>
      )}
    </Trouble>
  )
}
