import { useState } from 'react'
import { useTranslation } from '@/lib/i18n'
import { Button, ChoiceGroup, Dialog, Radio, TextArea } from '@/ui/hds'
import { faults, type Fault } from '@/data/discussion'
import { Form } from '@/ui/form/Form'
import { useForm } from '@/ui/form/useForm'
import { limitsHiding } from '@/lib/limits.gen'

/** Asks what is wrong with a comment, before it is reported or hidden. A moderator may add a word to its author. */
export function FaultForm({
  kind,
  of = 'comment',
  busy,
  cause,
  onDone,
  onStop,
}: {
  kind: 'report' | 'hide'
  /** What it is wrong with. */
  of?: 'comment' | 'proposal'
  busy: boolean
  cause: unknown
  onDone: (fault: Fault, note: string) => void
  onStop: () => void
}) {
  const { t } = useTranslation(['comment', 'problem'])
  const words = of === 'comment' ? kind : (`of_proposal.${kind}` as const)
  const [fault, setFault] = useState<Fault>()
  const [note, setNote] = useState('')
  const form = useForm({
    wrong: { reason: fault ? undefined : t('problem:field.required') },
    cause,
    prefix: 'fault.',
  })
  const done = () => {
    if (fault) onDone(fault, note.trim())
  }
  return (
    <Dialog
      open
      title={t(`${words}.title`)}
      onClose={onStop}
      actions={
        <>
          <Button type="submit" form="fault" busy={busy}>
            {t(`${words}.confirm`)}
          </Button>
          <Button variant="secondary" onClick={onStop}>
            {t('stop')}
          </Button>
        </>
      }
    >
      <Form id="fault" form={form} brief busy={busy} className="stack-s" onSend={done}>
        <p>{t(`${words}.text`)}</p>
        <ChoiceGroup
          id="fault.reason"
          legend={t(of === 'comment' ? 'fault.legend' : 'of_proposal.legend')}
          error={form.errorOf('reason')}
        >
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
            id="fault.note"
            label={t('hide.note')}
            error={form.errorOf('note')}
            helper={t('hide.note_help')}
            rows={2}
            maxLength={limitsHiding.note.maxLength}
            value={note}
            onChange={(event) => {
              setNote(event.target.value)
            }}
          />
        )}
      </Form>
    </Dialog>
  )
}
