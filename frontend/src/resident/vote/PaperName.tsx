import { useTranslation } from '@/lib/i18n'
import { Local } from '@/ui/text'
import { useVoting } from './voting'
import type { ManifestPaper } from '@/receipt/crypto/manifest'
import styles from './vote.module.css'

/** Which of several papers is being filled in; with one paper there is nothing to tell. */
export function PaperName({ paper }: { paper: ManifestPaper }) {
  const { t } = useTranslation('vote')
  const { manifest } = useVoting()
  const { papers } = manifest
  if (papers.length === 1) return null
  return (
    <p className={styles.paperName}>
      {t('paper', { index: papers.indexOf(paper) + 1, all: papers.length })}{' '}
      <strong>
        <Local text={paper.name} />
      </strong>
    </p>
  )
}
