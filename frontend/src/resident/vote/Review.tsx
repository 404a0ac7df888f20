import { useQueryClient } from '@tanstack/react-query'
import { keys } from '@/data/keys'
import { useRef, useState, type ReactNode } from 'react'
import { useTranslation, type Say } from '@/lib/i18n'
import { Link, useNavigate } from '@/lib/router'
import { Button, Icon, LinkButton, Notification, StatusLabel } from '@/ui/hds'
import { announce } from '@/lib/announce'
import { useFormat } from '@/lib/format'
import { Problem } from '@/lib/problem'
import { Local } from '@/ui/text'
import { Trouble } from '@/ui/problem/Trouble'
import { areaOf, entryOf, filled, picksOf, pointsOf, stateOf } from './basket'
import { boxFor, firstStep, pause, useVoting } from './voting'
import type { Stage } from './cast'
import type { Manifest, ManifestPaper } from '@/receipt/crypto/manifest'
import { CheckCode } from '@/receipt/CheckCode'
import { Halt } from './Halt'
import { forgetCode, officeFor, useIdentity, useRights, type Identity, type Rights } from './identity'
import { isSpent } from './Notices'
import { useReceipts } from './receipt'
import { RecoveryCode } from './RecoveryCode'
import { forgetRecoveryCode, recoveryCode } from './recoveryCode'
import { Refusal, Spent } from './Refusal'
import { useUnsent } from './sealed'
import { Step } from './Step'
import { isFinal } from '@/receipt/stopped'
import { classes } from '@/lib/classes'
import styles from './review.module.css'

/** Step 3 before identifying, step 5 after: the ballot as it will be cast. */
export function Review() {
  const { t } = useTranslation('vote')
  const { round, manifest, basket, at } = useVoting()
  const identity = useIdentity(round.id)
  const rights = useRights(round.id, identity)
  const kept = useReceipts(round.id)
  const ready = filled(manifest, basket)
  const broken = manifest.papers.some((paper) =>
    ['over_max', 'over_pot', 'over_points', 'under_points'].includes(
      stateOf(manifest, paper, entryOf(basket, paper.id)),
    ),
  )
  const unsent = useUnsent(manifest)
  const [casting, setCasting] = useState(false)
  let last: ReactNode = null
  let shown = ready.length > 0
  let spent = rights.data

  if (ready.length === 0 && unsent.every(({ empty }) => empty)) {
    return (
      <Step round={round} title={t('review.title')} current="review">
        {unsent.length === 0 && kept.length === 0 && isSpent(rights.data) ? (
          <Spent round={round} />
        ) : unsent.length === 0 && kept.length > 0 ? (
          <Notification kind="success" label={t('voted_here.heading')}>
            <p>{t('voted_here.text')}</p>
            <p>
              <Link to={at('receipt')}>{t('voted_here.receipt')}</Link>
            </p>
          </Notification>
        ) : (
          <Notification label={t('review.nothing')}>
            <p>{t('review.nothing_text')}</p>
          </Notification>
        )}
        <div className="actions">
          <LinkButton variant="secondary" to={at('')}>
            {t('review.choose')}
          </LinkButton>
        </div>
      </Step>
    )
  }

  if (identity && rights.data) {
    const papers = ready.map(({ paper }) => paper.id)
    const open = rights.data.papers.some(({ paper, spent }) => papers.includes(paper) && !spent)
    // The right is spent by a ballot of this browser: what is in its envelope counts, not what the basket says now.
    const begun = !open && unsent.length > 0
    if (!rights.data.eligible || (!open && !begun)) {
      return (
        <Step round={round} title={t('title')} current="identify">
          {rights.data.eligible ? <Spent round={round} /> : <Refusal round={round} rights={rights.data} />}
          <Elsewho identity={identity} />
        </Step>
      )
    }
    if (begun) {
      shown &&= unsent.every(({ ready }) => !ready)
    }
    spent = {
      ...rights.data,
      papers: rights.data.papers.map((right) => ({
        ...right,
        spent: right.spent && !unsent.some(({ paper }) => paper === right.paper),
      })),
    }
    last = (
      <Confirm
        identity={identity}
        onCasting={setCasting}
        begun={begun ? (unsent.some(({ empty }) => empty) ? 'elsewhere' : 'here') : undefined}
      />
    )
  } else if (identity === null) last = <ToIdentify />
  else if (identity && rights.error)
    last = <RightsTrouble identity={identity} cause={rights.error} retry={() => void rights.refetch()} />
  if (broken) last = <p>{t('review.broken')}</p>

  return (
    <Step
      round={round}
      title={t(identity ? 'review.title_vote' : 'review.title')}
      current={identity ? 'vote' : 'review'}
      lead={shown && !casting && <p>{t('review.lead')}</p>}
    >
      {shown &&
        manifest.papers.map((paper) => <PaperReview key={paper.id} paper={paper} rights={spent} fixed={casting} />)}
      {last}
      <p className="muted">{sealedBy(manifest.sealing, t)}</p>
      <CheckCode code={manifest.checkCode} />
    </Step>
  )
}

