import { useTranslation } from '@/lib/i18n'
import { momentsOf, toLocal } from '@/lib/day'
import { ChoiceGroup, Radio, TextInput } from '../hds'

/** A moment as it is being written: by the city's clock, and which one that is. */
export interface Moment {
  local: string
  /** Undefined while what is written is no moment, or could be two. */
  moment?: string
}

/** What a field for a moment begins with. It stays that moment to its last digit unless somebody writes another. */
export const writeMoment = (moment: string): Moment => ({ local: toLocal(moment), moment })

/** What a local time says. */
export function readMoment(local: string): Moment {
  const [moment, other] = momentsOf(local)
  return { local, moment: other === undefined ? moment : undefined }
}

/** Why a written moment is none, by the words in read.json; undefined if it is one. */
export function noMoment({ local, moment }: Moment): 'no_time' | 'skipped' | 'which' | undefined {
  if (moment !== undefined) return undefined
  const found = momentsOf(local)
  if (found.length > 1) return 'which'
  return /T\d\d:\d\d$/.test(local) ? 'skipped' : 'no_time'
}

/** A day and a time by the city's clock. An hour that is there twice is asked about, and one that is not is told of. */
export function MomentField({
  id,
  value,
  onChange,
  error,
  ...field
}: {
  id: string
  label: string
  helper?: string
  error?: string
  readOnly?: boolean
  value: Moment
  onChange: (value: Moment) => void
}) {
  const { t } = useTranslation('read')
  const twice = momentsOf(value.local)
  const why = noMoment(value)
  return (
    <>
      <TextInput
        {...field}
        id={id}
        required
        type="datetime-local"
        value={value.local}
        error={error ?? (why === 'skipped' ? t(why) : undefined)}
        onChange={({ target }) => {
          onChange(readMoment(target.value))
        }}
      />
      {twice.length > 1 && !field.readOnly && (
        <ChoiceGroup legend={t('twice')}>
          {(['first', 'second'] as const).map((which, index) => (
            <Radio
              key={which}
              name={`${id}-which`}
              label={t(which)}
              checked={
                value.moment !== undefined && Date.parse(value.moment) >= Date.parse(twice[1] ?? '') === (index === 1)
              }
              onChange={() => {
                onChange({ local: value.local, moment: twice[index] })
              }}
            />
          ))}
        </ChoiceGroup>
      )}
    </>
  )
}
