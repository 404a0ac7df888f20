import { useTranslation } from '@/lib/i18n'
import { useFormat } from '@/lib/format'
import type { Enquiry } from '@/data/enquiry'
import styles from '@/shared/enquiry/enquiry.module.css'

/** What I asked, each with its answer or the word that it waits. */
export function Asked({ enquiries }: { enquiries: Enquiry[] }) {
  const { t } = useTranslation('enquiry')
  const { dateTime } = useFormat()
  return (
    <ul className="plain stack">
      {enquiries.map(({ id, at, text, answer, answered_by, answered_at, draft }) => (
        <li key={id} className={styles.enquiry}>
          <p className="muted">
            {t('asked', { time: dateTime(at) })}
            {draft?.title && (
              <>
                {' · '}
                <span dir="auto">{draft.title}</span>
              </>
            )}
          </p>
          <p className="lines" dir="auto">
            {text}
          </p>
          {answer ? (
            <div className={styles.answer}>
              <p className="muted">
                {t('answered', { name: answered_by, time: answered_at && dateTime(answered_at) })}
              </p>
              <p className="lines" dir="auto">
                {answer}
              </p>
            </div>
          ) : (
            <p>
              <strong>{t('waits')}</strong>
            </p>
          )}
        </li>
      ))}
    </ul>
  )
}
