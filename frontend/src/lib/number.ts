// The one place that reads numbers as people write them; format.ts says them. domain/sheet/value.go reads the cells of
// spreadsheets alike: domain/sheet/testdata/numbers.json holds both to the same.

// Thousands stand in groups of three behind a space, behind two points at least, or behind one point where a comma
// follows: one point alone could part thousands in Finnish and decimals in English.
const written =
  /^(?:(\d{1,12}|\d{1,3}(?: \d{3}){1,3})(?:[.,](\d{1,2}|-))?|(\d{1,3}(?:\.\d{3}){2,3})(?:,(\d{1,2}|-))?|(\d{1,3}\.\d{3}),(\d{1,2}|-))$/

/** "12 500", "1.868.353", "12500,5", "100 000,-" in hundredths; undefined for what is no number or could be two. */
export function readHundredths(text: string): number | undefined {
  const found = written.exec(text.replace(/[\u00a0\u2009\u202f]/g, ' ').trim())
  if (!found) return undefined
  const [units = '', rest = ''] = found.slice(1).filter((part) => part)
  return Number(units.replace(/\D/g, '')) * 100 + (rest === '-' ? 0 : Number(rest.padEnd(2, '0')))
}

/** A whole number from nought to `most`; undefined for what is none. */
export function readWhole(text: string, most = Infinity): number | undefined {
  const hundredths = readHundredths(text)
  return hundredths !== undefined && hundredths % 100 === 0 && hundredths / 100 <= most ? hundredths / 100 : undefined
}

/** A whole number as a field holds it; nothing where there is none. */
export const writeWhole = (number: number | undefined): string =>
  number !== undefined && Number.isSafeInteger(number) ? String(number) : ''

/** The single words of a list: codes and numbers parted by spaces, line breaks, commas or semicolons. */
export const readList = (text: string): string[] => text.split(/[\s,;]+/).filter(Boolean)

/** A list of numbers of things, none of them nought and each once; undefined if one of them cannot be read. */
export function readNumbers(text: string): number[] | undefined {
  const numbers = readList(text).map((word) => (/^\d{1,9}$/.test(word) ? Number(word) : 0))
  return numbers.every((number) => number > 0) ? [...new Set(numbers)] : undefined
}
