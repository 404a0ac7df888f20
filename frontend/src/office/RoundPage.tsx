import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Notification } from '@/hds'
import { Ask } from '@/lib/Ask'
import { useLocal } from '@/lib/text'
import { useRound, type Round } from '@/round/rounds'
import { Page } from '@/shell/Page'

/** A page below a round's control room. */
export function RoundPage({ title, lead, children }: { title: string; lead?: string; children: (round: Round) => ReactNode }) {
  const { t } = useTranslation(['office', 'shell'])
  const local = useLocal()
  return (
    <Ask query={useRound()}>
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
            {round.rehearsal && <Notification kind="alert">{t('shell:rehearsal')}</Notification>}
            {children(round)}
          </div>
        </Page>
      )}
    </Ask>
  )
}