/** Who could read the ballot before the close, said of this round. */
function sealedBy(sealing: Manifest['sealing'], t: Say): string {
  if (!sealing) return t('sealed.none')
  const { trustees, needed } = sealing
  return trustees > 1 ? t('sealed.trustees', { trustees, needed }) : t('sealed.kept')
}

/** What is chosen of a paper; fixed while it is being cast. */
function PaperReview({ paper, rights, fixed }: { paper: ManifestPaper; rights?: Rights; fixed: boolean }) {
  const { t } = useTranslation('vote')
  const { manifest, projects, basket, at } = useVoting()
  const { euros } = useFormat()
  const entry = entryOf(basket, paper.id)
  const state = stateOf(manifest, paper, entry)
  const area = manifest.areas.find(({ id }) => id === areaOf(paper, entry))
  const picks = picksOf(paper, entry)
  const chosen = projects
    .filter((project) => project.area === area?.id && picks.includes(project.number))
    .sort((a, b) =>
      paper.form.kind === 'ranking' ? picks.indexOf(a.number) - picks.indexOf(b.number) : a.number - b.number,
    )
  const right = rights?.papers.find((mine) => mine.paper === paper.id)
  const spent = rights?.eligible && right?.spent
  const used = !spent && !['skipped', 'untouched', 'under_min'].includes(state)
  const sum = chosen.reduce((total, { cost }) => total + cost, 0)

  return (
    <section className={styles.paper}>
      <div className={styles.head}>
        <h2>
          {(manifest.papers.length > 1 || !used) && (
            <>
              <Local text={paper.name} />
              {used && area && paper.areas.length > 1 ? ': ' : ''}
            </>
          )}
          {used && area && (manifest.papers.length === 1 || paper.areas.length > 1) && <Local text={area.name} />}
        </h2>
        {!spent && !fixed && (
          <Link to={at(used ? `paper/${paper.id}/projects` : firstStep(paper))}>
            {t(used ? 'review.change' : 'review.use')}
            {manifest.papers.length > 1 && (
              <span className="visually-hidden">
                : <Local text={paper.name} />
              </span>
            )}
          </Link>
        )}
      </div>
      {spent && (
        <p>
          <StatusLabel kind="alert">{t('review.spent')}</StatusLabel>
        </p>
      )}
      {!spent && !used && <p>{t('review.unused')}</p>}
      {used && chosen.length === 0 && (
        <p>
          <strong>{t('blank.name')}.</strong> {t('blank.text')}
        </p>
      )}
      {used && chosen.length > 0 && (
        <>
          <ul className={classes('plain', styles.list)}>
            {chosen.map((project, index) => (
              <li key={project.number}>
                <span className={styles.number}>{project.number}</span>
                <span className={styles.title}>
                  {paper.form.kind === 'ranking' && <strong>{t('ranking.place', { place: index + 1 })} </strong>}
                  <Local text={project.title} />
                  {paper.form.kind === 'points' && (
                    <strong>: {t('points.given', { count: pointsOf(entry, project.number) })}</strong>
                  )}
                  {project.withdrawn && (
                    <>
                      {' '}
                      <StatusLabel kind="alert">{t('project.withdrawn')}</StatusLabel>
                    </>
                  )}
                </span>
                <span className={styles.cost}>{euros(project.cost)}</span>
              </li>
            ))}
          </ul>
          <p className={styles.sum}>
            {t('review.sum', { count: chosen.length })} <strong>{euros(sum)}</strong>
          </p>
        </>
      )}
    </section>
  )
}

