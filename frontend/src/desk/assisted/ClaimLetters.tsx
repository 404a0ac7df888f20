import { useTranslation } from '@/lib/i18n'
import { Button, Notification } from '@/ui/hds'
import { format, useLang } from '@/lib/format'
import { inLang } from '@/ui/text'
import type { Round } from '@/data/round'
import type { Printed } from '@/data/assisted'
import { classes } from '@/lib/classes'
import styles from './assisted.module.css'

/** Claim letters to print, one a proposal and in its language. Their codes exist on this page alone. */
export function ClaimLetters({ round, letters }: { round: Round; letters: Printed[] }) {
  const { t } = useTranslation('assisted')
  return (
    <section className={classes('stack', styles.letters)} aria-label={t('letter.list')}>
      <Notification kind="alert" label={t('letter.once')}>
        {t('letter.once_text')}
      </Notification>
      <div className="actions">
        <Button
          onClick={() => {
            window.print()
          }}
        >
          {t('letter.print')}
        </Button>
      </div>
      <ul className={classes('plain', styles.letterList)}>
        {letters.map((letter) => (
          <One key={letter.id} round={round} letter={letter} />
        ))}
      </ul>
    </section>
  )
}

function One({ round, letter: { id, title, code, name, language: own } }: { round: Round; letter: Printed }) {
  const page = useLang()
  const language = own ?? page
  const { t } = useTranslation('assisted', { lng: language })
  return (
    <li className={styles.letter} lang={language}>
      <p className="muted">{inLang(round.name, language).value}</p>
      <h2>{t('letter.heading')}</h2>
      <p>
        <strong dir="auto">{title}</strong>
        {name && ` (${name})`}
      </p>
      <p>{t('letter.text')}</p>
      <ol>
        <li>
          {t('letter.go')}{' '}
          <span className={styles.address}>{`${location.host}/${language}/rounds/${round.id}/claim`}</span>
        </li>
        <li>{t('letter.sign_in')}</li>
        <li>
          {t('letter.type')}
          <span className={styles.code} data-code={id}>
            {code}
          </span>
        </li>
      </ol>
      <p className="muted">{t('letter.until', { date: format(language).lastDay(round.times.vetting.closes) })}</p>
    </li>
  )
}
