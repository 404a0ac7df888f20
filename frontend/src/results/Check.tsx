import { useTranslation } from 'react-i18next'
import { AnchorButton } from '@/hds'

/** Where to get the record, and how anyone can recount from it. */
export function Check({ round }: { round: string }) {
  const { t } = useTranslation('results')
  return (
    <section className="check stack">
      <h2>{t('check.heading')}</h2>
      <p>{t('check.text')}</p>
      <div className="actions">
        <AnchorButton href={`/api/v1/rounds/${encodeURIComponent(round)}/record`} download={`${round}.zip`} start="download">
          {t('check.download')}
        </AnchorButton>
      </div>
      <h3>{t('check.how')}</h3>
      <ol>
        <li>{t('check.step_1')}</li>
        <li>
          {t('check.step_2')}
          <code className="command">go run ./cmd/osbu-verify record {round}.zip</code>
        </li>
        <li>{t('check.step_3')}</li>
      </ol>
    </section>
  )
}
