import type { ReactNode } from 'react'
import { useTranslation } from '@/lib/i18n'
import { StatusLabel, Tag } from '@/ui/hds'
import { Local } from '@/ui/text'
import type { Round } from '@/data/round'
import { colourOf, type Proposal } from '@/data/proposal'

/** How a proposal stands, then the children, then its area and theme. */
export function ProposalTags({
  proposal,
  round,
  children,
}: {
  proposal: Proposal
  round: Round
  children?: ReactNode
}) {
  const { t } = useTranslation('proposal')
  const { text, state } = proposal
  const { areas, themes } = round.settings
  return (
    <div className="tags">
      <StatusLabel kind={colourOf(state)}>{t(`state.${state}`)}</StatusLabel>
      {children}
      {[areas.find(({ id }) => id === text.area), themes.find(({ id }) => id === text.theme)].map(
        (one, index) =>
          one && (
            <Tag key={index}>
              <Local text={one.name} />
            </Tag>
          ),
      )}
    </div>
  )
}
