import type { ReactNode } from 'react'
import { useTranslation } from '@/lib/i18n'
import { Notification, Stepper } from '@/ui/hds'
import { useLang } from '@/lib/format'
import { useLocal } from '@/ui/text'
import type { Round } from '@/data/round'
import { Page } from '@/ui/Page'
import { classes } from '@/lib/classes'
import styles from './vote.module.css'

const steps = ['area', 'projects', 'review', 'identify', 'vote'] as const
export type StepName = (typeof steps)[number]

/** One step of voting. Titles say what to do, never what was chosen: they end up in the browser's history. */
export function Step({
  round,
  title,
  current,
  done = false,
  lead,
  children,
}: {
  round: Round
  title: string
  current?: StepName
  done?: boolean
  lead?: ReactNode
  children: ReactNode
}) {
  const { t } = useTranslation(['vote', 'shell'])
  const lang = useLang()
  const local = useLocal()
  return (
    <Page
      title={title}
      above={[
        { to: `/${lang}`, text: t('shell:nav.home') },
        { to: `/${lang}/rounds/${round.id}`, text: local(round.name) },
      ]}
      lead={
        <div className="stack no-print">
          {(current ?? done) && (
            <div className={styles.steps}>
              <Stepper
                label={t('steps.label')}
                steps={steps.map((step) => t(`steps.${step}`))}
                current={current ? steps.indexOf(current) : steps.length}
              />
            </div>
          )}
          {lead}
        </div>
      }
    >
      <div className={classes('stack', styles.step)}>
        {round.rehearsal && <Notification kind="alert">{t('shell:rehearsal')}</Notification>}
        {children}
      </div>
    </Page>
  )
}
