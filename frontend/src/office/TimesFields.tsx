import { useTranslation } from 'react-i18next'
import { TextInput } from '@/ui/hds'
import type { Schemas } from '@/lib/api'
import { city } from '@/lib/city'
import { fromLocal, toLocal } from '@/lib/day'
import { useLocal } from '@/ui/text'
import type { ErrorOf } from '@/ui/form/useServerErrors'

export const windows = ['proposing', 'vetting', 'voting'] as const
type Window = (typeof windows)[number]
type End = 'opens' | 'closes'

/** Times as they are being written, by the city's clock. */
export type WrittenTimes = Record<Window, Record<End, string>>

export const writeTimes = (times: Schemas['Times']): WrittenTimes => ({
  proposing: { opens: toLocal(times.proposing.opens), closes: toLocal(times.proposing.closes) },
  vetting: { opens: toLocal(times.vetting.opens), closes: toLocal(times.vetting.closes) },
  voting: { opens: toLocal(times.voting.opens), closes: toLocal(times.voting.closes) },
})

/** What was written, as moments; undefined while one of them is no time. */
export function readTimes(written: WrittenTimes): Schemas['Times'] | undefined {
  const window = (name: Window) => ({
    opens: fromLocal(written[name].opens) ?? '',
    closes: fromLocal(written[name].closes) ?? '',
  })
  const times = { proposing: window('proposing'), vetting: window('vetting'), voting: window('voting') }
  return windows.every((name) => times[name].opens && times[name].closes) ? times : undefined
}

/** Where no time is written, by the paths of the contract. */
export const noTimes = (written: WrittenTimes) =>
  windows.flatMap((name) =>
    (['opens', 'closes'] as const)
      .filter((end) => !fromLocal(written[name][end]))
      .map((end) => ({ name, end, path: `times.${name}.${end}` })),
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
        <fieldset key={name} className="office-fieldset office-window">
          <legend>{t(`times.${name}`)}</legend>
          {(['opens', 'closes'] as const).map((end) => (
            <TextInput
              key={end}
              id={`times.${name}.${end}`}
              label={t(`times.${end}`)}
              required
              type="datetime-local"
              readOnly={fixed?.(name, end)}
              helper={fixed?.(name, end) && t('times.fixed')}
              value={times[name][end]}
              error={errorOf(`times.${name}.${end}`) ?? (fromLocal(times[name][end]) ? undefined : t('times.bad'))}
              onChange={(event) => {
                onChange({ ...times, [name]: { ...times[name], [end]: event.target.value } })
              }}
            />
          ))}
        </fieldset>
      ))}
    </div>
  )
}
