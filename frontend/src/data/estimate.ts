import { queryOptions } from '@tanstack/react-query'
import { keys } from './keys'
import { ask, office, type Schemas } from '@/lib/api'
import { readWholeEuros, writeMoney } from '@/lib/money'

export type Estimate = Schemas['Estimate']
export type NewEstimate = Schemas['NewEstimate']
export type ExaminedRow = Schemas['ExaminedRow']

export const competences = ['city', 'not_city', 'forward'] as const satisfies readonly Schemas['Competence'][]
export const feasibilities = [
  'feasible',
  'with_changes',
  'not_feasible',
] as const satisfies readonly Schemas['Feasibility'][]

export const estimatesQuery = (round: string, proposal: number) =>
  queryOptions({
    queryKey: keys.estimates(round, proposal),
    queryFn: () =>
      ask(
        office.GET('/api/v1/rounds/{round}/proposals/{proposal}/estimates', { params: { path: { round, proposal } } }),
      ),
  })

export const give = (round: string, division: string, estimates: NewEstimate[]) =>
  ask(office.POST('/api/v1/rounds/{round}/estimates', { params: { path: { round } }, body: { division, estimates } }))

/** What an expert says, whether it is kept or not. */
export type Judgement = Pick<
  Estimate,
  'competence' | 'forward' | 'feasibility' | 'class' | 'cost' | 'reasons' | 'note' | 'published'
>

/** The fields of a judgement, in the order in which they are told. */
export const estimateFields = [
  'competence',
  'forward',
  'feasibility',
  'class',
  'cost.minimum',
  'cost.maximum',
  'cost.maintenance',
  'reasons.fi',
  'reasons.sv',
  'reasons.en',
  'note',
  'published',
] as const
export type EstimateField = (typeof estimateFields)[number]

/** A field as it stands: an amount in cents, a code or words; undefined where it is not there. */
export function valueOf(judgement: Judgement | undefined, field: EstimateField): string | number | boolean | undefined {
  if (!judgement) return undefined
  switch (field) {
    case 'cost.minimum':
      return judgement.cost?.minimum
    case 'cost.maximum':
      return judgement.cost?.maximum
    case 'cost.maintenance':
      return judgement.cost?.maintenance
    case 'reasons.fi':
      return judgement.reasons.fi
    case 'reasons.sv':
      return judgement.reasons.sv
    case 'reasons.en':
      return judgement.reasons.en
    default:
      return judgement[field]
  }
}

/** The fields that a judgement says otherwise than another one. */
export const differences = (now: Judgement, before: Judgement | undefined) =>
  estimateFields.filter((field) => (valueOf(now, field) || undefined) !== (valueOf(before, field) || undefined))

/** What stands in the form's fields. */
export interface Draft {
  competence: Schemas['Competence'] | ''
  forward: string
  feasibility: Schemas['Feasibility'] | ''
  class: string
  minimum: string
  maximum: string
  maintenance: string
  fi: string
  sv: string
  en: string
  note: string
}

/** The fields that a division begins with: its own latest estimate, or nothing. */
export function draftOf(latest: Estimate | undefined, division: string): Draft {
  const own = latest?.division === division && latest.competence !== 'forward' ? latest : undefined
  return {
    competence: own?.competence ?? '',
    forward: '',
    feasibility: own?.feasibility ?? '',
    class: own?.class ?? '',
    minimum: own?.class ? '' : writeMoney(own?.cost?.minimum),
    maximum: own?.class ? '' : writeMoney(own?.cost?.maximum),
    maintenance: writeMoney(own?.cost?.maintenance),
    fi: own?.reasons.fi ?? '',
    sv: own?.reasons.sv ?? '',
    en: own?.reasons.en ?? '',
    note: own?.note ?? '',
  }
}

/** What can be built has a cost. */
export const isBuildable = ({ competence, feasibility }: Draft) =>
  competence === 'city' && (feasibility === 'feasible' || feasibility === 'with_changes')

export type Wrong = Partial<Record<keyof Draft, 'choose' | 'amount' | 'order' | 'both' | 'reason' | 'positive'>>

/** What a draft lacks to be kept, or to be published. */
export function wrongOf(draft: Draft, publish: boolean): Wrong {
  const wrong: Wrong = {}
  if (!draft.competence) wrong.competence = 'choose'
  if (draft.competence === 'city' && !draft.feasibility) wrong.feasibility = 'choose'
  if (draft.competence === 'forward') {
    if (!draft.forward) wrong.forward = 'choose'
    if (!draft.note.trim()) wrong.note = 'reason'
    return wrong
  }
  if (isBuildable(draft)) {
    if (readWholeEuros(draft.maintenance) === undefined) wrong.maintenance = 'amount'
    if (!draft.class) {
      const [least, most] = [readWholeEuros(draft.minimum), readWholeEuros(draft.maximum)]
      if (least === undefined) wrong.minimum = 'amount'
      if (most === undefined) wrong.maximum = 'amount'
      else if (most === 0) wrong.maximum = 'positive'
      else if (least !== undefined && least > most) wrong.maximum = 'order'
    }
  }
  if (
    publish ||
    draft.competence === 'not_city' ||
    (draft.competence === 'city' && draft.feasibility === 'not_feasible')
  ) {
    if (!draft.fi.trim()) wrong.fi = 'both'
    if (!draft.sv.trim()) wrong.sv = 'both'
  }
  return wrong
}

/** The estimate that a draft without faults makes. */
export function estimateOf(
  draft: Draft,
  proposal: number,
  number: number,
  published: boolean,
  classes: Schemas['CostClass'][],
): NewEstimate {
  const range = classes.find(({ id }) => id === draft.class)
  const words = (text: string) => text.trim() || undefined
  return {
    proposal,
    number,
    competence: draft.competence || 'city',
    ...(draft.competence === 'forward' && { forward: draft.forward }),
    ...(draft.competence === 'city' && draft.feasibility && { feasibility: draft.feasibility }),
    ...(isBuildable(draft) && {
      ...(range && { class: range.id }),
      cost: {
        minimum: range?.minimum ?? readWholeEuros(draft.minimum) ?? 0,
        maximum: range?.maximum ?? readWholeEuros(draft.maximum) ?? 0,
        maintenance: readWholeEuros(draft.maintenance) ?? 0,
      },
    }),
    reasons: draft.competence === 'forward' ? {} : { fi: words(draft.fi), sv: words(draft.sv), en: words(draft.en) },
    note: words(draft.note),
    published: published && draft.competence !== 'forward',
  }
}
