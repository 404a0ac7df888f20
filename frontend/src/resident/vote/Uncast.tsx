import { useEffect, useState } from 'react'
import { useTranslation } from '@/lib/i18n'
import { LinkButton, Notification } from '@/ui/hds'
import { useLang } from '@/lib/format'
import { useLocal } from '@/ui/text'
import { stageOf, type Round } from '@/data/round'
import { keys, remove } from '@/receipt/store'
import { forgetBasket, isChosen, readBasket, useBasket } from './basket'
import { useReceipts } from './receipt'
import { envelopePlace } from './sealed'

/** What is still to be done with a vote that was begun in this browser, or what became of it: nothing where none was begun. */
export function Uncast({ round }: { round: Round }) {
  const { key } = stageOf(round)
  if (key === 'voting') return <Begun round={round} />
  return ['counting', 'results', 'archived'].includes(key) ? <Over round={round.id} /> : null
}

function Begun({ round }: { round: Round }) {
  const { basket } = useBasket(round.id)
  return isChosen(basket) ? <Chosen round={round.id} /> : <OtherPapers round={round} />
}

function Chosen({ round }: { round: string }) {
  const { t } = useTranslation('vote')
  const lang = useLang()
  return (
    <Notification kind="alert" label={t('uncast.heading')}>
      <p>{t('uncast.text')}</p>
      <div className="actions">
        <LinkButton to={`/${lang}/rounds/${round}/vote/review`} end="arrow-right">
          {t('uncast.go')}
        </LinkButton>
      </div>
    </Notification>
  )
}

/** Papers without a receipt, in a browser that has one for another paper. */
export function OtherPapers({ round }: { round: Round }) {
  const kept = useReceipts(round.id)
  const left = round.settings.papers.filter(({ id }) => kept.every(({ paper }) => paper !== id))
  return kept.length > 0 && left.length > 0 ? <Left round={round.id} papers={left} /> : null
}

function Left({ round, papers }: { round: string; papers: Round['settings']['papers'] }) {
  const { t } = useTranslation('vote')
  const lang = useLang()
  const local = useLocal()
  return (
    <Notification label={t('uncast.other')}>
      <p>{t('uncast.other_text', { papers: papers.map(({ name }) => local(name)).join(', ') })}</p>
      <div className="actions">
        <LinkButton variant="secondary" to={`/${lang}/rounds/${round}/vote/paper/${papers[0]?.id ?? ''}`}>
          {t('uncast.other_go')}
        </LinkButton>
      </div>
    </Notification>
  )
}

/** After the close no ballot can be cast: what was chosen would only lie here for the next person at this computer. */
function Over({ round }: { round: string }) {
  const [had] = useState(() => isChosen(readBasket(round)) || keys(envelopePlace(round)).length > 0)
  useEffect(() => {
    forgetBasket(round)
    for (const key of keys(envelopePlace(round))) remove(key)
  }, [round])
  return had ? <Removed /> : null
}

function Removed() {
  const { t } = useTranslation('vote')
  return (
    <Notification label={t('uncast.over')} live>
      <p>{t('uncast.over_text')}</p>
    </Notification>
  )
}
