import { useTranslation } from '@/lib/i18n'
import type { Schemas } from '@/lib/api'

interface Read {
  ignored: string[]
  encoding?: Schemas['SheetEncoding']
}

/** What was left out of a sheet, and how its text was read if that was no matter of course. */
export function SheetNotes({ ignored, encoding }: Read) {
  const { t } = useTranslation('sheet')
  return (
    <>
      {ignored.length > 0 && (
        <p>{t('ignored', { count: ignored.length, names: ignored.map((name) => `”${name}”`).join(', ') })}</p>
      )}
      {encoding && encoding !== 'UTF-8' && <p>{t('encoding', { encoding })}</p>}
    </>
  )
}
