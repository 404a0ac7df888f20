import { useId, useState } from 'react'
import { useTranslation } from '@/lib/i18n'
import { Button, FileField, TextArea } from '@/ui/hds'
import { Trouble } from '@/ui/problem/Trouble'
import type { Wrong } from './share'

/**
 * As many trustees' codes as are needed, typed, pasted or read from their files. What they give is for `onJoined`, which
 * says whether it is the right key; it is kept nowhere else.
 */
export function Codes({
  needed,
  button,
  onJoined,
}: {
  needed: number
  button: string
  onJoined: (opening: string) => Promise<boolean>
}) {
  const { t } = useTranslation('office')
  const id = useId()
  const [texts, setTexts] = useState(() => Array.from({ length: needed }, () => ''))
  const [wrong, setWrong] = useState<(Wrong | 'key' | 'unreadable_file' | undefined)[]>([])
  const [busy, setBusy] = useState(false)
  const [trouble, setTrouble] = useState<unknown>()
  const put = (index: number, text: string) => {
    setTexts((before) => before.map((one, at) => (at === index ? text : one)))
    setWrong([])
  }
  const join = async () => {
    setBusy(true)
    setTrouble(undefined)
    try {
      const { joinShares } = await import('./share')
      const joined = await joinShares(texts)
      const faults =
        'wrong' in joined ? joined.wrong : (await onJoined(joined.opening)) ? [] : texts.map(() => 'key' as const)
      setWrong(faults)
      const first = faults.findIndex(Boolean)
      if (first >= 0) document.getElementById(`${id}-${String(first)}`)?.focus()
      else setTexts(texts.map(() => ''))
    } catch (cause) {
      setTrouble(cause)
    } finally {
      setBusy(false)
    }
  }
  return (
    <div className="stack">
      {texts.map((text, index) => {
        const fault = wrong[index]
        return (
          <div key={index} className="stack">
            <TextArea
              id={`${id}-${String(index)}`}
              label={t('opening.code', { n: index + 1, needed })}
              helper={t('opening.code_help')}
              required
              rows={3}
              autoComplete="off"
              spellCheck={false}
              value={text}
              error={fault === 'unreadable_file' ? undefined : fault && t(`opening.wrong.${fault}`)}
              onChange={(event) => {
                put(index, event.target.value)
              }}
            />
            <FileField
              label={t('opening.file', { n: index + 1 })}
              accept=".json,application/json"
              error={fault === 'unreadable_file' ? t('opening.wrong.unreadable_file') : undefined}
              onChoose={(file) => {
                if (file.size < 10_000) {
                  void file.text().then((content) => {
                    put(index, content)
                  })
                } else {
                  setWrong(texts.map((_, at) => (at === index ? 'unreadable_file' : undefined)))
                }
              }}
            />
          </div>
        )
      })}
      {trouble !== undefined && <Trouble cause={trouble} />}
      <div className="actions">
        <Button
          variant="secondary"
          busy={busy}
          onClick={() => {
            void join()
          }}
        >
          {button}
        </Button>
      </div>
    </div>
  )
}
