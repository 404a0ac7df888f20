import { useRef } from 'react'
import { useTranslation } from '@/lib/i18n'
import { Button, Card, TextInput } from '@/ui/hds'
import { Problem } from '@/lib/problem'
import { useLocal } from '@/ui/text'
import type { ErrorOf } from '@/ui/form/useForm'
import type { Desk } from '@/data/desk'

type Division = Desk['divisions'][number]

/** One in the form. The code of one that is kept stands, for experts sign in with it. */
export type Entry = Division & { added?: true }

/** What is kept of the form. */
export const divisionsOf = (entries: Entry[]): Division[] => entries.map(({ id, name }) => ({ id, name }))

interface Props {
  divisions: Entry[]
  errorOf: ErrorOf
  onChange: (divisions: Entry[]) => void
}

/** The parts of the city to whose experts proposals are sent. */
export function Divisions({ divisions, errorOf, onChange }: Props) {
  const { t } = useTranslation('desk')
  const add = useRef<HTMLButtonElement>(null)
  const change = (index: number, to: Partial<Entry>) => {
    onChange(divisions.map((one, i) => (i === index ? { ...one, ...to } : one)))
  }
  return (
    <section className="stack">
      <h2>{t('settings.divisions')}</h2>
      <p>{t('settings.divisions_lead')}</p>
      {divisions.map(({ id, name, added }, index) => (
        <Card key={index} as="fieldset" className="stack">
          <legend>{t('settings.division', { number: index + 1 })}</legend>
          {(['fi', 'sv', 'en'] as const).map((lang) => (
            <TextInput
              key={lang}
              id={`divisions[${String(index)}].name.${lang}`}
              label={t(`settings.division_name.${lang}`)}
              lang={lang}
              required={lang !== 'en'}
              maxLength={100}
              value={name[lang] ?? ''}
              error={errorOf(`divisions[${String(index)}].name.${lang}`)}
              onChange={(event) => {
                change(index, { name: { ...name, [lang]: event.target.value } })
              }}
            />
          ))}
          <TextInput
            id={`divisions[${String(index)}].id`}
            label={t('settings.division_id')}
            helper={added && t('settings.division_id_help')}
            readOnly={!added}
            required
            maxLength={60}
            value={id}
            error={errorOf(`divisions[${String(index)}].id`)}
            onChange={(event) => {
              change(index, { id: event.target.value })
            }}
          />
          <div className="actions">
            <Button
              small
              variant="secondary"
              onClick={() => {
                onChange(divisions.filter((_, i) => i !== index))
                add.current?.focus()
              }}
            >
              {t('settings.remove_division', { number: index + 1 })}
            </Button>
          </div>
        </Card>
      ))}
      <div className="actions">
        <Button
          ref={add}
          variant="secondary"
          onClick={() => {
            onChange([...divisions, { id: '', name: { fi: '', sv: '' }, added: true }])
          }}
        >
          {t('settings.add_division')}
        </Button>
      </div>
    </section>
  )
}

/** The kept divisions that cannot go, since something was sent to them. */
export function useBusy(kept: Division[], cause: unknown): string {
  const local = useLocal()
  const busy =
    cause instanceof Problem
      ? cause.fields.filter(({ field, code }) => field === 'divisions' && code === 'required')
      : []
  return busy.map(({ limit = '' }) => local(kept.find(({ id }) => id === limit)?.name) || limit).join(', ')
}
