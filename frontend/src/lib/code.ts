/**
 * A voting, claim or recovery code as it was typed or pasted, without all that is neither letter nor digit: spaces and
 * hyphens of any kind, a final full stop. Full width letters become plain ones. What no header can carry becomes a
 * question mark, so that the server says in words that it is no code.
 */
export const plainCode = (typed: string): string =>
  typed
    .normalize('NFKC')
    .toUpperCase()
    .replace(/[^\p{L}\p{Nd}]/gu, '')
    .replace(/[^\x20-\x7e]/g, '?')
