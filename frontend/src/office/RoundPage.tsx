import type { ReactNode } from 'react'
import { useTranslation } from '@/lib/i18n'
import { Notification } from '@/ui/hds'
import { useLocal } from '@/ui/text'
import { useRound, type Round } from '@/data/round'
import { AskPage } from '@/ui/AskPage'
import { Page } from '@/ui/Page'

interface Below {
  title: string
  lead?: string
  /** Whether the content itself says that the round is a rehearsal. */
  ownRehearsal?: (round: Round) => boolean
  children: (round: Round) => ReactNode
}

/** A page below a round's control room. */
export function RoundPage({ title, lead, ownRehearsal, children }: Below) {
  const { t } = useTranslation(['office', 'shell'])
  const local = useLocal()
  return (
    <AskPage query={useRound()} title={title}>
      {(round) => (
        <Page
          title={title}
          lead={lead}
          above={[
            { to: '/office', text: t('title') },
            { to: `/office/${round.id}`, text: local(round.name) },
          ]}
        >
          <div className="stack-l">
            {round.rehearsal && !ownRehearsal?.(round) && (
              <Notification kind="alert">{t('shell:rehearsal')}</Notification>
            )}
            {children(round)}
          </div>
        </Page>
      )}
    </AskPage>
  )
}
