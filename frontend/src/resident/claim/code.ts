const slot = 'osbu.claim'

/** The code of a letter's link. Signing in leads away and back to an address without it; until then this tab keeps it. */
export function heldCode(hash: string): string {
  const code = hash.replace(/^#/, '')
  try {
    if (code) sessionStorage.setItem(slot, code)
    return code || (sessionStorage.getItem(slot) ?? '')
  } catch {
    return code
  }
}

export function forgetCode(): void {
  try {
    sessionStorage.removeItem(slot)
  } catch {
    // Nothing was kept.
  }
}
