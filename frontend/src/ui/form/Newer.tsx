import { useTranslation } from '@/lib/i18n'
import { Button, Notification } from '@/ui/hds'
import { useFormat } from '@/lib/format'
import { changesOf, isMoment, merged } from './newer'
import { placeOf } from './place'
import { labelOf } from './useForm'

/** Somebody else has changed this meanwhile: theirs beside mine, and whose goes on. Nothing is overwritten before. */
export function Newer<T>({
  base,
  mine,
  theirs,
  at = '',
  prefix = '',
  onChoose,
}: {
  /** What the form began with. */
  base: T
  mine: T
  theirs: T
  /** Where it stands in the contract. */
  at?: string
  /** What the ids of the fields begin with. */
  prefix?: string
  onChoose: (goesOn: T) => void
}) {
  const { t } = useTranslation('problem')
  const { euros, dateTime } = useFormat()
  const say = (value: unknown, id: string): string => {
    const field = document.getElementById(id)
    if (field instanceof HTMLSelectElement && typeof value === 'string')
      return [...field.options].find((option) => option.value === value)?.text ?? value
    if (typeof value === 'boolean') return t(value ? 'newer.yes' : 'newer.no')
    if (typeof value === 'number')
      return Number.isNaN(value) ? t('newer.nothing') : /(pot|total)$/.test(id) ? euros(value) : String(value)
    if (typeof value === 'string' && /^\d{4}-\d{2}-\d{2}T/.test(value)) return dateTime(value)
    if (isMoment(value)) return value.moment ? dateTime(value.moment) : t('newer.nothing')
    if (Array.isArray(value) && value.length > 0)
      return value.every((one) => typeof one === 'string') ? value.join(', ') : t('newer.many', { count: value.length })
    return typeof value === 'string' && value ? value : t('newer.nothing')
  }
  const lines = changesOf(base, mine, theirs, at).map((change) => {
    const place = placeOf(change.path, (id) => document.getElementById(prefix + id) !== null)
    const id = place === undefined ? '' : prefix + place
    const label = (id && labelOf(id)) || t('newer.other')
    return { ...change, text: t('newer.line', { label, theirs: say(change.theirs, id), mine: say(change.mine, id) }) }
  })
  return (
    <Notification kind="alert" label={t('newer.heading')} live>
      <p>{t('newer.text')}</p>
      <ul>
        {lines.map(({ path, text }) => (
          <li key={path} className="lines">
            {text}
          </li>
        ))}
      </ul>
      <div className="actions">
        <Button
          small
          onClick={() => {
            onChoose(merged(base, mine, theirs))
          }}
        >
          {t('newer.mine')}
        </Button>
        <Button
          small
          variant="secondary"
          onClick={() => {
            onChoose(theirs)
          }}
        >
          {t('newer.theirs')}
        </Button>
      </div>
    </Notification>
  )
}