function ToIdentify() {
  const { t } = useTranslation('vote')
  const { at } = useVoting()
  return (
    <>
      <p>{t('review.identify_text')}</p>
      <div className="actions">
        <LinkButton to={at('identify')} end="arrow-right">
          {t('review.identify')}
        </LinkButton>
      </div>
    </>
  )
}

function RightsTrouble({ identity, cause, retry }: { identity: Identity; cause: unknown; retry: () => void }) {
  const lost = cause instanceof Problem && ['code_invalid', 'sign_in_required'].includes(cause.code)
  return (
    <>
      <Trouble cause={cause} retry={retry} />
      {lost && <Elsewho identity={identity} />}
    </>
  )
}

/** The last click. */
function Confirm({
  identity,
  begun,
  onCasting,
}: {
  identity: Identity
  begun?: 'here' | 'elsewhere'
  onCasting: (casting: boolean) => void
}) {
  const { t } = useTranslation('vote')
  const { round, manifest, at } = useVoting()
  const go = useNavigate()
  const cache = useQueryClient()
  const [stage, setStage] = useState<Stage>()
  const [trouble, setTrouble] = useState<unknown>()
  const running = useRef(false)

  const confirm = async () => {
    if (running.current) return
    running.current = true
    setTrouble(undefined)
    setStage('right')
    onCasting(true)
    try {
      const [{ vote }, { ownerId }] = await Promise.all([import('./cast'), import('./envelope')])
      const onStage = (next: Stage) => {
        setStage(next)
        announce(t(`stage.${next}`))
      }
      const owner = await ownerId(identity.token)
      const code = recoveryCode(round.id, identity)
      const cast = await vote({
        manifest,
        office: officeFor(round.id, identity),
        box: boxFor(round.id),
        owner,
        pause,
        onStage,
        ...(code && { code }),
      })
      forgetRecoveryCode(round.id, identity)
      if (identity.by === 'code') forgetCode(round.id)
      cache.removeQueries({ queryKey: keys.rights(round.id) })
      void cache.invalidateQueries({ queryKey: keys.numbers(round.id) })
      go(at('receipt'), { replace: true, state: { cast: cast.map(({ commit }) => commit) } })
    } catch (cause) {
      setTrouble(cause)
    } finally {
      setStage(undefined)
      onCasting(false)
      running.current = false
    }
  }

  return (
    <section className={classes(styles.confirm, 'stack')}>
      <h2>{t(begun === 'here' ? 'confirm.begun' : 'confirm.heading')}</h2>
      {begun === 'here' ? (
        <p>{t('confirm.begun_text')}</p>
      ) : (
        <ul className={styles.points}>
          <li>
            <Icon name="eye-crossed" /> <span>{t('confirm.secret')}</span>
          </li>
          <li>
            <Icon name="lock" /> <span>{t('confirm.final')}</span>
          </li>
          <li>
            <Icon name="ticket" /> <span>{t('confirm.receipt')}</span>
          </li>
        </ul>
      )}
      {trouble !== undefined && <Halt round={round} cause={trouble} />}
      {!isFinal(trouble) && begun !== 'elsewhere' && !identity.kiosk && (
        <RecoveryCode identity={identity} broken={begun === 'here' || trouble !== undefined} />
      )}
      {!isFinal(trouble) && (
        <div className="actions">
          <Button className={styles.cast} busy={stage !== undefined} onClick={() => void confirm()}>
            {stage
              ? t(`stage.${stage}`)
              : t(trouble === undefined && begun !== 'here' ? 'confirm.cast' : 'confirm.again')}
          </Button>
        </div>
      )}
      <Elsewho identity={identity} />
    </section>
  )
}

/** Says who is about to vote, and lets somebody else do so instead. */
function Elsewho({ identity }: { identity: Identity }) {
  const { t } = useTranslation('vote')
  const { at } = useVoting()
  return (
    <p className="muted">
      {identity.by === 'code' ? t('who.code') : t('who.session', { name: identity.name })}{' '}
      <Link to={at('identify')}>{t('who.other')}</Link>
    </p>
  )
}
