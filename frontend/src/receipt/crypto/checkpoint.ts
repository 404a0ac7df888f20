import { fromBase64 } from './bytes'
import type { Tree } from './merkle'
import { openNote, type NoteKey } from './note'

const form = /^(\S+)\n([1-9][0-9]{0,14})\n([A-Za-z0-9+/]{43}=)\n$/

/** Reads what a round's log says of itself (domain/box/checkpoint.go) and its key has signed; an error for anything else. Witnesses may sign, too. */
export async function openCheckpoint(note: string, log: NoteKey): Promise<Tree> {
  const [, origin = '', size = '', root = ''] = form.exec(await openNote(note, log)) ?? []
  if (origin !== log.name) throw new Error('not a checkpoint of this round’s log')
  return { size: Number(size), root: fromBase64(root) }
}
