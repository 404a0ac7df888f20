import type { ReceiptFile } from './crypto/receipt'

/** Largest file that is read as a receipt, in bytes (domain/box/receipt.go). */
export const largestReceipt = 64 * 1024

/** Saves a receipt as the file that this page and osbu-verify check. */
export function saveReceipt(
  { format, round, manifest, log_key, promise, leaf, index, proof, checkpoint }: ReceiptFile,
  commit: string,
): void {
  const text = JSON.stringify({ format, round, manifest, log_key, promise, leaf, index, proof, checkpoint }, null, 2) // in the order of the story
  saveFile(`osbu-${round}-${commit.slice(0, 8)}.json`, 'application/json', `${text}\n`)
}

/** Has the browser save a text as a file. */
export function saveFile(name: string, type: string, text: string): void {
  const address = URL.createObjectURL(new Blob([text], { type }))
  const link = document.createElement('a')
  link.href = address
  link.download = name
  link.click()
  URL.revokeObjectURL(address)
}

/** Where a receipt is checked. Its number stands behind the #, which browsers send to no server. */
export const checkHref = (lang: string, round: string, commit: string): string =>
  `/${lang}/rounds/${round}/check#${commit}`
