import { useTranslation } from '@/lib/i18n'
import { Problem, type FieldProblem } from '@/lib/problem'
import { Trouble } from '@/ui/problem/Trouble'
import { useProblemText } from '@/ui/problem/useProblemText'

/** Why a sheet could not be read, and where: rows by their number, columns by their headings. */
export function SheetTrouble({ cause }: { cause: unknown }) {
  const { t } = useTranslation('sheet')
  const { field: wordsOf } = useProblemText()
  const words = (one: FieldProblem) => {
    const { field, code, name = '' } = one
    if (field.startsWith('columns.')) return code === 'required' ? t('missing', { name }) : t('twice', { name })
    const [, row, column] = /^rows\[(\d+)\](?:\.(.+))?$/.exec(field) ?? []
    if (!row) return t('problem', { place: t('rows'), what: wordsOf(one) })
    if (!column) return t('row', { row })
    if (code === 'unknown') return t('beyond', { row })
    const place = name ? t('cell', { row, name }) : t('row', { row })
    return code === 'bad_format' ? place : t('problem', { place, what: wordsOf(one) })
  }
  return (
    <>
      <Trouble cause={cause} />
      {cause instanceof Problem && cause.fields.length > 0 && (
        <ul>
          {cause.fields.map((one) => (
            <li key={`${one.field} ${one.code}`}>{words(one)}</li>
          ))}
        </ul>
      )}
    </>
  )
}
