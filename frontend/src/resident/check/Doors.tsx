import { useQuery } from '@tanstack/react-query'
import { useId, useState } from 'react'
import { useTranslation } from '@/lib/i18n'
import { Button, FileField, Select, TextInput } from '@/ui/hds'
import { Form } from '@/ui/form/Form'
import { useForm } from '@/ui/form/useForm'
import { useLocal } from '@/ui/text'
import { byUrgency, hasBox, roundsQuery } from '@/data/round'
import { readReceipt, type ReceiptFile } from '@/receipt/crypto/receipt'
import { readCommit } from '@/receipt/examine'
import { largestReceipt } from '@/receipt/save'
import { classes } from '@/lib/classes'
import styles from './check.module.css'

/** Takes the file that a voter saved: chosen, or dropped. It is read here and sent nowhere. */
export function FileDoor({ onFile }: { onFile: (file: ReceiptFile) => void }) {
  const { t } = useTranslation('check')
  const id = useId()
  const [over, setOver] = useState(false)
  const [error, setError] = useState<'format' | 'large'>()
  const read = async (file: File | undefined) => {
    if (!file) return
    setError(undefined)
    try {
      if (file.size > largestReceipt) setError('large')
      else onFile(readReceipt(await file.text()))
    } catch {
      setError('format')
    }
  }
  return (
    <section
      className={classes(styles.door, 'stack', over && styles.over)}
      aria-labelledby={`${id}-heading`}
      onDragOver={(event) => {
        event.preventDefault()
        setOver(true)
      }}
      onDragLeave={() => {
        setOver(false)
      }}
      onDrop={(event) => {
        event.preventDefault()
        setOver(false)
        void read(event.dataTransfer.files[0])
      }}
    >
      <h2 id={`${id}-heading`}>{t('file.heading')}</h2>
      <FileField
        label={t('file.label')}
        helper={t('file.helper')}
        error={error && t(`file.${error}`)}
        accept=".json,application/json"
        onChoose={(file) => void read(file)}
      />
    </section>
  )
}

/** Takes a receipt's number, and the round where the address does not name it. */
export function NumberDoor({ round, onNumber }: { round?: string; onNumber: (round: string, commit: string) => void }) {
  const { t } = useTranslation(['check', 'problem'])
  const local = useLocal()
  const id = useId()
  const { data } = useQuery({ ...roundsQuery, enabled: round === undefined })
  const rounds = byUrgency((data ?? []).filter(hasBox))
  const [chosen, setChosen] = useState<string>()
  const [text, setText] = useState('')
  const commit = readCommit(text)
  const inRound = round ?? chosen ?? rounds[0]?.id
  const form = useForm({
    wrong: {
      number: text.trim() === '' ? t('problem:field.required') : commit && inRound ? undefined : t('number.malformed'),
    },
    prefix: 'check.',
  })
  return (
    <Form
      form={form}
      brief
      className={classes(styles.door, 'stack')}
      aria-labelledby={`${id}-heading`}
      onSend={() => {
        if (!commit || !inRound) return
        setText('')
        form.begin()
        onNumber(inRound, commit)
      }}
      actions={<Button type="submit">{t('number.button')}</Button>}
    >
      <h2 id={`${id}-heading`}>{t('number.heading')}</h2>
      {round === undefined && rounds.length > 1 && (
        <Select
          label={t('number.round')}
          options={rounds.map(({ id, name }) => ({ value: id, label: local(name) }))}
          value={inRound}
          onChange={(event) => {
            setChosen(event.target.value)
          }}
        />
      )}
      <TextInput
        id="check.number"
        label={t('number.label')}
        helper={t('number.helper')}
        error={form.errorOf('number')}
        required
        autoComplete="off"
        spellCheck={false}
        value={text}
        onChange={(event) => {
          setText(event.target.value)
        }}
      />
    </Form>
  )
}
