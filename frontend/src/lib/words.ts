// A search through what the page already has: what one looks for on the ballot is told to no server.

/** Words in small plain letters, whatever their Unicode form: "Käpylä" and "kapyla" are the same, as plain_of has it in the database. */
const plain = (text: string): string[] =>
  text
    .normalize('NFKD')
    .replace(/[\u0300-\u036f]/g, '')
    .toLowerCase()
    .replace(
      /[łøđıæœß]/g,
      (letter) => ({ ł: 'l', ø: 'o', đ: 'd', ı: 'i', æ: 'ae', œ: 'oe', ß: 'ss' })[letter] ?? letter,
    )
    .split(/[^\p{L}\p{N}]+/u)
    .filter(Boolean)

/** A word without its ending, and with one letter for what Finnish consonants change between: katu, kadut; ranta, rannat. */
const stem = (word: string): string =>
  word
    .slice(0, word.length < 4 ? undefined : Math.max(word.length < 6 ? 3 : 4, word.length - (word.length < 6 ? 1 : 3)))
    .replace(/d/g, 't')
    .replace(/n[tn]/g, 'n')
    .replace(/m[pm]/g, 'm')
    .replace(/([lr])[tlr]/g, '$1')
    .replace(/([kptgb])\1/g, '$1')

/** Whether a text has every word that is looked for: a part of it as it is written, or another form of it. */
export function finds(text: string, wanted: string): boolean {
  const words = plain(text)
  return plain(wanted).every((one) => {
    const stemmed = stem(one)
    return words.some(
      (word) => word.includes(one) || (stemmed.length > 2 && stem(`${word}    `.slice(0, one.length)) === stemmed),
    )
  })
}

/** The pieces of three letters that a word has, with its beginning and end, as pg_trgm cuts them. */
const trigrams = (word: string): Set<string> => {
  const padded = `  ${word} `
  return new Set(Array.from({ length: padded.length - 2 }, (_, at) => padded.slice(at, at + 3)))
}

/** Whether a word may have been meant: half of what was typed is in it, as the list's search asks (sql/office/search.go). */
function isLike(typed: string, word: string): boolean {
  const pieces = [...trigrams(typed)]
  const has = trigrams(word)
  return pieces.filter((piece) => has.has(piece)).length >= pieces.length / 2
}

const shortTypo = 4 // letters of a word that may hold a typing error

/** Those whose text has every word that is looked for; if there is none, those that have words much like them. */
export function search<T>(all: T[], textOf: (one: T) => string, wanted: string): T[] {
  const found = all.filter((one) => finds(textOf(one), wanted))
  if (found.length > 0) return found
  const typed = plain(wanted)
  return all.filter((one) => {
    const words = plain(textOf(one)).filter(({ length }) => length >= shortTypo)
    return typed.every(
      (word) => finds(textOf(one), word) || (word.length >= shortTypo && words.some((other) => isLike(word, other))),
    )
  })
}
