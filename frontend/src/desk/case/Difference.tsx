import { diffWordsWithSpace } from 'diff'
import { useTranslation } from '@/lib/i18n'
import { useLang } from '@/lib/format'
import { changed, type Version } from '@/data/desk'
import { classes } from '@/lib/classes'
import styles from './casework.module.css'

/** What a version changed, word by word. Its library is loaded when somebody first looks. */
export default function Difference({ version, before }: { version: Version; before: Version }) {
  const { t } = useTranslation(['desk', 'proposal'])
  const lang = useLang()
  return (
    <div className={classes('stack', styles.difference)} lang={version.text.language}>
      {changed(version, before).map(({ field, into, from, to }) => (
        <div key={`${field} ${into ?? ''}`} lang={into}>
          <strong lang={lang}>
            {field === 'title' ? t('timeline.name') : t(`proposal:${field === 'place' ? 'where' : field}`)}
            {into && ` (${t(into === 'sv' ? 'timeline.in_swedish' : 'timeline.in_english')})`}
          </strong>
          <p className="lines" dir="auto">
            {diffWordsWithSpace(from, to).map(({ value, added, removed }, index) =>
              added ? (
                <ins key={index}>
                  <span className="visually-hidden">{t('timeline.added')} </span>
                  {value}
                </ins>
              ) : removed ? (
                <del key={index}>
                  <span className="visually-hidden">{t('timeline.removed')} </span>
                  {value}
                </del>
              ) : (
                value
              ),
            )}
          </p>
        </div>
      ))}
    </div>
  )
}
