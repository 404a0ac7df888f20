import { useTranslation } from '@/lib/i18n'
import { Icon, Notification, type IconName } from '@/ui/hds'
import { Contact } from '@/ui/Contact'
import { useFormat } from '@/lib/format'
import type { Flaw } from './crypto/receipt'
import { isAlarm, type Finding, type Verdict } from './examine'
import { classes } from '@/lib/classes'
import styles from './findings.module.css'

const kinds: Record<Verdict, 'success' | 'info' | 'alert' | 'error'> = {
  logged: 'success',
  waiting: 'success',
  unreached: 'alert',
  untrue: 'error',
  late: 'error',
  denied: 'error',
  contrary: 'error',
  rewritten: 'error',
  personal: 'error',
}

/** What was found out about a ballot: the verdict, what to do if it is an alarm, and step by step what was checked. */
export function Findings({ finding }: { finding: Finding }) {
  const { t } = useTranslation('check')
  const { dateTime } = useFormat()
  const { verdict, proven } = finding
  const by = proven && dateTime(proven.promised.by)
  return (
    <div className={classes(styles.findings, 'stack')}>
      <Notification kind={kinds[verdict]} label={t(`verdict.${verdict}.heading`)} live>
        <p>{t(`verdict.${verdict}.text`, { by })}</p>
        {isAlarm(verdict) && (
          <>
            <p>{t('alarm.heading')}</p>
            <ul>
              <li>{t('alarm.keep')}</li>
              <li>{t('alarm.support')}</li>
              <li>{t('alarm.observer')}</li>
            </ul>
            <Contact />
          </>
        )}
      </Notification>
      <Steps finding={finding} />
    </div>
  )
}

type Mark = 'good' | 'wait' | 'bad'
const icons: Record<Mark, IconName> = { good: 'check-circle-fill', wait: 'info-circle-fill', bad: 'error-fill' }

interface Step {
  mark: Mark
  title: string
  text: string
}

/** Flaws of a receipt that show before its place in the log is looked at. */
const early: Flaw[] = ['format', 'round', 'promise', 'manifest']

function Steps({ finding: { verdict, flaw, proven, now } }: { finding: Finding }) {
  const { t } = useTranslation('check')
  const { number, dateTime } = useFormat()
  const steps: Step[] = []
  if ((verdict === 'untrue' || verdict === 'personal') && flaw && early.includes(flaw)) {
    steps.push({ mark: 'bad', title: t('step.promise.bad'), text: t(`step.flaw.${flaw}`) })
  } else {
    steps.push({ mark: 'good', title: t('step.promise.good'), text: t('step.promise.text') })
    if (verdict === 'waiting')
      steps.push({
        mark: 'wait',
        title: t('step.log.wait'),
        text: t('step.log.wait_text', { by: proven && dateTime(proven.promised.by) }),
      })
    else if (verdict === 'unreached')
      steps.push({ mark: 'wait', title: t('step.log.unreached'), text: t('step.unreached_text') })
    else if (verdict === 'untrue' || verdict === 'contrary')
      steps.push({ mark: 'bad', title: t('step.log.bad'), text: t(`step.flaw.${flaw ?? 'proof'}`) })
    else if (verdict === 'late' || verdict === 'denied')
      steps.push({ mark: 'bad', title: t('step.log.bad'), text: t('step.log.missing_text') })
    else {
      steps.push({
        mark: 'good',
        title: t('step.log.good'),
        text: t('step.log.text', { index: number(proven?.logged?.index ?? 0) }),
      })
      if (verdict === 'rewritten')
        steps.push({ mark: 'bad', title: t('step.grown.bad'), text: t('step.grown.bad_text') })
      else if (now)
        steps.push({
          mark: 'good',
          title: t('step.grown.good'),
          text: t('step.grown.text', { size: number(now.size) }),
        })
      else steps.push({ mark: 'wait', title: t('step.grown.unreached'), text: t('step.unreached_text') })
    }
  }
  return (
    <ol className={classes('plain', styles.steps)} aria-label={t('step.label')}>
      {steps.map(({ mark, title, text }) => (
        <li key={title} className={styles[mark]}>
          <Icon name={icons[mark]} />
          <div>
            <p className={styles.title}>
              <span className="visually-hidden">{t(`mark.${mark}`)} </span>
              {title}
            </p>
            <p>{text}</p>
          </div>
        </li>
      ))}
    </ol>
  )
}
