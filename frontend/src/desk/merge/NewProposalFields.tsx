import type { ReactNode } from 'react'
import { useTranslation } from '@/lib/i18n'
import { limitsProposalText, limitsWords } from '@/lib/limits.gen'
import { Select, TextArea, TextInput } from '@/ui/hds'
import { hasRole, useSession } from '@/lib/session'
import type { ErrorOf } from '@/ui/form/useForm'
import { useLocal } from '@/ui/text'
import type { Proposal } from '@/data/proposal'
import type { Round } from '@/data/round'
import type { NewProposal } from '@/data/merge'
import styles from '@/shared/merge/merge.module.css'

type Name = 'title_fi' | 'title_sv' | 'what_fi' | 'what_sv' | 'why_fi' | 'why_sv' | 'area' | 'theme' | 'place'
export type NewProposalValues = Record<Name, string>

/** Where the contract has what stands in the fields. */
export const pathOf: Record<Name, string> = {
  title_fi: 'text.title',
  title_sv: 'swedish.title',
  what_fi: 'text.what',
  what_sv: 'swedish.what',
  why_fi: 'text.why',
  why_sv: 'swedish.why',
  area: 'text.area',
  theme: 'text.theme',
  place: 'text.place',
}

/** What a new proposal begins with: the place of the first original, and for a merging the originals' words one after the other. */
export function blank(first: Proposal | undefined, all: Proposal[] = []): NewProposalValues {
  const { text } = first ?? {}
  const joined = (part: 'what' | 'why') =>
    all
      .flatMap((one) => one.text[part]?.trim() || [])
      .join('\n\n')
      .slice(0, 5000)
  return {
    title_fi: all.length > 0 ? (text?.title ?? '') : '',
    title_sv: '',
    what_fi: joined('what'),
    what_sv: '',
    why_fi: joined('why'),
    why_sv: '',
    area: text?.area ?? '',
    theme: text?.theme ?? '',
    place: text?.place ?? '',
  }
}

/** What is needed and not there. */
export function missing(values: NewProposalValues, round: Round): Name[] {
  const needed: Name[] = [
    'title_fi',
    'title_sv',
    'what_fi',
    'what_sv',
    'area',
    ...(round.settings.themes.length > 0 ? (['theme'] as const) : []),
  ]
  return needed.filter((name) => !values[name].trim())
}

export function bodyOf(values: NewProposalValues): NewProposal {
  const { title_fi: title, what_fi: what, why_fi: why, area, theme, place } = values
  return {
    text: {
      title: title.trim(),
      what: what.trim(),
      area,
      ...(why.trim() && { why: why.trim() }),
      ...(theme && { theme }),
      ...(place.trim() && { place: place.trim() }),
    },
    swedish: {
      title: values.title_sv.trim(),
      what: values.what_sv.trim(),
      ...(values.why_sv.trim() && { why: values.why_sv.trim() }),
    },
  }
}

interface Props {
  index: number
  legend: string
  round: Round
  values: NewProposalValues
  /** What the ids begin with. */
  prefix: string
  errorOf: ErrorOf
  onChange: (values: NewProposalValues) => void
  children?: ReactNode
}

/** A new proposal's text in both languages, side by side where there is room. */
export function NewProposalFields({ index, legend, round, values, prefix, errorOf, onChange, children }: Props) {
  const { t } = useTranslation('merge')
  const local = useLocal()
  const session = useSession()
  const at = (name: Name) => `parts[${String(index)}].${pathOf[name]}`
  const field = (name: Name) => ({
    id: prefix + at(name),
    label: t(`desk.${name}`),
    value: values[name],
    error: errorOf(at(name)),
    onChange: (event: { target: { value: string } }) => {
      onChange({ ...values, [name]: event.target.value })
    },
  })
  const areas = round.settings.areas.filter(
    ({ id }) => hasRole(session, 'official') || (session?.areas.includes(id) ?? false),
  )
  return (
    <fieldset className={styles.part}>
      <legend>{legend}</legend>
      <div className={styles.pair}>
        <TextInput {...field('title_fi')} required maxLength={100} lang="fi" />
        <TextInput {...field('title_sv')} required maxLength={100} lang="sv" />
        <TextArea {...field('what_fi')} required rows={8} maxLength={limitsWords.what.maxLength} lang="fi" />
        <TextArea {...field('what_sv')} required rows={8} maxLength={limitsWords.what.maxLength} lang="sv" />
        <TextArea {...field('why_fi')} rows={4} maxLength={limitsWords.why.maxLength} lang="fi" />
        <TextArea {...field('why_sv')} rows={4} maxLength={limitsWords.why.maxLength} lang="sv" />
        <Select
          {...field('area')}
          required
          options={[
            { value: '', label: t('desk.choose') },
            ...areas.map(({ id, name }) => ({ value: id, label: local(name) })),
          ]}
        />
        <Select
          {...field('theme')}
          required
          options={[
            { value: '', label: t('desk.choose') },
            ...round.settings.themes.map(({ id, name }) => ({ value: id, label: local(name) })),
          ]}
        />
      </div>
      <TextInput {...field('place')} maxLength={limitsProposalText.place.maxLength} />
      {children}
    </fieldset>
  )
}
