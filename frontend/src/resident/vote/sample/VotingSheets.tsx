import { useQuery } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { useTranslation } from '@/lib/i18n'
import type { Round } from '@/data/round'
import { useLang } from '@/lib/format'
import { readWhole } from '@/lib/number'
import type { Lang } from '@/lib/lang'
import type { Manifest } from '@/receipt/crypto/manifest'
import { AskPage } from '@/ui/AskPage'
import { Button, Checkbox, Notification, Select, TextInput } from '@/ui/hds'
import { Only } from '@/ui/Only'
import { Page } from '@/ui/Page'
import { printSheet } from '@/ui/print'
import { useLocal } from '@/ui/text'
import { areasOf, ballotProjects, ballotQuery } from '../voting'
import { newSerial } from './serial'
import { Sheet } from './Sheet'
import { SheetLanguage, together } from './SheetLanguage'
import styles from './sample.module.css'

/** As many as a browser prints at once without falling over its pages. */
const most = 200

const newStack = () => Array.from({ length: most }, newSerial)

/**
 * Voting sheets of one area for a voting place, made from what was frozen: each with a serial of its own, which nobody keeps. What has been printed is not
 * printed again: the next stack has other serials, for the same one cannot count twice.
 */
export default function VotingSheets(props: { round: Round; manifest: Manifest }) {
  const { t } = useTranslation('sample')
  return (
    <Only roles={['officer', 'official']} title={t('sheets.title')}>
      <Stack {...props} />
    </Only>
  )
}

function Stack({ round, manifest }: { round: Round; manifest: Manifest }) {
  const { t } = useTranslation(['sample', 'shell'])
  const local = useLocal()
  const lang = useLang()
  const told = useQuery(ballotQuery(round.id))
  const kinds = manifest.papers.flatMap((paper) => areasOf(manifest, paper).map((area) => ({ paper, area })))
  const [chosen, setChosen] = useState(0)
  const [spoken, setSpoken] = useState<string>(together.join())
  const [large, setLarge] = useState(false)
  const [typed, setTyped] = useState('20')
  const [stack, setStack] = useState(newStack)
  const count = readWhole(typed, most) || undefined
  const serials = stack.slice(0, count ?? 0)
  useEffect(() => {
    const next = () => {
      setStack(newStack)
    }
    window.addEventListener('afterprint', next)
    return () => {
      window.removeEventListener('afterprint', next)
    }
  }, [])
  const kind = kinds[chosen]
  return (
    <AskPage query={told} title={t('sheets.title')}>
      {(told) => (
        <Page
          title={t('sheets.title')}
          above={[
            { to: `/${lang}`, text: t('shell:nav.home') },
            { to: `/${lang}/rounds/${round.id}`, text: local(round.name) },
          ]}
          lead={<p>{t('sheets.lead')}</p>}
        >
          <div className="stack-l">
            <div className={styles.tools}>
              <Select
                label={t('area')}
                value={String(chosen)}
                onChange={({ target: { value } }) => {
                  setChosen(Number(value))
                }}
                options={kinds.map(({ paper, area }, index) => ({
                  value: String(index),
                  label: manifest.papers.length > 1 ? `${local(paper.name)}: ${local(area.name)}` : local(area.name),
                }))}
              />
              <SheetLanguage value={spoken} onChange={setSpoken} />
              <TextInput
                label={t('sheets.count')}
                helper={t('sheets.count_help', { most })}
                error={count === undefined ? t('sheets.count_wrong', { most }) : undefined}
                inputMode="numeric"
                autoComplete="off"
                required
                value={typed}
                onChange={({ target: { value } }) => {
                  setTyped(value)
                }}
              />
              <Checkbox
                label={t('large')}
                checked={large}
                onChange={({ target: { checked } }) => {
                  setLarge(checked)
                }}
              />
              <Button start="printer" disabled={count === undefined} onClick={printSheet}>
                {t('sheets.print', { count: count ?? 0 })}
              </Button>
            </div>
            {round.rehearsal && <Notification kind="alert">{t('shell:rehearsal')}</Notification>}
            {kind &&
              serials.map((serial) => (
                <Sheet
                  key={serial}
                  round={round}
                  manifest={manifest}
                  paper={kind.paper}
                  area={kind.area}
                  projects={ballotProjects(manifest, told).filter((project) => project.area === kind.area.id)}
                  langs={spoken.split(',') as Lang[]}
                  large={large}
                  serial={serial}
                />
              ))}
          </div>
        </Page>
      )}
    </AskPage>
  )
}
