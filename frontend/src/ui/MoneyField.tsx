import { useState } from 'react'
import { readMoney, readWholeEuros, writeMoney } from '@/lib/money'
import { TextInput } from './hds'

/**
 * A field for an amount in euros. What cannot be read as one is NaN and stays as it was written, for its writer to mend; the
 * form says so when it is sent, and never takes it for nothing.
 */
export function MoneyField({
  cents,
  whole = false,
  onChange,
  ...field
}: {
  id: string
  label: string
  helper?: string
  error?: string
  /** Cents cannot be given. */
  whole?: boolean
  cents: number
  onChange: (cents: number) => void
}) {
  const read = whole ? readWholeEuros : readMoney
  const [text, setText] = useState(() => writeMoney(cents))
  const [seen, setSeen] = useState(cents)
  if (!Object.is(seen, cents)) {
    setSeen(cents)
    // Changed otherwise than by writing here: another area has moved into this place.
    if (!Object.is(read(text) ?? NaN, cents)) setText(writeMoney(cents))
  }
  return (
    <TextInput
      {...field}
      required
      inputMode={whole ? 'numeric' : 'decimal'}
      autoComplete="off"
      value={text}
      onChange={({ target }) => {
        setText(target.value)
        onChange(read(target.value) ?? NaN)
      }}
    />
  )
}
