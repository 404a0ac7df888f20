// A search through what the page already has: what one looks for on the ballot is told to no server.

/** Words in small plain letters, whatever their Unicode form: "Käpylä" and "kapyla" are the same, as plain_of has it in the database. */
const plain = (text: string): string[] =>
  text
    .normalize('NFKD')
    .replace(/[\u0300-\u036f]/g, '')
    .toLowerCase()
    .replace(/[łøđıæœß]/g, (letter) => ({ ł: 'l', ø: 'o', đ: 'd', ı: 'i', æ: 'ae', œ: 'oe', ß: 'ss' })[letter] ?? letter)
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
