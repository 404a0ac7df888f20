import { useState } from 'react'
import { TextInput } from '../hds'

export interface ReadFieldProps {
  id: string
  label: string
  helper?: string
  error?: string
  value: number
  onChange: (value: number) => void
}

/**
 * A field that is read as a number. What cannot be read as one is NaN and stays as it was written, for its writer to mend;
 * the form says so when it is sent, and never takes it for nothing.
 */
export function ReadField({
  value,
  read,
  write,
  onChange,
  ...field
}: ReadFieldProps & {
  read: (text: string) => number | undefined
  write: (value: number) => string
  inputMode: 'numeric' | 'decimal'
}) {
  const [text, setText] = useState(() => write(value))
  const [seen, setSeen] = useState(value)
  if (!Object.is(seen, value)) {
    setSeen(value)
    // Changed otherwise than by writing here: another area has moved into this place.
    if (!Object.is(read(text) ?? NaN, value)) setText(write(value))
  }
  return (
    <TextInput
      {...field}
      required
      autoComplete="off"
      value={text}
      onChange={({ target }) => {
        setText(target.value)
        onChange(read(target.value) ?? NaN)
      }}
    />
  )
}
