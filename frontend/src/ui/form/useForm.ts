import { useState } from 'react'
import { useTranslation } from '@/lib/i18n'
import type { FieldError } from '@/ui/hds'
import { Problem, type Code } from '@/lib/problem'
import { useProblemText } from '@/ui/problem/useProblemText'
import { placeOf } from './place'

/** What is wrong with a field, by its id. */
export type ErrorOf = (id: string) => string | undefined

/** What the form itself finds wrong with what is written, by the ids of the fields and in their order. */
export type Wrong = Partial<Record<string, string>>

interface Options {
  /** With what is written now. It shows from the first try to send on. */
  wrong?: Wrong
  /** What the server answered to the last try. */
  cause?: unknown
  /** What the ids of the fields begin with, where the page has several forms. */
  prefix?: string
  /** Fields that stand on another step of the form, with their labels. */
  labels?: Partial<Record<string, string>>
  /** The id that a path of the contract has here, if it is another one. */
  idOf?: (path: string) => string
  /** Refusals that are about one field. */
  codes?: Partial<Record<Code, string>>
}

export interface FormState {
  errors: FieldError[]
  errorOf: ErrorOf
  /** How many tries the form itself has stopped. */
  attempt: number
  cause: unknown
  /** What the server refused for no field's sake. */
  trouble: unknown
  /** A try to send: whether the form finds nothing wrong. Otherwise it shows what, and takes the focus. */
  check: (wrong?: Wrong) => boolean
  /** Fields were filled: what the server found wrong with them is said no longer. */
  fill: (ids: string[]) => void
  /** A list has other members now: what the server found wrong with them stands at others. */
  shift: (list: string) => void
  /** Begins anew, after what was written is sent. */
  begin: () => void
}

/**
 * The one way of making forms: what is wrong, found here or by the server, said at the field and above the form, until
 * the field is filled. A field's id is its path in the contract.
 */
export function useForm({
  wrong = {},
  cause,
  prefix = '',
  labels = {},
  idOf = (path) => path,
  codes = {},
}: Options): FormState {
  const { t } = useTranslation('problem')
  const words = useProblemText()
  const [attempt, setAttempt] = useState(0)
  const [tried, setTried] = useState(false)
  const [filled, setFilled] = useState<{ cause: unknown; ids: string[] }>({ cause: undefined, ids: [] })
  const isFilled = (id: string) =>
    filled.cause === cause && filled.ids.some((one) => one === id || (one.endsWith('[') && id.startsWith(one)))
  const fill = (ids: string[]) => {
    const own = ids.map((id) => (id.startsWith(prefix) ? id.slice(prefix.length) : id))
    if (cause) setFilled((old) => ({ cause, ids: old.cause === cause ? [...old.ids, ...own] : own }))
  }
  const has = (id: string) => id in labels || document.getElementById(prefix + id) !== null

  const own = Object.entries(tried ? wrong : {}).flatMap(([id, message]) => (message ? [{ id, message }] : []))
  const known = (id: string) => own.some((one) => one.id === id)
  const problem = cause instanceof Problem ? cause : undefined
  const at = problem && codes[problem.code]
  const found = [
    ...(problem && at ? [{ id: at, message: words.text(problem) }] : []),
    ...(problem?.fields ?? []).map((field) => ({ id: placeOf(idOf(field.field), has), message: words.field(field) })),
  ].filter(({ id }) => id === undefined || (!isFilled(id) && !known(id)))

  const all = [...own, ...found]
  return {
    errors: all.map(({ id, message }) => {
      const label = id === undefined ? t('elsewhere') : (labels[id] ?? labelOf(prefix + id))
      return { id: id && prefix + id, message: label ? `${label}: ${message}` : message }
    }),
    errorOf: (id) => all.find((one) => one.id === id)?.message,
    attempt,
    cause,
    trouble: problem && (at || (problem.code === 'invalid_request' && problem.fields.length > 0)) ? undefined : cause,
    check: (now = wrong) => {
      setTried(true)
      const good = Object.values(now).every((message) => !message)
      if (!good) setAttempt((n) => n + 1)
      return good
    },
    fill,
    shift: (list) => {
      fill([`${prefix}${list}[`, list])
    },
    begin: () => {
      setTried(false)
    },
  }
}

/** A field's label as it stands on the page, after the legend of its group. */
export function labelOf(id: string): string {
  const field = document.getElementById(id)
  const words = [
    field?.parentElement?.closest('fieldset')?.querySelector('legend'),
    field instanceof HTMLInputElement || field instanceof HTMLSelectElement || field instanceof HTMLTextAreaElement
      ? field.labels?.[0]?.firstChild
      : field?.querySelector('legend'),
  ]
  return words
    .map((word) => word?.textContent)
    .filter(Boolean)
    .join(', ')
}
