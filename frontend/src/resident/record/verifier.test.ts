import { expect, it } from 'vitest'
import { answerOf, NotChecked } from './verifier'

it('takes what the program answers, whole', () => {
  expect(answerOf('{"confirmed": true, "leaves": 21}')).toMatchObject({ confirmed: true, leaves: 21 })
  expect(answerOf('{"confirmed": false, "file": "outcome.json", "fault": "the sum"}')).toMatchObject({
    confirmed: false,
    file: 'outcome.json',
  })
})

// A program that broke off, or said nothing, has confirmed nothing.
it.each(['', '{"confirmed": true', 'panic: out of memory', '{}', '{"confirmed": false}'])(
  'takes %j for no answer',
  (output) => {
    expect(answerOf(output)).toBeInstanceOf(NotChecked)
  },
)
