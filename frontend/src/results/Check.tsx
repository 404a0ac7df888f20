import { useTranslation } from 'react-i18next'
import { AnchorButton } from '@/hds'
import type { Schemas } from '@/lib/api'
import { Local } from '@/lib/text'
import type { Round } from '@/round/rounds'

/** Where to get the record, and how anyone can check all of it or recount an area. */
export function Check({ round, outcome }: { round: Round; outcome?: Schemas['AreaResult'] }) {
  const { t } = useTranslation('results')
  const name = round.settings.areas.find(({ id }) => id === outcome?.area)?.name
  return (
    <section className="check stack">
      <h2>{t('check.heading')}</h2>
      <p>{t('check.text')}</p>
      <div className="actions">
        <AnchorButton href={`/api/v1/rounds/${encodeURIComponent(round.id)}/record`} download={`${round.id}.zip`} start="download">
          {t('check.download')}
        </AnchorButton>
      </div>
      {outcome && (
        <>
          <h3>
            {t('check.how')}
            {name && (
              <>
                {': '}
                <Local text={name} />
              </>
            )}
          </h3>
          <ol>
            <li>{t('check.step_1')}</li>
            <li>
              {t('check.verify')}
              <code className="command">go run ./cmd/osbu-verify record {round.id}.zip</code>
            </li>
            <li>
              {t('check.step_2')}
              <code className="command">
                go run ./cmd/osbu-tally count areas/{outcome.area}.pb --rule {outcome.rule.rule} --seed SEED
              </code>
            </li>
            <li>
              {t('check.step_3')}
              <code className="command">{outcome.input_digest}</code>
            </li>
            <li>{t('check.step_4')}</li>
          </ol>
        </>
      )}
    </section>
  )
}
