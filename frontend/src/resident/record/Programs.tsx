import { useQuery } from '@tanstack/react-query'
import { useFormat } from '@/lib/format'
import { useTranslation } from '@/lib/i18n'
import { Ask } from '@/ui/Ask'
import type { Round } from '@/data/round'
import { hrefOf, programsQuery, type Program } from './programs'
import styles from './record.module.css'

const names: Record<Program['os'], string> = {
  js: 'WebAssembly',
  linux: 'Linux (x86-64)',
  windows: 'Windows (x86-64)',
  darwin: 'macOS (Apple silicon)',
}

/** The programs to take along, and how they are used: who checks on a computer of her own trusts nothing that the city serves. */
export function Programs({ round }: { round: Round }) {
  const { t } = useTranslation('record')
  const query = useQuery(programsQuery)
  return (
    <section className="stack">
      <h2>{t('take.heading')}</h2>
      <p className="prose">{t('take.text')}</p>
      <Ask query={query}>
        {(programs) => {
          const ready = programs.filter(({ os }) => os !== 'js')
          return ready.length > 0 ? <Ready programs={ready} round={round} /> : <p>{t('take.without')}</p>
        }}
      </Ask>
      <div className="prose">
        <h3>{t('source.heading')}</h3>
        <p>{t('source.text')}</p>
        <code className={styles.command}>go run ./cmd/osbu-verify record {round.id}.zip</code>
        <p>{t('source.same')}</p>
        <code className={styles.command}>scripts/programs --all &amp;&amp; cat cmd/osbu/programs/dist/list.json</code>
      </div>
    </section>
  )
}

function Ready({ programs, round }: { programs: Program[]; round: Round }) {
  const { t } = useTranslation('record')
  const { number } = useFormat()
  const file = programs.find(({ os, command }) => os === 'linux' && command === 'osbu-verify')?.file
  return (
    <>
      <ul className={styles.programs}>
        {programs.map(({ command, os, file, packed, sha256 }) => (
          <li key={file}>
            <a href={hrefOf(file)} download>
              {command}, {names[os]}
            </a>{' '}
            ({t('take.size', { megabytes: number(Math.ceil(packed / 1e5) / 10) })})
            <p>{t(`take.${command === 'osbu-verify' ? 'verify' : 'tally'}`)}</p>
            <p className={styles.sum}>
              SHA-256: <code className={styles.digest}>{sha256}</code>
            </p>
          </li>
        ))}
      </ul>
      {file && (
        <div className="prose">
          <h3>{t('take.use')}</h3>
          <p>{t('take.command')}</p>
          <code className={styles.command}>
            chmod +x {file} &amp;&amp; ./{file} record {round.id}.zip
          </code>
          <p>
            {t('take.notices')} <a href={hrefOf('NOTICE.txt')}>NOTICE.txt</a>
          </p>
        </div>
      )}
    </>
  )
}
