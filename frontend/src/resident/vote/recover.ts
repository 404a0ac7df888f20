import { alone, keptFor, patiently, type Voting } from './cast'
import { equal, fromBase64, random, toHex } from '@/receipt/crypto/bytes'
import { Locked, unlock } from '@/receipt/crypto/recovery'
import { dropEnvelope, keepEnvelope } from './envelope'
import { Stopped } from '@/receipt/stopped'

/**
 * Takes over, with her recovery code, what a voter began in a browser that is lost: an envelope for each paper whose right is spent. They are empty,
 * since choices are in nobody's keeping; with new ones in them the same click as ever casts them. Gives the papers, or stops: 'nothing_left' if the
 * office keeps nothing for her, 'locked' if the code opens none of it.
 */
export function recover(
  { manifest, office, owner, pause }: Omit<Voting, 'box' | 'onStage' | 'code'>,
  code: string,
): Promise<string[]> {
  const { round } = manifest
  return alone(round, async () => {
    const rights = await patiently({ pause }, () => office.rights())
    const recovered: string[] = []
    let locked = false
    for (const paper of manifest.papers) {
      if (!rights.papers.some((right) => right.paper === paper.id && right.spent && right.channel !== 'paper')) continue
      const left = await patiently({ pause }, () => office.recovery(paper.id))
      if (left === undefined) continue
      try {
        const recovery = fromBase64(left)
        const blinding = await unlock(code, round, paper.id, recovery)
        const here = keptFor(round, paper).filter(({ blinded }) => equal(blinded, blinding.blinded))
        const own = here.find((envelope) => envelope.ballot !== '')
        // One taken over by an earlier sign-in becomes this one's.
        for (const envelope of here) if (envelope !== own) dropEnvelope(round, envelope)
        const envelope = own ?? {
          id: toHex(random(8)),
          paper: paper.id,
          issuer: paper.issuerId,
          ballot: '',
          ...blinding,
        }
        if (!keepEnvelope(round, { ...envelope, owner, recovery })) throw new Stopped('unkept')
        recovered.push(paper.id)
      } catch (cause) {
        if (!(cause instanceof Locked)) throw cause
        locked = true
      }
    }
    if (recovered.length === 0) throw new Stopped(locked ? 'locked' : 'nothing_left')
    return recovered
  })
}
