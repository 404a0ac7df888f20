import type { ReactNode } from 'react'
import { useTranslation } from '@/lib/i18n'
import { Button, Notification } from '@/ui/hds'
import { Problem } from '@/lib/problem'

/** Says in words what went wrong, with a reference for the support desk and, if it may help, a second try. */
export function Trouble({ cause, retry, children }: { cause: unknown; retry?: () => void; children?: ReactNode }) {
  const { t } = useTranslation('problem')
  const problem = cause instanceof Problem ? cause : new Problem('internal')
  return (
    <Notification kind="error" label={t('heading')} live>
      <p>{t(`code.${problem.code}`)}</p>
      {problem.code === 'internal' && problem.requestId && <p>{t('reference', { id: problem.requestId })}</p>}
      {children}
      {retry && problem.passing && (
        <p>
          <Button small variant="secondary" onClick={retry}>
            {t('again')}
          </Button>
        </p>
      )}
    </Notification>
  )
}
