import { readHundredths } from './number'

// Amounts are whole euro cents everywhere in the code; people write euros. This is the one place that reads them, and writes
// them into fields; format.ts says them.

/** Cents as a field holds them: "12500", or "12500,50" where there are cents; nothing where there is no amount. */
export function writeMoney(cents: number | undefined): string {
  if (cents === undefined || !Number.isInteger(cents)) return ''
  const rest = cents % 100
  return rest === 0 ? String(cents / 100) : `${String(Math.floor(cents / 100))},${String(rest).padStart(2, '0')}`
}

const unit = /^\s*€|(?<=.)(?:€|euroa?|eur)\s*$/i

/** "12 500", "1.868.353", "12500,50 €", "100 000,-" in cents; undefined for what is no amount or could be two. */
export const readMoney = (text: string): number | undefined => readHundredths(text.replace(unit, ''))

/** The same, where cents are not asked for. */
export function readWholeEuros(text: string): number | undefined {
  const cents = readMoney(text)
  return cents !== undefined && cents % 100 === 0 ? cents : undefined
}
