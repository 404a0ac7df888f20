import { describe, expect, it } from 'vitest'
import contract from '../../../../handlers/api/openapi.gen.yaml?raw'
import en from './problem.en.json'
import fi from './problem.fi.json'
import sv from './problem.sv.json'
import type { FieldProblem } from '@/lib/problem'
import { textKey } from './useProblemText'

/** The values of an enum of the contract, written over lines ("- a") or in one ("enum: [a, b]"). */
function enumOf(schema: string): string[] {
  const part = contract.split(new RegExp(`^ {4}${schema}:`, 'm'))[1]?.split(/^ {4}\S/m)[0] ?? ''
  const inline = /enum: \[([^\]]*)\]/.exec(part)
  return inline?.[1]
    ? inline[1].split(',').map((value) => value.trim())
    : [...part.matchAll(/^ +- (\w+)$/gm)].map(([, value]) => value ?? '')
}

describe.each([
  ['fi', fi],
  ['sv', sv],
  ['en', en],
])('problems in %s', (_, texts) => {
  it('have words for every code of the contract, and for no answer at all', () => {
    expect(enumOf('ProblemCode').length).toBeGreaterThan(20)
    expect(Object.keys(texts.code).sort()).toEqual([...enumOf('ProblemCode'), 'offline'].sort())
  })

  it('have words for every field code of the contract', () => {
    expect(enumOf('FieldCode').length).toBeGreaterThan(5)
    expect(Object.keys(texts.field).sort()).toEqual(
      enumOf('FieldCode')
        .map((code) => textKey(code as FieldProblem['code']))
        .sort(),
    )
  })
})
