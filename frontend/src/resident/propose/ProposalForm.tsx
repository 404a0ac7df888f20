import { useQuery, useQueryClient } from '@tanstack/react-query'
import { keys } from '@/data/keys'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from '@/lib/i18n'
import { useNavigate, useSearchParams } from '@/lib/router'
import { Button, Notification, Stepper } from '@/ui/hds'
import { AskLuotsi } from '@/resident/enquiry/AskLuotsi'
import { heldImages, imagesQuery } from '@/data/gallery'
import { announce } from '@/lib/announce'
import { useLang } from '@/lib/format'
import { Problem } from '@/lib/problem'
import { Form } from '@/ui/form/Form'
import { placeOf } from '@/ui/form/place'
import { useForm, type Wrong } from '@/ui/form/useForm'
import { proposalQuery } from '@/data/proposal'
import type { Round } from '@/data/round'
import {
  empty,
  fieldsOf,
  forget,
  imagesStep,
  isBlank,
  isSame,
  kept,
  lastStep,
  stepOf,
  steps,
  type Fields,
  type Proposal,
} from '@/shared/propose/draft'
import { IdeaStep } from '@/shared/propose/IdeaStep'
import { ImagesStep } from './ImagesStep'
import { PlaceStep } from '@/shared/propose/PlaceStep'
import { emptyFields, type Writing } from '@/shared/propose/writing'
import { classes } from '@/lib/classes'
import styles from '@/shared/propose/propose.module.css'
import proposalStyles from '@/shared/proposal/proposal.module.css'
import { ReviewStep } from './ReviewStep'
import { SavedNote } from './SavedNote'
import { SignInFirst } from './SignInFirst'
import { useSaving } from './useSaving'

interface Props {
  round: Round
  /** What is edited; none for a new proposal. */
  proposal?: Proposal
  /** Its number, once the server has the draft. */
  id?: number
  signedIn: boolean
  onDraft: (proposal: Proposal) => void
}

/** How long after the last key a draft is saved, in milliseconds. */
const pause = 1200

/** The contract has the Swedish words by themselves. */
const idOf = (path: string) => path.replace(/^swedish\.(.+)$/, '$1_sv')

