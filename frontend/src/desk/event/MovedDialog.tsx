import { Button, Dialog } from '@/ui/hds'
import type { Schemas } from '@/lib/api'
import { useTranslation } from '@/lib/i18n'
import styles from './editor.module.css'

/** What those who signed up will be told of another time or place, before it is saved. */
export function MovedDialog({
  told,
  onSave,
  onClose,
}: {
  told: Schemas['EventPreview']
  onSave: () => void
  onClose: () => void
}) {
  const { t } = useTranslation('participant')
  return (
    <Dialog
      open
      title={t('moved.title')}
      onClose={onClose}
      actions={
        <>
          <Button onClick={onSave}>{t('moved.save')}</Button>
          <Button variant="secondary" onClick={onClose}>
            {t('moved.back')}
          </Button>
        </>
      }
    >
      <div className="stack">
        <p>{t('moved.lead', { count: told.people })}</p>
        {told.letters.map(({ language, subject, text }) => (
          <section key={language} className="stack-s">
            <h3>{t(`moved.in.${language}`)}</h3>
            <div lang={language} className={styles.letter}>
              <p>
                <strong>{subject}</strong>
              </p>
              <p>{text}</p>
            </div>
          </section>
        ))}
      </div>
    </Dialog>
  )
}
