import { useTranslation } from '@/lib/i18n'
import { useLang } from '@/lib/format'
import type { Merge } from '@/data/merge'
import styles from './merge.module.css'

/** The texts of what a merge makes, in the page's language. */
export function MergedTexts({ merge }: { merge: Merge }) {
  const { t } = useTranslation('merge')
  const swedish = useLang() === 'sv'
  return merge.parts
    .filter(({ made }) => made)
    .map(({ text, swedish: words }, index) => {
      const said = (swedish ? words : text) ?? {}
      return (
        <details key={index} className={styles.tiedPart}>
          <summary>{merge.kind === 'merge' ? t('ask.new') : t('ask.new_part', { number: index + 1 })}</summary>
          <div lang={swedish ? 'sv' : 'fi'}>
            <p>
              <strong>{said.title}</strong>
            </p>
            <p className="lines">{said.what}</p>
            {said.why && <p className="lines">{said.why}</p>}
          </div>
        </details>
      )
    })
}
