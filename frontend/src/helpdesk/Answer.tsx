import type { Round } from '@/data/round'
import type { Schemas } from '@/lib/api'
import { useFormat } from '@/lib/format'
import { useTranslation } from '@/lib/i18n'
import { Button, Card, Notification } from '@/ui/hds'
import { useLocal } from '@/ui/text'

const told = ['not_on_roll', 'too_young', 'other_municipality'] as const

/** What the desk is told, in words to say to the person. */
export function Answer({ found, round, onNext }: { found: Schemas['PersonFound']; round: Round; onNext: () => void }) {
  const { t } = useTranslation('helpdesk')
  const { date } = useFormat()
  const local = useLocal()
  const nameOf = (paper: string) => local(round.settings.papers.find(({ id }) => id === paper)?.name) || paper
  const { papers, refusal, old_enough_on: oldEnough } = found
  const used = papers.filter((one) => one.in_use).length
  const why = told.find((one) => one === refusal) ?? 'other'
  return (
    <Card as="section" className="stack">
      {refusal ? (
        <Notification kind="alert" label={t(`refused.${why}`)} live>
          {t(`refused.${why}_text`, { date: oldEnough ? date(oldEnough) : '' })}
        </Notification>
      ) : used === 0 ? (
        <Notification kind="success" label={t('answer.may')} live>
          {t('answer.may_text')}
        </Notification>
      ) : (
        <Notification label={t(used === papers.length ? 'answer.in_use' : 'answer.some')} live>
          {t('answer.in_use_text')}
        </Notification>
      )}
      {papers.length > 1 && (
        <ul>
          {papers.map(({ paper, in_use: inUse }) => (
            <li key={paper}>{t(inUse ? 'answer.paper_in_use' : 'answer.paper_free', { paper: nameOf(paper) })}</li>
          ))}
        </ul>
      )}
      <div className="actions">
        <Button onClick={onNext}>{t('answer.next')}</Button>
      </div>
    </Card>
  )
}
