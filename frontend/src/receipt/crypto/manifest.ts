import type { Text } from '@/ui/text'
import { fromBase64, sha256, toHex, utf8, type Bytes } from './bytes'
import { checkCode } from './checkCode'
import { cosigning, openNote, parseNoteKey, splitNote, type NoteKey } from './note'

/** The frozen ballot as everybody can read it (domain/round/manifest.go): the part that a voter's browser uses. */
export interface Manifest {
  round: string
  name: Text
  rehearsal: boolean
  areas: ManifestArea[]
  papers: ManifestPaper[]
  /** By number. */
  projects: ManifestProject[]
  /** Groups of which only one can be carried out. */
  conflicts: ManifestConflict[]
  /** The key that ballots are sealed with until the close, and who can open them; absent if they are not. */
  sealing?: Sealing
  /** Signs manifest, promises and checkpoints. */
  log: NoteKey
  /** The same key as text, as receipts name it. */
  logKey: string
  /** Hex SHA-256 of the signed note: what leaf 0 of the log, promises and receipts name. */
  digest: string
  /** The digest for people to compare. */
  checkCode: string
  /** Those who cosign the log's checkpoints. */
  witnesses: NoteKey[]
}

export interface Sealing {
  /** X25519 public key. */
  key: Bytes
  /** How many hold a share of the private key; one: the service keeps it. */
  trustees: number
  /** How many of them can open the ballots. */
  needed: number
}

export interface ManifestArea {
  id: string
  name: Text
  /** Euro cents. */
  pot: number
}

export interface ManifestPaper {
  id: string
  name: Text
  areas: string[]
  form: Form
  /** RSA-2048 public key, PKIX DER. */
  issuer: Bytes
  /** Digest of that key: what is blinded for one issuer is of no use with another. */
  issuerId: string
  /** Bytes that a ballot has before it is sealed. */
  padded?: number
}

export interface Form {
  kind: 'approval' | 'knapsack' | 'points' | 'ranking'
  /** Fewest and most projects. */
  min: number
  max: number
  blank: boolean
  /** Of points: how many there are to give. */
  points?: number
  /** Of points: the most that one project can be given. */
  points_each?: number
  /** Of points: all must be given. */
  points_all?: boolean
}

export interface ManifestProject {
  number: number
  area: string
  title: Text
  /** Reserved cost in euro cents: what the count uses. */
  cost: number
}

export interface ManifestConflict {
  /** Numbers, ascending. */
  projects: number[]
  reason: Text
}

interface Wire {
  format: string
  round: string
  name: Text
  rehearsal: boolean
  areas: ManifestArea[]
  papers: (Omit<ManifestPaper, 'issuer' | 'issuerId'> & { issuer: string })[]
  projects: ManifestProject[] | null
  conflicts?: ManifestConflict[]
  sealing?: Omit<Sealing, 'key'> & { key: string }
  log_key: string
  witnesses?: string[]
}

async function readPaper(paper: Wire['papers'][number]): Promise<ManifestPaper> {
  const issuer = fromBase64(paper.issuer)
  return { ...paper, issuer, issuerId: toHex(await sha256(issuer)).slice(0, 32) }
}

/** Reads a round's manifest and checks that the log key in it has signed it; no other key is ever trusted. */
export async function openManifest(note: string, round: string): Promise<Manifest> {
  const wire = JSON.parse(splitNote(note).text) as Wire
  if (wire.format !== 'osbu/manifest/v1') throw new Error('not a manifest of the first version')
  const log = await parseNoteKey(wire.log_key)
  await openNote(note, log)
  if (wire.round !== round) throw new Error('the manifest is another round’s')
  const digest = await sha256(utf8(note))
  return {
    round,
    name: wire.name,
    rehearsal: wire.rehearsal,
    areas: wire.areas,
    papers: await Promise.all(wire.papers.map(readPaper)),
    projects: wire.projects ?? [],
    conflicts: wire.conflicts ?? [],
    ...(wire.sealing && { sealing: { ...wire.sealing, key: fromBase64(wire.sealing.key) } }),
    log,
    logKey: wire.log_key,
    digest: toHex(digest),
    checkCode: checkCode(digest),
    witnesses: await Promise.all((wire.witnesses ?? []).map((key) => parseNoteKey(key, cosigning))),
  }
}
