import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Button, ChoiceGroup, Dialog, Radio, TextArea } from '@/ui/hds'
import { faults, type Fault } from '@/data/discussion'
import { limitsHiding } from '@/lib/limits.gen'

/** Asks what is wrong with a comment, before it is reported or hidden. A moderator may add a word to its author. */
export function FaultForm({
  kind,
  busy,
  onDone,
  onStop,
}: {
  kind: 'report' | 'hide'
  busy: boolean
  onDone: (fault: Fault, note: string) => void
  onStop: () => void
}) {
  const { t } = useTranslation(['comment', 'problem'])
  const [fault, setFault] = useState<Fault>()
  const [note, setNote] = useState('')
  const [missing, setMissing] = useState(false)
  const done = () => {
    setMissing(!fault)
    if (fault) onDone(fault, note.trim())
    else document.getElementById('fault')?.focus()
  }
  return (
    <Dialog
      open
      title={t(`${kind}.title`)}
      onClose={onStop}
      actions={
        <>
          <Button busy={busy} onClick={done}>
            {t(`${kind}.confirm`)}
          </Button>
          <Button variant="secondary" onClick={onStop}>
            {t('stop')}
          </Button>
        </>
      }
    >
      <div className="stack-s">
        <p>{t(`${kind}.text`)}</p>
        <ChoiceGroup id="fault" legend={t('fault.legend')} error={missing ? t('problem:field.required') : undefined}>
          {faults.map((one) => (
            <Radio
              key={one}
              name="fault"
              label={t(`fault.${one}`)}
              checked={fault === one}
              onChange={() => {
                setFault(one)
              }}
            />
          ))}
        </ChoiceGroup>
        {kind === 'hide' && (
          <TextArea
            label={t('hide.note')}
            helper={t('hide.note_help')}
            rows={2}
            maxLength={limitsHiding.note.maxLength}
            value={note}
            onChange={(event) => {
              setNote(event.target.value)
            }}
          />
        )}
      </div>
    </Dialog>
  )
}
