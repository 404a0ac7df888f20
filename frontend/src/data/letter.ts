import { queryOptions } from '@tanstack/react-query'
import { ask, office, type Schemas } from '@/lib/api'
import { keys } from './keys'

export type Letter = Schemas['LetterTemplate']

export const lettersQuery = (round: string) =>
  queryOptions({
    queryKey: keys.letters(round),
    queryFn: () => ask(office.GET('/api/v1/rounds/{round}/letters', { params: { path: { round } } })),
    staleTime: 0,
  })

/** The first variable in a text that there is not, or a brace that stands alone; as it stands there. */
export function unknownIn(text: string, known: Letter['variables']): string | undefined {
  const wrong = [...text.matchAll(/\{[^{}\n]*\}/g)]
    .map(([name]) => name)
    .find((name) => !known.some((one) => `{${one.name}}` === name))
  return wrong ?? /[{}]/.exec(text.replaceAll(/\{[^{}\n]*\}/g, ''))?.[0]
}

/** The first variable that a text must have and has not. */
export const missingIn = (text: string, known: Letter['variables']): string | undefined =>
  known.filter(({ needed }) => needed).find(({ name }) => !text.includes(`{${name}}`))?.name
