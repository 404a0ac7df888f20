import { useId, useState } from 'react'
import { useTranslation } from '@/lib/i18n'
import { useNavigate, useParams } from '@/lib/router'
import { Button, Icon, TextInput } from '@/ui/hds'
import { useFormat } from '@/lib/format'
import { useSession } from '@/lib/session'
import { Local, useLocal } from '@/ui/text'
import { Missing } from '@/ui/Missing'
import { areaOf, entryOf } from './basket'
import { nextStep, areasOf, previousStep, suggested, useVoting } from './voting'
import type { ManifestArea, ManifestPaper } from '@/receipt/crypto/manifest'
import { useIdentity, useRights } from './identity'
import { Standing } from './Notices'
import { PaperName } from './PaperName'
import { Step } from './Step'
import { useGoToStep } from './useGoToStep'
import { classes } from '@/lib/classes'
import styles from './vote.module.css'
import areasStyles from './area.module.css'

/** Step 1: where to vote. One's own area is suggested, never forced. */
export function Areas() {
  const { manifest } = useVoting()
  const { paper: id } = useParams()
  const paper = manifest.papers.find((paper) => paper.id === id)
  return paper ? <AreasOf key={paper.id} paper={paper} /> : <Missing />
}

function AreasOf({ paper }: { paper: ManifestPaper }) {
  const { t } = useTranslation('vote')
  const { round, manifest, projects, basket, change, at } = useVoting()
  const go = useNavigate()
  const chosen = areaOf(paper, entryOf(basket, paper.id))
  const [typed, setTyped] = useState<string>()
  const session = useSession()
  const rights = useRights(round.id, useIdentity(round.id)).data
  const code = typed ?? session?.postal_code ?? ''
  const own = suggested(round, paper, code) ?? (typed ? undefined : rights?.suggested_area)
  const areas = areasOf(manifest, paper)
  const mine = areas.find(({ id }) => id === own)

  const choose = (area: string) => {
    change(paper.id, (entry) => ({
      area,
      picks: entry.picks,
      ...(entry.points && { points: entry.points }),
    }))
    go(at(`paper/${paper.id}/projects`))
  }
  const card = (area: ManifestArea) => (
    <AreaCard
      key={area.id}
      area={area}
      count={projects.filter((project) => project.area === area.id).length}
      chosen={area.id === chosen}
      onChoose={() => {
        choose(area.id)
      }}
    />
  )
  return (
    <Step
      round={round}
      title={t('area.title')}
      current="area"
      lead={
        <>
          <PaperName paper={paper} />
          <p>{t('area.lead')}</p>
        </>
      }
    >
      <Standing />
      <PostalCode
        code={code}
        found={mine}
        unknown={code.trim().length === 5 && !mine}
        onChange={setTyped}
        onChoose={choose}
      />
      <section className="stack">
        <h2 className={styles.listTitle}>{t('area.all')}</h2>
        <ul className={classes('plain', areasStyles.cards)}>{areas.map(card)}</ul>
      </section>
      <Onward paper={paper} />
    </Step>
  )
}

/** The way back, and past a paper that one does not want to use. */
function Onward({ paper }: { paper: ManifestPaper }) {
  const { t } = useTranslation('vote')
  const { manifest, change } = useVoting()
  const goToStep = useGoToStep()
  const back = previousStep(manifest, paper)
  if (manifest.papers.length === 1) return null
  return (
    <div className="actions">
      {back && (
        <Button
          variant="secondary"
          start="angle-left"
          onClick={() => {
            goToStep(back)
          }}
        >
          {t('back')}
        </Button>
      )}
      <Button
        variant="supplementary"
        onClick={() => {
          change(paper.id, (entry) => ({ ...entry, skipped: true }))
          goToStep(nextStep(manifest, paper))
        }}
      >
        {t('skip_paper')}
      </Button>
    </div>
  )
}

function PostalCode({
  code,
  found,
  unknown,
  onChange,
  onChoose,
}: {
  code: string
  found?: ManifestArea
  unknown: boolean
  onChange: (code: string) => void
  onChoose: (area: string) => void
}) {
  const { t } = useTranslation('vote')
  const local = useLocal()
  const id = useId()
  return (
    <section className={areasStyles.postal} aria-labelledby={id}>
      <h2 id={id} className={styles.listTitle}>
        {t('area.postal.heading')}
      </h2>
      <div>
        <TextInput
          label={t('area.postal.label')}
          helper={t('area.postal.helper')}
          inputMode="numeric"
          autoComplete="postal-code"
          maxLength={5}
          value={code}
          onChange={(event) => {
            onChange(event.target.value.replace(/\D/g, ''))
          }}
        />
      </div>
      <div role="status">
        {found && <p>{t('area.postal.found', { area: local(found.name) })}</p>}
        {unknown && <p>{t('area.postal.unknown')}</p>}
      </div>
      {found && (
        <div className="actions">
          <Button
            end="arrow-right"
            onClick={() => {
              onChoose(found.id)
            }}
          >
            {t('area.postal.choose', { area: local(found.name) })}
          </Button>
        </div>
      )}
    </section>
  )
}

function AreaCard({
  area,
  count,
  chosen,
  onChoose,
}: {
  area: ManifestArea
  count: number
  chosen: boolean
  onChoose: () => void
}) {
  const { t } = useTranslation('vote')
  const { euros } = useFormat()
  return (
    <li>
      <button type="button" className={classes(areasStyles.card, chosen && areasStyles.chosen)} onClick={onChoose}>
        <span className={areasStyles.cardName}>
          <Local text={area.name} />
        </span>
        <span>
          {euros(area.pot)} · {t('area.projects', { count })}
        </span>
        {chosen && (
          <span className={areasStyles.cardMark}>
            <Icon name="check" size="xs" />
            {t('area.chosen')}
          </span>
        )}
        <Icon name="arrow-right" />
      </button>
    </li>
  )
}
