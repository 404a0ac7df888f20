import { useTranslation } from 'react-i18next'
import { Problem } from '@/lib/problem'
import { Trouble } from '@/ui/problem/Trouble'
import { useProblemText } from '@/ui/problem/useProblemText'

const texts = ['title', 'about', 'access_note'] as const
const simple = ['place', 'address', 'times', 'languages', 'seats', 'area', 'kind', 'point'] as const

/** What the server finds wrong with an announcement, field by field. */
export function EventTrouble({ cause }: { cause: Error }) {
  const { t } = useTranslation('event')
  const { field } = useProblemText()
  const label = (path: string) => {
    const [name, lang] = path
      .replace(/^text\./, '')
      .replace(/\[\d+\].*$/, '')
      .split('.')
    const text = texts.find((one) => one === name)
    const language = (['fi', 'sv', 'en'] as const).find((one) => one === lang)
    if (text && language) return t(`edit.${text === 'access_note' ? 'note' : text}.${language}`)
    const plain = simple.find((one) => one === name)
    return plain ? t(`edit.${plain}`) : path
  }
  return (
    <div className="stack-s">
      <Trouble cause={cause} />
      {cause instanceof Problem && cause.fields.length > 0 && (
        <ul>
          {cause.fields.map((one) => (
            <li key={one.field}>
              {label(one.field)}: {field(one)}
            </li>
          ))}
        </ul>
      )}
    </div>
  )
}
