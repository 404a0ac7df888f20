import { verifyAsync } from '@noble/ed25519'
import { equal, fromBase64, sha256, toHex, utf8, type Bytes } from './bytes'

/** Who may sign a note: the C2SP signed-note verifier key "name+hash+base64", Ed25519 only. */
export interface NoteKey {
  name: string
  /** First four bytes of SHA-256(name, newline, type and key). */
  id: Bytes
  key: Bytes
}

const ed25519 = 1

export async function parseNoteKey(text: string): Promise<NoteKey> {
  const parts = /^([^\s+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/]+={0,2})$/.exec(text)
  const [, name = '', hash = '', encoded = ''] = parts ?? []
  const typed = parts ? fromBase64(encoded) : new Uint8Array()
  if (typed.length !== 33 || typed[0] !== ed25519) throw new Error('not an Ed25519 note key')
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

async function verifies(signature: Bytes, message: Bytes, key: Bytes): Promise<boolean> {
  try {
    return await verifyAsync(signature, message, key, { zip215: false })
  } catch {
    return false
  }
}
