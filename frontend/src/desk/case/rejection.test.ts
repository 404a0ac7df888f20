import { expect, it } from 'vitest'
import { isOwn } from './RejectForm'

const template = { text: { fi: 'Asia ei kuulu kaupungille.', sv: 'Ärendet hör inte till staden.' } }

it('asks before a template takes the place of words that nothing would bring back', () => {
  const empty = { 'text.fi': '', 'text.sv': ' ', 'text.en': '' }
  expect(isOwn(empty, [template])).toBe(false)
  expect(isOwn({ ...empty, 'text.fi': template.text.fi }, [template])).toBe(false)
  expect(isOwn({ ...empty, 'text.fi': `${template.text.fi} Kiitos ideasta!` }, [template])).toBe(true)
  expect(isOwn({ ...empty, 'text.en': 'Thank you.' }, [template])).toBe(true)
})
