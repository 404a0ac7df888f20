import { equal, sha256, utf8, type Bytes } from './bytes'

// The tree over a log's leaves: RFC 6962 §2.1, with the checks of RFC 9162 §2.1.3.2 and §2.1.4.2. Positions are numbers, not bits of 32:
// a log may grow beyond them.

/** A leaf's hash in the tree. */
export const leafHash = (line: string): Promise<Bytes> => sha256(new Uint8Array([0, ...utf8(line)]))

const nodeHash = (left: Bytes, right: Bytes): Promise<Bytes> => sha256(new Uint8Array([1, ...left, ...right]))

const odd = (number: number) => number % 2 === 1
const half = (number: number) => Math.floor(number / 2)

/** Whether the proof leads from the leaf at an index to the root of the tree of that size. */
export async function isIncluded(
  leaf: Bytes,
  index: number,
  size: number,
  proof: readonly Bytes[],
  root: Bytes,
): Promise<boolean> {
  if (index < 0 || index >= size) return false
  let [at, last, hash] = [index, size - 1, leaf]
  for (const sibling of proof) {
    if (last === 0) return false
    if (odd(at) || at === last) {
      hash = await nodeHash(sibling, hash)
      while (!odd(at) && at !== 0) [at, last] = [half(at), half(last)]
    } else {
      hash = await nodeHash(hash, sibling)
    }
    ;[at, last] = [half(at), half(last)]
  }
  return last === 0 && equal(hash, root)
}

/** A tree: so many leaves, and the root over them. */
export interface Tree {
  size: number
  root: Bytes
}

/** Whether the proof shows that the later tree begins with all leaves of the earlier one. */
export async function isConsistent(before: Tree, after: Tree, proof: readonly Bytes[]): Promise<boolean> {
  if (before.size < 1 || before.size > after.size) return false
  if (before.size === after.size) return proof.length === 0 && equal(before.root, after.root)
  let [at, last] = [before.size - 1, after.size - 1]
  while (odd(at)) [at, last] = [half(at), half(last)]
  // An earlier tree that is full (a power of two) is a node of the later one, and stands for itself.
  const path = at === 0 ? [before.root, ...proof] : proof
  const [first, ...rest] = path
  if (!first) return false
  let [old, now] = [first, first]
  for (const hash of rest) {
    if (last === 0) return false
    if (odd(at) || at === last) {
      ;[old, now] = [await nodeHash(hash, old), await nodeHash(hash, now)]
      while (!odd(at) && at !== 0) [at, last] = [half(at), half(last)]
    } else {
      now = await nodeHash(now, hash)
    }
    ;[at, last] = [half(at), half(last)]
  }
  return last === 0 && equal(old, before.root) && equal(now, after.root)
}
