import { useTranslation } from 'react-i18next'
import { Button } from '@/hds'
import { useLocal } from '@/lib/text'
import type { Round } from '@/round/rounds'
import { steps, type Fields } from './draft'

/** All that was written, to be read once more before it is sent. */
export function ReviewStep({ fields, round, onEdit }: { fields: Fields; round: Round; onEdit: (step: number) => void }) {
  const { t } = useTranslation('propose')
  const local = useLocal()
  const nameOf = (list: { id: string; name: Round['name'] }[], id: string) => local(list.find((one) => one.id === id)?.name)
  const shown: Fields = { ...fields, area: nameOf(round.settings.areas, fields.area), theme: nameOf(round.settings.themes, fields.theme) }
  return (
    <>
      <p>{t('review.lead')}</p>
      {steps.map((keys, step) => (
        <section key={step} className="review">
          <dl>
            {keys.map((key) => (
              <div key={key}>
                <dt>{t(`fields.${key}`)}</dt>
                <dd className="lines" dir="auto">{shown[key].trim() ? shown[key] : <span className="muted">{t('review.nothing')}</span>}</dd>
              </div>
            ))}
          </dl>
          <Button small variant="secondary" start="pen" onClick={() => { onEdit(step) }}>
            {t(step === 0 ? 'review.edit_idea' : 'review.edit_place')}
          </Button>
        </section>
      ))}
      <p>{t('review.public')}</p>
    </>
  )
}
