import { errorsOf, nameOf, standing, type Comparison, type Findings } from '@/data/comparison'
import type { Round } from '@/data/round'
import { useFormat } from '@/lib/format'
import { useTranslation } from '@/lib/i18n'
import { Notification } from '@/ui/hds'
import { useLocal } from '@/ui/text'

/** What a comparison of sheets of paper with the record has found, in words; and what that may mean for the outcome. */
export function Found({ round, of, found }: { round: Round; of: Comparison; found: Findings }) {
  const { t } = useTranslation('comparison')
  const { number, percent } = useFormat()
  const local = useLocal()
  const errors = errorsOf(found)
  const looked = found.alike + errors
  const areaOf = (id: string) => {
    const area = round.settings.areas.find((one) => one.id === id)
    return area ? local(area.name) : id
  }
  return (
    <div className="stack">
      <Notification
        kind={errors === 0 ? 'success' : 'alert'}
        label={
          errors === 0
            ? t('alike_all', { count: looked, n: number(looked) })
            : t('errors', { count: errors, n: number(errors), of: number(looked) })
        }
      >
        <p>{t('rate', { rate: percent(errors / looked) })}</p>
      </Notification>
      <ul>
        <li>{t('alike', { count: found.alike, n: number(found.alike) })}</li>
        {found.other.length > 0 && (
          <li>
            {t('other', { count: found.other.length, n: number(found.other.length) })}
            <ul>
              {found.other.map((sheet) => (
                <li key={nameOf(sheet)}>
                  {t('other_line', {
                    sheet: nameOf(sheet),
                    seen: sheet.seen || t('nothing'),
                    recorded: sheet.recorded || t('nothing'),
                  })}
                </li>
              ))}
            </ul>
          </li>
        )}
        {found.missing.length > 0 && (
          <li>
            {t('missing', { count: found.missing.length, n: number(found.missing.length) })}
            <ul>
              {found.missing.map((sheet) => (
                <li key={nameOf(sheet)}>{nameOf(sheet)}</li>
              ))}
            </ul>
          </li>
        )}
        {found.unseen > 0 && <li>{t('unseen', { count: found.unseen, n: number(found.unseen) })}</li>}
      </ul>
      <h4>{t('outcome')}</h4>
      <p>{t('estimated', { count: found.estimated, n: number(found.estimated), of: number(of.of) })}</p>
      <ul>
        {found.areas.map(({ area, sheets }) => (
          <li key={area}>
            {t(standing(found, sheets), { area: areaOf(area), count: sheets ?? 0, n: number(sheets ?? 0) })}
          </li>
        ))}
      </ul>
      <p>{t('not')}</p>
    </div>
  )
}
