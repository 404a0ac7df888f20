// A roll of made-up people for a round of a walk, taken in by `osbu roll import` as a city does it: there is no address for it.
import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'

const root = resolve(import.meta.dirname, '../../..')
/** Where scripts/up keeps its data: its --state. */
const state = resolve(root, process.env.OSBU_STATE ?? '.local')

/** A personal identity code of somebody who is not there: of all numbers from 900 to 999 none is given to people. */
function identityCode(n) {
  const day = `${String(1 + (n % 28)).padStart(2, '0')}0580`
  const number = String(900 + (n % 100))
  return `${day}-${number}${'0123456789ABCDEFHJKLMNPRSTUVWXY'[Number(day + number) % 31]}`
}

/** Puts so many grown-ups on a round's roll, and gives their identity codes. */
export async function importRoll(round, count) {
  const codes = Array.from({ length: count }, (_, n) => identityCode(n))
  const folder = await mkdtemp(join(tmpdir(), 'osbu-roll-'))
  const file = join(folder, 'roll.csv')
  const url = async (name) => (await readFile(join(state, name), 'utf8')).trim()
  try {
    await writeFile(
      file,
      ['identity_code;birth_date;municipality;area;protected', ...codes.map((code) => `${code};;091;;`), ''].join('\n'),
    )
    const seals = ['issuers', 'logs', 'openings', 'addresses', 'sessions'].map((seal) => [
      `OSBU_SEAL_${seal.toUpperCase()}_FILE`,
      join(state, `seal-${seal}`),
    ])
    await promisify(execFile)(join(root, '.local/bin/osbu'), ['roll', 'import', file, '--round', round], {
      cwd: root,
      env: {
        ...process.env,
        ...Object.fromEntries(seals),
        OSBU_PEPPER_FILE: join(state, 'pepper'),
        OSBU_ROUND_KEYS: join(state, 'round-keys'),
        OSBU_OFFICE_DATABASE_URL: await url('office-database-url'),
        OSBU_BOX_DATABASE_URL: await url('box-database-url'),
      },
    })
  } finally {
    await rm(folder, { recursive: true })
  }
  return codes
}
