import { useId, type ReactNode } from 'react'
import css from './audit.module.css'

/** A field that narrows a list, under its label. */
export function Filter({ label, children }: { label: string; children: (id: string) => ReactNode }) {
  const id = useId()
  return (
    <div className={css.filter}>
      <label htmlFor={id}>{label}</label>
      {children(id)}
    </div>
  )
}
