import { expect, test } from 'vitest'
import { sumsOf, type AreaRound } from './area'

const round = (pot: number, spent: number | undefined, all: number): AreaRound => ({
  round: 'r',
  name: { fi: 'Kierros' },
  area_name: { fi: 'Eteläinen' },
  phase: 'delivering',
  pot,
  postal_codes: [],
  projects: { all, done: 1, late: 2, cancelled: 0, phases: [] },
  turnout: [],
  ...(spent !== undefined && {
    balances: {
      fund: -pot,
      external: 0,
      free: 0,
      reserved: pot - spent - 5,
      committed: 0,
      spent,
      maintenance: 5,
      returned: 0,
      carried: 0,
    },
  }),
})

test('rounds are added up, and what is not known adds nothing', () => {
  expect(sumsOf([round(100, 40, 3), round(50, undefined, 2)])).toEqual({
    pots: 150,
    paid: 45,
    projects: 5,
    done: 2,
    late: 4,
  })
  expect(sumsOf([])).toEqual({ pots: 0, paid: 0, projects: 0, done: 0, late: 0 })
})
