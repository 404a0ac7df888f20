import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from '@/lib/i18n'
import { useSearchParams } from '@/lib/router'
import type { Round } from '@/data/round'
import { useLang } from '@/lib/format'
import type { Lang } from '@/lib/lang'
import type { Manifest } from '@/receipt/crypto/manifest'
import { AskPage } from '@/ui/AskPage'
import { Button, Checkbox, Notification, Select } from '@/ui/hds'
import { Page } from '@/ui/Page'
import { printSheet } from '@/ui/print'
import { useLocal } from '@/ui/text'
import { areasOf, ballotProjects, ballotQuery } from '../voting'
import { Sheet } from './Sheet'
import { SheetLanguage, together } from './SheetLanguage'
import styles from './sample.module.css'

/**
 * The ballot as a sheet to print: to think it over at home, or to take along to a voting place. It is made from what was frozen, so that it says what
 * the vote says; it is no ballot, and says that, too.
 */
export default function Sample({ round, manifest }: { round: Round; manifest: Manifest }) {
  const { t } = useTranslation(['sample', 'shell'])
  const lang = useLang()
  const local = useLocal()
  const told = useQuery(ballotQuery(round.id))
  const [params, setParams] = useSearchParams()
  const [spoken, setSpoken] = useState<string>(lang === 'en' ? 'en' : together.join())
  const [large, setLarge] = useState(false)
  const asked = params.get('area') ?? ''
  const area = manifest.areas.some(({ id }) => id === asked) ? asked : ''
  const sheets = manifest.papers.flatMap((paper) =>
    areasOf(manifest, paper)
      .filter(({ id }) => !area || id === area)
      .map((area) => ({ paper, area })),
  )
  return (
    <AskPage query={told} title={t('title')}>
      {(told) => (
        <Page
          title={t('title')}
          above={[
            { to: `/${lang}`, text: t('shell:nav.home') },
            { to: `/${lang}/rounds/${round.id}`, text: local(round.name) },
          ]}
          lead={<p>{t('lead')}</p>}
        >
          <div className="stack-l">
            <div className={styles.tools}>
              <Select
                label={t('area')}
                value={area}
                onChange={({ target: { value } }) => {
                  setParams(value ? { area: value } : {}, { replace: true })
                }}
                options={[
                  { value: '', label: t('all') },
                  ...manifest.areas.map(({ id, name }) => ({ value: id, label: local(name) })),
                ]}
              />
              <SheetLanguage value={spoken} onChange={setSpoken} />
              <Checkbox
                label={t('large')}
                checked={large}
                onChange={({ target: { checked } }) => {
                  setLarge(checked)
                }}
              />
              <Button start="printer" onClick={printSheet}>
                {t('print', { count: sheets.length })}
              </Button>
            </div>
            {round.rehearsal && <Notification kind="alert">{t('shell:rehearsal')}</Notification>}
            {sheets.map(({ paper, area }) => (
              <Sheet
                key={area.id}
                round={round}
                manifest={manifest}
                paper={paper}
                area={area}
                projects={ballotProjects(manifest, told).filter((project) => project.area === area.id)}
                langs={spoken.split(',') as Lang[]}
                large={large}
              />
            ))}
          </div>
        </Page>
      )}
    </AskPage>
  )
}
