import { useState } from 'react'
import { useTranslation } from '@/lib/i18n'
import { Button, Checkbox, Notification } from '@/ui/hds'
import type { Round } from '@/data/round'
import { announce } from '@/lib/announce'
import { ask, office, type Schemas } from '@/lib/api'
import { printSheet } from '@/ui/print'
import { Local } from '@/ui/text'
import { useFocusAfter } from '@/ui/useFocusAfter'
import { useService } from '@/ui/useService'
import type { Split } from './share'
import { saveShare } from './save'
import { Codes } from './Codes'
import styles from './opening.module.css'
import officeStyles from '@/office/office.module.css'

interface Sealing {
  trustees: number
  needed: number
}

/** What the freeze takes: the key's public half, base64, and the test text that was opened. */
export type Made = Required<Pick<Schemas['StepRequest'], 'sealing_key' | 'sealing_trial'>>

/**
 * Before the freeze: the key to the ballots is made in this browser, split, given to each trustee, tried out with as many
 * codes as are needed, and forgotten. The service seals the test text and wants it back at the freeze, so that nobody can
 * leave the trial out.
 */
export function Ceremony({ round, sealing, onMade }: { round: Round; sealing: Sealing; onMade: (made: Made) => void }) {
  const { t } = useTranslation('office')
  const { trustees, needed } = sealing
  const [split, setSplit] = useState<Split>()
  const [given, setGiven] = useState(0)
  const heading = useFocusAfter<HTMLHeadingElement>(split ? given : undefined)
  const make = async () => {
    const { splitKey } = await import('./share')
    setSplit(await splitKey(trustees, needed))
    announce(t('opening.made'))
  }
  const code = split?.codes[given]
  return (
    <section className="stack" aria-labelledby="opening-heading">
      <h4 id="opening-heading">{t('opening.heading')}</h4>
      <p>{t('opening.intro', { trustees, needed })}</p>
      <Notification kind="alert">{t('opening.lost', { needed, spare: trustees - needed })}</Notification>
      {!split && (
        <div className="actions">
          <Button
            onClick={() => {
              void make()
            }}
          >
            {t('opening.make')}
          </Button>
        </div>
      )}
      {split && code && (
        <Given
          key={given}
          round={round}
          sealing={sealing}
          trustee={given + 1}
          code={code}
          heading={heading}
          onGiven={() => {
            setGiven(given + 1)
          }}
        />
      )}
      {split && !code && (
        <>
          <h5 ref={heading} tabIndex={-1}>
            {t('opening.rehearsal')}
          </h5>
          <p>{t('opening.rehearsal_text', { needed })}</p>
          <Codes
            needed={needed}
            button={t('opening.try')}
            onJoined={async (opening) => {
              const { openTrial } = await import('./share')
              const { sealed, trial } = await ask(
                office.POST('/api/v1/rounds/{round}/sealing-trial', {
                  params: { path: { round: round.id } },
                  body: { sealing_key: split.key },
                }),
              )
              const opened = await openTrial(round.id, opening, sealed)
              if (!opened) return false
              announce(t('opening.tried'))
              onMade({ sealing_key: split.key, sealing_trial: { trial, opened } })
              return true
            }}
          />
        </>
      )}
    </section>
  )
}

/** One trustee's code, which nobody else should see. */
function Given({
  round,
  sealing,
  trustee,
  code,
  heading,
  onGiven,
}: {
  round: Round
  sealing: Sealing
  trustee: number
  code: string
  heading: React.Ref<HTMLHeadingElement>
  onGiven: () => void
}) {
  const { t } = useTranslation('office')
  const service = useService()
  const [ticked, setTicked] = useState(false)
  const [tried, setTried] = useState(false)
  const { trustees, needed } = sealing
  return (
    <section className="stack">
      <div className="sheet stack">
        <h5 ref={heading} tabIndex={-1}>
          {t('opening.trustee', { trustee, trustees })}
        </h5>
        <p className="print-only">
          {service}: <Local text={round.name} />
        </p>
        <p className={styles.code}>{code}</p>
        <p>{t('opening.keep', { needed, trustees })}</p>
      </div>
      <div className="actions">
        <Button variant="secondary" small start="printer" onClick={printSheet}>
          {t('opening.print')}
        </Button>
        <Button
          variant="secondary"
          small
          onClick={() => {
            saveShare({ format: 'osbu/share/v1', round: round.id, trustee, trustees, needed, code })
          }}
        >
          {t('opening.save')}
        </Button>
      </div>
      <Checkbox
        id={`opening-has-${String(trustee)}`}
        label={t('opening.has', { trustee })}
        checked={ticked}
        aria-invalid={tried && !ticked ? true : undefined}
        onChange={(event) => {
          setTicked(event.target.checked)
        }}
      />
      {tried && !ticked && (
        <p className={officeStyles.error} role="alert">
          {t('opening.has_missing')}
        </p>
      )}
      <div className="actions">
        <Button
          onClick={() => {
            setTried(true)
            if (ticked) onGiven()
            else document.getElementById(`opening-has-${String(trustee)}`)?.focus()
          }}
        >
          {t(trustee < trustees ? 'opening.next' : 'opening.on_to_rehearsal')}
        </Button>
      </div>
    </section>
  )
}
