import { useState } from 'react'
import { readList } from '@/lib/number'
import { TextInput } from '../hds'

/** A field for codes, parted as one likes. What is none stays in the list as it was written, for the form to tell of. */
export function ListField({
  value,
  onChange,
  ...field
}: {
  id: string
  label: string
  helper?: string
  error?: string
  value: string[]
  onChange: (value: string[]) => void
}) {
  const [text, setText] = useState(() => value.join(' '))
  const [seen, setSeen] = useState(value)
  if (seen !== value) {
    setSeen(value)
    if (readList(text).join(' ') !== value.join(' ')) setText(value.join(' '))
  }
  return (
    <TextInput
      {...field}
      autoComplete="off"
      value={text}
      onChange={({ target }) => {
        setText(target.value)
        onChange(readList(target.value))
      }}
    />
  )
}
