import { useTranslation } from '@/lib/i18n'
import type { Schemas } from '@/lib/api'
import { city } from '@/lib/city'
import { MomentField, noMoment, writeMoment, type Moment } from '@/ui/read/MomentField'
import type { Unreadable } from '@/ui/read/useUnread'
import { useLocal } from '@/ui/text'
import type { ErrorOf } from '@/ui/form/useForm'
import { classes } from '@/lib/classes'
import styles from './office.module.css'

export const windows = ['proposing', 'vetting', 'voting'] as const
type Window = (typeof windows)[number]
type End = 'opens' | 'closes'

/** Times as they are being written, by the city's clock. */
export type WrittenTimes = Record<Window, Record<End, Moment>>

const each = <T,>(make: (window: Window, end: End) => T): Record<Window, Record<End, T>> => {
  const ends = (window: Window) => ({ opens: make(window, 'opens'), closes: make(window, 'closes') })
  return { proposing: ends('proposing'), vetting: ends('vetting'), voting: ends('voting') }
}

export const writeTimes = (times: Schemas['Times']): WrittenTimes =>
  each((window, end) => writeMoment(times[window][end]))

/** What was written, as moments; undefined while one of them is none. */
export const readTimes = (written: WrittenTimes): Schemas['Times'] | undefined =>
  unreadTimes(written).length > 0 ? undefined : each((window, end) => written[window][end].moment ?? '')

/** Where no moment is written, by the paths of the contract. */
export const unreadTimes = (written: WrittenTimes): Unreadable[] =>
  windows.flatMap((window) =>
    (['opens', 'closes'] as const).flatMap((end) => {
      const why = noMoment(written[window][end])
      return why ? [{ field: `times.${window}.${end}`, why }] : []
    }),
  )

interface TimesFieldsProps {
  times: WrittenTimes
  onChange: (times: WrittenTimes) => void
  /** Which moments cannot be moved any more. */
  fixed?: (window: Window, end: End) => boolean
  errorOf: ErrorOf
}

/** Six moments; errorOf gives what the server or the form finds wrong with one, by its path in the contract. */
export function TimesFields({ times, onChange, fixed, errorOf }: TimesFieldsProps) {
  const { t } = useTranslation('office')
  const local = useLocal()
  return (
    <div className="stack">
      <p className="muted">{t('times.zone', { city: local(city().name) })}</p>
      {windows.map((name) => (
        <fieldset key={name} className={classes(styles.fieldset, styles.window)}>
          <legend>{t(`times.${name}`)}</legend>
          {(['opens', 'closes'] as const).map((end) => (
            <MomentField
              key={end}
              id={`times.${name}.${end}`}
              label={t(`times.${end}`)}
              readOnly={fixed?.(name, end)}
              helper={fixed?.(name, end) ? t('times.fixed') : undefined}
              value={times[name][end]}
              error={errorOf(`times.${name}.${end}`)}
              onChange={(moment) => {
                onChange({ ...times, [name]: { ...times[name], [end]: moment } })
              }}
            />
          ))}
        </fieldset>
      ))}
    </div>
  )
}
