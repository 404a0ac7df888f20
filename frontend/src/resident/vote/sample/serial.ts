import { random } from '@/receipt/crypto/bytes'
import { codeLetters } from '@/receipt/crypto/checkCode'

/** A sheet's serial, XXXX-XXXX: 40 random bits, which tell neither an order nor a person (domain/box, NameSheet). */
export function newSerial(): string {
  const letters = Array.from(random(8), (byte) => codeLetters.charAt(byte & 31)).join('')
  return `${letters.slice(0, 4)}-${letters.slice(4)}`
}
