/** Hands an address on by what the phone offers, or copies it. Says what became of it; "given_up" if she thought better of it. */
export async function share(what: {
  title?: string
  text?: string
  url: string
}): Promise<'shared' | 'copied' | 'given_up' | 'refused'> {
  try {
    if (matchMedia('(pointer: coarse)').matches && 'share' in navigator) {
      await navigator.share(what)
      return 'shared'
    }
    await navigator.clipboard.writeText(what.url)
    return 'copied'
  } catch (cause) {
    return cause instanceof DOMException && cause.name === 'AbortError' ? 'given_up' : 'refused'
  }
}
