import type { ShareFile } from './share'

/** Saves a trustee's code as the file that the count reads. */
export function saveShare(share: ShareFile): void {
  const text = `${JSON.stringify(share, null, 2)}\n`
  const address = URL.createObjectURL(new Blob([text], { type: 'application/json' }))
  const link = document.createElement('a')
  link.href = address
  link.download = `osbu-${share.round}-${String(share.trustee)}.json`
  link.click()
  URL.revokeObjectURL(address)
}