/** The form in four steps: what, where, images and co-authors, check and send. The address says on which step one is. */
export function ProposalForm({ round, proposal, id, signedIn, onDraft }: Props) {
  const { t } = useTranslation(['propose', 'problem', 'shell'])
  const lang = useLang()
  const navigate = useNavigate()
  const [params, setParams] = useSearchParams()
  const step = Math.min(Math.max(Number(params.get('step') ?? 1) - 1, 0), lastStep)

  const [start] = useState(() => {
    const stored = proposal ? fieldsOf(proposal) : empty
    const here = kept(round.id, proposal?.id)
    return here && !isSame(here.fields, stored) ? here : { fields: stored, version: proposal?.version ?? 0 }
  })
  const [fields, setFields] = useState(start.fields)
  const { saving, keepHere, save, catchUp, submit } = useSaving({
    round: round.id,
    proposal,
    version: start.version,
    language: proposal?.text.language ?? lang,
    onDraft,
  })

  // A draft is the author's own and saves itself; a proposal that others see changes only when its author says so.
  const isDraft = !proposal || proposal.state === 'draft'
  const stored = useRef(proposal ? fieldsOf(proposal) : empty)
  const text = JSON.stringify(fields)
  useEffect(() => {
    const now = JSON.parse(text) as Fields
    if (isSame(now, stored.current)) return undefined
    keepHere(now)
    if (!isDraft || !signedIn || isBlank(now)) return undefined
    const timer = setTimeout(() => {
      save(now).then(
        () => {
          stored.current = now
        },
        () => {
          announce(t('saving.failed'))
        },
      )
    }, pause)
    return () => {
      clearTimeout(timer)
    }
    // eslint-disable-next-line react-hooks/exhaustive-deps -- only what is written starts a save
  }, [text, isDraft, signedIn])

  const [trouble, setTrouble] = useState<unknown>()
  const [sending, setSending] = useState(false)
  const labels: Record<keyof Fields, string> = {
    title: t('fields.title'),
    what: t('fields.what'),
    why: t('fields.why'),
    area: t('fields.area'),
    place: t('fields.place'),
    point: t('fields.point'),
    theme: t('fields.theme'),
    title_sv: t('fields.title_sv'),
    what_sv: t('fields.what_sv'),
    why_sv: t('fields.why_sv'),
  }
  const here: readonly string[] = steps[step] ?? []
  const unfilled = emptyFields(
    fields,
    t('problem:field.required'),
    round.settings.themes.length > 0,
    proposal?.swedish !== undefined,
  )

  // An image without a text that tells what it shows is a closed door to those who do not see it.
  // Whoever adds or describes one draws this form anew, or it would go on by what it knew before.
  const cache = useQueryClient()
  useQuery({ ...imagesQuery(round.id, id ?? 0), enabled: false })
  const undescribed = () =>
    id === undefined ? 0 : heldImages(cache, round.id, id).images.filter(({ alt }) => !alt.trim()).length
  const wrong: Wrong = Object.fromEntries(Object.entries(unfilled).filter(([name]) => here.includes(name)))
  if (step === imagesStep && id !== undefined) {
    heldImages(cache, round.id, id).images.forEach(({ id: image, alt }, index) => {
      if (!alt.trim()) wrong[`alt-${image}`] = t('images.describe', { number: index + 1 })
    })
  }
  const conflict =
    saving.kind === 'failed' && saving.cause instanceof Problem && saving.cause.code === 'edited_meanwhile'
  const form = useForm({
    wrong,
    cause: conflict ? undefined : trouble,
    idOf,
    labels: Object.fromEntries(Object.entries(labels).filter(([name]) => here.includes(name))),
  })
  const writing: Writing = {
    fields,
    set: (change) => {
      setFields((old) => ({ ...old, ...change }))
      form.fill(Object.keys(change))
    },
    errorOf: form.errorOf,
  }
  const faultless = form.errors.length === 0

  const heading = useRef<HTMLHeadingElement>(null)
  const shown = useRef(step)
  useEffect(() => {
    if (shown.current !== step && faultless) {
      window.scrollTo(0, 0)
      heading.current?.focus({ preventScroll: true })
    }
    shown.current = step
  }, [step, faultless])

  const goTo = (to: number) => {
    form.begin()
    setParams((before) => {
      const after = new URLSearchParams(before)
      after.set('step', String(to + 1))
      return after
    })
  }

  const next = () => {
    // Images are described beneath this form, which may not have been drawn since.
    const now = step === imagesStep ? { images: undescribed() > 0 ? t('problem:field.required') : undefined } : wrong
    if (form.check(now)) goTo(step + 1)
  }

  const send = async () => {
    setTrouble(undefined)
    if (undescribed() > 0) {
      goTo(imagesStep)
      form.check({ images: t('problem:field.required') })
      return
    }
    const missing = (Object.keys(empty) as (keyof Fields)[]).find((name) => unfilled[name])
    if (missing) {
      goTo(stepOf(missing))
      form.check(unfilled)
      return
    }
    setSending(true)
    try {
      const saved = await save(fields)
      stored.current = fields
      const sent = saved.may.includes('submit') ? await submit() : saved
      forget(round.id, sent.id)
      navigate(`/${lang}/rounds/${round.id}/proposals/${sent.id}`, {
        state: saved.may.includes('submit') ? { submitted: true } : undefined,
      })
    } catch (cause) {
      const refused = cause instanceof Problem ? cause.fields.map(({ field }) => field) : []
      const places = refused.map((field) => placeOf(idOf(field), (id) => id in empty))
      const first = Math.min(...places.flatMap((place) => (place ? [stepOf(place as keyof Fields)] : [])))
      if (refused.some((field) => field.startsWith('images['))) {
        await cache.invalidateQueries({ queryKey: keys.images(round.id) })
        goTo(imagesStep)
        form.check({ images: t('problem:field.required') })
        return
      }
      setTrouble(cause)
      if (Number.isFinite(first)) goTo(first)
    } finally {
      setSending(false)
    }
  }

  // The page of the proposal shows its images, too.
  const refresh = () => {
    if (id !== undefined)
      void cache.invalidateQueries({ queryKey: proposalQuery(round.id, id).queryKey, refetchType: 'none' })
  }

  const abouts = [t('about.0'), t('about.1'), t('about.2'), t('about.3')]
  const names = [t('steps.idea'), t('steps.place'), t('steps.images'), t('steps.review')]
  const startOver = () => {
    forget(round.id, undefined)
    setFields(empty)
    goTo(0)
  }

  return (
    <div className={classes('stack', styles.propose)}>
      <Stepper label={t('steps.label')} steps={names} current={step} />
      <h2 ref={heading} tabIndex={-1} className={styles.step}>
        {names[step]}
      </h2>
      <p>{abouts[step]}</p>
      {proposal?.state === 'needs_information' && proposal.question && (
        <Notification kind="alert" label={t('question')}>
          <p className="lines">{proposal.question}</p>
        </Notification>
      )}
      {conflict && (
        <Notification kind="alert" label={t('conflict.title')} live>
          <p>{t('conflict.text')}</p>
          <div className={classes('actions', proposalStyles.ownActions)}>
            <Button
              small
              onClick={() =>
                void catchUp().then((found) => {
                  stored.current = fieldsOf(found)
                  setFields(stored.current)
                })
              }
            >
              {t('conflict.theirs')}
            </Button>
            <Button small variant="secondary" onClick={() => void catchUp().then(() => save(fields))}>
              {t('conflict.mine')}
            </Button>
          </div>
        </Notification>
      )}
      <Form
        form={form}
        unchecked
        busy={sending}
        onSend={() => {
          if (step < lastStep) next()
          else void send()
        }}
      >
        {step === 0 && (
          <IdeaStep
            form={writing}
            round={round.id}
            proposal={proposal?.id}
            bilingual={proposal?.swedish !== undefined}
          />
        )}
        {step === 1 && <PlaceStep form={writing} round={round} />}
        {step === imagesStep && (
          <ImagesStep round={round.id} proposal={id} signedIn={signedIn} errorOf={form.errorOf} onChange={refresh} />
        )}
        {step === lastStep && (
          <ReviewStep
            fields={fields}
            round={round}
            proposal={id}
            language={proposal?.text.language ?? lang}
            onEdit={goTo}
          />
        )}
        {step === lastStep && !signedIn ? (
          <SignInFirst>{t('sign_in.to_send')}</SignInFirst>
        ) : (
          <div className="actions">
            <Button type="submit" busy={sending} end={step < lastStep ? 'arrow-right' : undefined}>
              {step < lastStep
                ? t('next')
                : t(
                    proposal && !proposal.may.includes('submit')
                      ? 'save'
                      : proposal?.state === 'needs_information'
                        ? 'reply'
                        : 'submit',
                  )}
            </Button>
            {step > 0 && (
              <Button
                variant="secondary"
                onClick={() => {
                  goTo(step - 1)
                }}
              >
                {t('back')}
              </Button>
            )}
          </div>
        )}
      </Form>
      <SavedNote saving={saving} signedIn={signedIn} isDraft={isDraft} />
      <AskLuotsi round={round.id} proposal={id} area={fields.area} signedIn={signedIn} />
      {!signedIn && !isBlank(fields) && (
        <div>
          <Button small variant="supplementary" start="trash" onClick={startOver}>
            {t('start_over')}
          </Button>
        </div>
      )}
    </div>
  )
}
