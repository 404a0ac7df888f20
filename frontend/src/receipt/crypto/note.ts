import { verifyAsync } from '@noble/ed25519'
import { equal, fromBase64, sha256, toHex, utf8, type Bytes } from './bytes'

/** Who may sign a note: the C2SP signed-note verifier key "name+hash+base64", Ed25519 only: the log's, or a witness's. */
export interface NoteKey {
  name: string
  /** First four bytes of SHA-256(name, newline, type and key). */
  id: Bytes
  key: Bytes
}

/** Types of keys (C2SP signed-note): those that sign, and those that cosign checkpoints. */
const signing = 1
export const cosigning = 4

export async function parseNoteKey(text: string, type = signing): Promise<NoteKey> {
  const parts = /^([^\s+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/]+={0,2})$/.exec(text)
  const [, name = '', hash = '', encoded = ''] = parts ?? []
  const typed = parts ? fromBase64(encoded) : new Uint8Array()
  if (typed.length !== 33 || typed[0] !== type) throw new Error('not an Ed25519 note key')
  const digest = await sha256(new Uint8Array([...utf8(`${name}\n`), ...typed]))
  const id = digest.slice(0, 4)
  if (toHex(id) !== hash) throw new Error('the note key does not match its own hash')
  return { name, id, key: typed.slice(1) }
}

/** Cuts a signed note (C2SP signed-note) into its text, which ends in a newline, and its signatures. */
export function splitNote(note: string): { text: string; signatures: { name: string; id: Bytes; signature: Bytes }[] } {
  const cut = note.lastIndexOf('\n\n')
  const text = note.slice(0, cut + 1)
  const lines = note.slice(cut + 2)
  if (cut < 0 || !lines.endsWith('\n')) throw new Error('not a signed note')
  const signatures = lines
    .slice(0, -1)
    .split('\n')
    .map((line) => {
      const parts = /^\u2014 ([^\s+]+) ([A-Za-z0-9+/]+={0,2})$/.exec(line)
      if (!parts) throw new Error('not a signed note')
      const bytes = fromBase64(parts[2] ?? '')
      return { name: parts[1] ?? '', id: bytes.slice(0, 4), signature: bytes.slice(4) }
    })
  return { text, signatures }
}

/** The text of a note that the key has signed; an error for any other. */
export async function openNote(note: string, by: NoteKey): Promise<string> {
  const { text, signatures } = splitNote(note)
  const ours = signatures.find(({ name, id }) => name === by.name && equal(id, by.id))
  if (!ours) throw new Error('the note is not signed by this key')
  if (!(await verifies(ours.signature, utf8(text), by.key))) throw new Error('the note’s signature is wrong')
  return text
}

/** Whether a witness has cosigned a checkpoint (C2SP tlog-cosignature, Ed25519 cosignature/v1): at a time that is signed, too. */
export async function isCosigned(note: string, by: NoteKey): Promise<boolean> {
  const { text, signatures } = splitNote(note)
  const theirs = signatures.find(({ name, id }) => name === by.name && equal(id, by.id))
  if (theirs?.signature.length !== 8 + 64) return false
  const time = new DataView(theirs.signature.buffer).getBigUint64(0)
  return verifies(theirs.signature.slice(8), utf8(`cosignature/v1\ntime ${time}\n${text}`), by.key)
}

async function verifies(signature: Bytes, message: Bytes, key: Bytes): Promise<boolean> {
  try {
    return await verifyAsync(signature, message, key, { zip215: false })
  } catch {
    return false
  }
}
