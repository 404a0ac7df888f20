import type { ReceiptFile } from './crypto/receipt'

/** Largest file that is read as a receipt, in bytes (domain/box/receipt.go). */
export const largestReceipt = 64 * 1024

/** Saves a receipt as the file that this page and osbu-verify check. */
export function saveReceipt(
  { format, round, manifest, log_key, promise, leaf, index, proof, checkpoint }: ReceiptFile,
  commit: string,
): void {
  const text = JSON.stringify({ format, round, manifest, log_key, promise, leaf, index, proof, checkpoint }, null, 2) // in the order of the story
  const address = URL.createObjectURL(new Blob([`${text}\n`], { type: 'application/json' }))
  const link = document.createElement('a')
  link.href = address
  link.download = `osbu-${round}-${commit.slice(0, 8)}.json`
  link.click()
  URL.revokeObjectURL(address)
}

/** Where a receipt is checked. Its number stands behind the #, which browsers send to no server. */
export const checkHref = (lang: string, round: string, commit: string): string =>
  `/${lang}/rounds/${round}/check#${commit}`
