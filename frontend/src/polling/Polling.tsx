import { useQuery } from '@tanstack/react-query'
import { useTranslation } from '@/lib/i18n'
import { Link, Route, Routes } from '@/lib/router'
import { roundsQuery } from '@/data/round'
import { Ask } from '@/ui/Ask'
import { Card, StatusLabel } from '@/ui/hds'
import { Only } from '@/ui/Only'
import { Page } from '@/ui/Page'
import { Local } from '@/ui/text'
import { Batches } from './Batches'
import { Certificate } from './Certificate'
import { Comparisons } from './Comparisons'
import { KeyBatch } from './keying/KeyBatch'
import { PlaceDesk } from './PlaceDesk'
import { Places } from './Places'
import styles from './polling.module.css'

/** The pages of those who work at voting places, and of officials who arrange that. */
export default function Polling() {
  const { t } = useTranslation('polling')
  return (
    <Only roles={['officer', 'official']} title={t('title')}>
      <Routes>
        <Route path="/" element={<Rounds />} />
        <Route path="/:round" element={<Places />} />
        <Route path="/:round/batches" element={<Batches />} />
        <Route path="/:round/batches/:batch" element={<KeyBatch />} />
        <Route path="/:round/comparison" element={<Comparisons />} />
        <Route path="/:round/:place" element={<PlaceDesk />} />
        <Route path="/:round/:place/certificate" element={<Certificate />} />
      </Routes>
    </Only>
  )
}

function Rounds() {
  const { t } = useTranslation(['polling', 'phase'])
  return (
    <Page title={t('title')} lead={t('lead')}>
      <Ask query={useQuery(roundsQuery)}>
        {(rounds) => {
          // Sheets are typed in, audited and certified after the close, too.
          const open = rounds.filter(({ phase }) => phase !== 'draft' && phase !== 'archived')
          return (
            <ul className={`plain ${styles.list ?? ''}`}>
              {open
                .toSorted((a, b) => Number(b.phase === 'voting') - Number(a.phase === 'voting'))
                .map((round) => (
                  <Card as="li" key={round.id}>
                    <h2>
                      <Link to={`/polling/${round.id}`}>
                        <Local text={round.name} />
                      </Link>
                    </h2>
                    <p className="tags">
                      <StatusLabel kind={round.phase === 'voting' ? 'info' : undefined}>
                        {t(`phase:${round.phase}`)}
                      </StatusLabel>
                    </p>
                  </Card>
                ))}
              {open.length === 0 && <li>{t('no_rounds')}</li>}
            </ul>
          )
        }}
      </Ask>
    </Page>
  )
}
