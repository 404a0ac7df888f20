import { useRef, useState, type KeyboardEvent, type Ref } from 'react'
import { useTranslation } from '@/lib/i18n'
import { announce } from '@/lib/announce'
import { Button, Select, TextInput } from '@/ui/hds'
import { useLocal } from '@/ui/text'
import styles from '../polling.module.css'
import {
  faultOfPick,
  faultOfSheet,
  isWhole,
  readPicks,
  readSerial,
  reasons,
  widthOf,
  writeSerial,
  type Fault,
  type Keyed,
  type OnPaper,
  type Pick,
} from './sheet'

/**
 * One sheet, by the keyboard alone: its serial, after whose last character the numbers follow; the numbers, each of which is taken as soon as it has as
 * many digits as the paper's longest, shorter ones with a space or Enter, and their titles are read back; Enter in the empty field ends it. Backspace in the empty field takes the last number back, ? goes to why the sheet is doubtful.
 */
export function Entry({
  on,
  now,
  taken,
  used,
  onChange,
  onSerial,
  onDone,
  ref,
}: {
  on: OnPaper
  now: Keyed
  /** Serials that are keyed in already. */
  taken: string[]
  /** Serials that count in another batch. */
  used: string[]
  onChange: (next: Keyed) => void
  /** A serial has been typed. */
  onSerial: (serial: string) => void
  onDone: (sheet: Keyed) => void
  ref: Ref<HTMLInputElement>
}) {
  const { t } = useTranslation('polling')
  const local = useLocal()
  const [typed, setTyped] = useState(now.serial && writeSerial(now.serial))
  const [numbers, setNumbers] = useState('')
  const [shown, setShown] = useState(now.serial)
  const [wrong, setWrong] = useState<{ field: 'serial' | 'numbers' | 'reason'; fault: Fault }>()
  /** The field of numbers was entered by the serial's last character: the Enter that a hand or a scanner sends after it ends no sheet. */
  const advanced = useRef(false)
  const serialField = useRef<HTMLInputElement>(null)
  const numberField = useRef<HTMLInputElement>(null)
  const reasonField = useRef<HTMLSelectElement>(null)
  const { form, projects } = on
  const width = widthOf(on)
  if (shown !== now.serial) {
    // Another sheet is being corrected, or this one is done.
    setShown(now.serial)
    setTyped(now.serial && writeSerial(now.serial))
    setNumbers('')
    setWrong(undefined)
  }
  const words = (fault: Fault) =>
    t(`key.fault.${fault}`, {
      max: form.max,
      min: form.min,
      points: form.points ?? 0,
      each: form.points_each ?? 0,
    })
  const errorOf = (field: 'serial' | 'numbers' | 'reason') => (wrong?.field === field ? words(wrong.fault) : undefined)
  const stop = (field: 'serial' | 'numbers' | 'reason', fault: Fault) => {
    setWrong({ field, fault })
    announce(words(fault))
    const fields = { serial: serialField, numbers: numberField, reason: reasonField }
    fields[field].current?.focus()
    return false
  }
  const titleOf = (number: number) => {
    const project = projects.get(number)
    return project && `${local(project.title)}${project.withdrawn ? ` (${t('key.withdrawn')})` : ''}`
  }
  const said = ({ number, points }: Pick) =>
    `${String(number)} ${titleOf(number) ?? t('key.fault.unknown')}${
      points ? `, ${t('key.points', { count: points, n: points })}` : ''
    }`

  const takeSerial = (text = typed) => {
    const serial = readSerial(text)
    if (!serial) return stop('serial', 'serial')
    if (taken.includes(serial)) return stop('serial', 'twice')
    setWrong(undefined)
    if (serial !== now.serial) {
      setShown(serial)
      onChange({ ...now, serial })
      onSerial(serial)
    }
    return true
  }
  /** Takes the numbers that are typed, up to the first that is wrong. */
  const takeNumbers = (text = numbers): Keyed | undefined => {
    if (text.trim() === '') return now
    const read = readPicks(form.kind, text)
    if (!read) {
      stop('numbers', form.kind === 'points' ? 'points' : 'number')
      return undefined
    }
    const picks = [...now.picks]
    for (const pick of read) {
      const fault = faultOfPick(on, picks, pick)
      if (fault) {
        stop('numbers', fault)
        return undefined
      }
      picks.push(pick)
    }
    const next = { ...now, picks }
    setWrong(undefined)
    setNumbers('')
    onChange(next)
    announce(read.map(said).join('; '))
    return next
  }
  const finish = () => {
    if (!takeSerial()) return
    const serial = readSerial(typed) ?? now.serial
    const taken = takeNumbers()
    if (!taken) return
    const sheet = { ...taken, serial }
    const fault = faultOfSheet(on, sheet)
    if (fault) {
      stop(fault === 'empty' ? 'reason' : 'numbers', fault)
      return
    }
    setTyped('')
    setNumbers('')
    onDone(sheet)
    serialField.current?.focus()
  }
  const onNumberKey = (event: KeyboardEvent) => {
    const follows = advanced.current
    advanced.current = false
    if (event.key === 'Enter') {
      event.preventDefault()
      if (follows) return
      if (numbers.trim() === '') finish()
      else takeNumbers()
    } else if (event.key === 'Backspace' && numbers === '' && now.picks.length > 0) {
      event.preventDefault()
      const last = now.picks.at(-1)
      onChange({ ...now, picks: now.picks.slice(0, -1) })
      if (last) announce(t('key.taken_back', { number: last.number }))
    } else if (event.key === '?') {
      event.preventDefault()
      reasonField.current?.focus()
    }
  }
  const listed = (readPicks(form.kind, numbers) ?? []).map(said)
  const List = form.kind === 'ranking' ? 'ol' : 'ul'
  return (
    <section className={`stack ${styles.form ?? ''}`} aria-labelledby="key-heading">
      <h2 id="key-heading">{t('key.sheet')}</h2>
      <TextInput
        id="key-serial"
        ref={(field) => {
          serialField.current = field
          if (typeof ref === 'function') ref(field)
          else if (ref) ref.current = field
        }}
        label={t('keying.serial')}
        helper={t('key.serial_help')}
        required
        autoComplete="off"
        autoCapitalize="characters"
        spellCheck={false}
        translate="no"
        value={typed}
        error={errorOf('serial') ?? (used.includes(now.serial) ? t('key.used', { serial: typed }) : undefined)}
        onChange={({ target: { value } }) => {
          setTyped(value)
          setWrong(undefined)
          // A serial that is being mended is not left by itself.
          if (now.serial !== '' || value.length <= typed.length || !readSerial(value) || !takeSerial(value)) return
          advanced.current = true
          numberField.current?.focus()
        }}
        onKeyDown={(event) => {
          if (event.key !== 'Enter') return
          event.preventDefault()
          // One Enter too many after the last sheet is no fault.
          if (typed.trim() === '' && now.picks.length === 0) return
          if (takeSerial()) numberField.current?.focus()
        }}
      />
      <TextInput
        id="key-numbers"
        ref={numberField}
        label={t(`key.numbers.${form.kind}`)}
        helper={`${width > 0 ? `${t('key.whole', { count: width, n: width })} ` : ''}${t(`key.numbers_help.${form.kind}`)}`}
        required
        inputMode="text"
        autoComplete="off"
        value={numbers}
        error={errorOf('numbers')}
        onChange={({ target: { value } }) => {
          setNumbers(value)
          setWrong(undefined)
          // What is wrong is marked, so that the next key replaces it.
          if (value.length > numbers.length && isWhole(on, value) && !takeNumbers(value)) numberField.current?.select()
        }}
        onBlur={() => {
          advanced.current = false
        }}
        onKeyDown={onNumberKey}
      />
      <div className={styles.titles}>
        {now.picks.length + listed.length > 0 ? (
          <List>
            {now.picks.map((pick) => (
              <li key={pick.number}>{said(pick)}</li>
            ))}
            {listed.map((text, index) => (
              <li key={`${String(index)} ${text}`} className="muted">
                {text}
              </li>
            ))}
          </List>
        ) : (
          <p className="muted">{t('key.no_numbers')}</p>
        )}
      </div>
      <Select
        id="key-reason"
        ref={reasonField}
        label={t('key.reason')}
        helper={t('key.reason_help')}
        required={false}
        value={now.reason}
        error={errorOf('reason')}
        onChange={({ target: { value } }) => {
          onChange({ ...now, reason: value })
          setWrong(undefined)
        }}
        onKeyDown={(event) => {
          if (event.key !== 'Enter') return
          event.preventDefault()
          finish()
        }}
        options={[
          { value: '', label: t('key.no_reason') },
          ...reasons.map((reason) => ({ value: reason, label: t(`reasons.${reason}.name`) })),
        ]}
      />
      <div className="actions">
        <Button variant="secondary" onClick={finish}>
          {t('key.next')}
        </Button>
      </div>
    </section>
  )
}
