// Amounts are whole euro cents everywhere in the code; people write euros. This is the one place that reads them, and writes
// them into fields; format.ts says them.

/** Cents as a field holds them: "12500", or "12500,50" where there are cents; nothing where there is no amount. */
export function writeMoney(cents: number | undefined): string {
  if (cents === undefined || !Number.isInteger(cents)) return ''
  const rest = cents % 100
  return rest === 0 ? String(cents / 100) : `${String(Math.floor(cents / 100))},${String(rest).padStart(2, '0')}`
}

// Thousands stand in groups of three behind one kind of space, or behind two points at least, or one and a comma: one
// point alone could part thousands in Finnish and decimals in English.
const amount =
  /^(\d{1,12}|\d{1,3}(?:[ \u00a0\u202f]\d{3})+|\d{1,3}(?:\.\d{3}){2,}|\d{1,3}\.\d{3}(?=,))(?:[.,](\d{1,2}|-))?$/

/** "12 500", "1.868.353", "12500,50 €", "100 000,-" in cents; undefined for what is no amount or could be two. */
export function readMoney(text: string): number | undefined {
  const [, euros = '', cents = ''] = amount.exec(text.replace(/^\s*€|€\s*$/g, '').trim()) ?? []
  if (!euros) return undefined
  const value = Number(euros.replace(/\D/g, '')) * 100 + (cents === '-' ? 0 : Number(cents.padEnd(2, '0')))
  return Number.isSafeInteger(value) ? value : undefined
}

/** The same, where cents are not asked for. */
export function readWholeEuros(text: string): number | undefined {
  const cents = readMoney(text)
  return cents !== undefined && cents % 100 === 0 ? cents : undefined
}
