import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from '@/lib/i18n'
import { useLocation } from '@/lib/router'
import { limitsNewComment } from '@/lib/limits.gen'
import { AnchorButton, Button, TextArea } from '@/ui/hds'
import { announce } from '@/lib/announce'
import { More } from '@/ui/More'
import { Ask } from '@/ui/Ask'
import { useLang } from '@/lib/format'
import { signInHref, useSession } from '@/lib/session'
import { Form } from '@/ui/form/Form'
import { useForm } from '@/ui/form/useForm'
import { useKept } from '@/ui/form/useKept'
import { classes } from '@/lib/classes'
import styles from './discussion.module.css'
import { addComment, discussionQuery, threadsOf, type Thread } from '@/data/discussion'
import { Said } from './Said'

/** What people say of a proposal, or ask about a project, and a place to say something. */
export function Discussion({ round, proposal, project }: { round: string; proposal: number; project?: boolean }) {
  const { t } = useTranslation('comment')
  const heading = t(project ? 'project.heading' : 'heading')
  const query = useInfiniteQuery(discussionQuery(round, proposal))
  const { hash } = useLocation()
  const there = query.data !== undefined
  useEffect(() => {
    // Who signed in to comment comes back to the form.
    if (there && hash === '#discussion') document.getElementById('discussion')?.scrollIntoView()
  }, [there, hash])
  return (
    <section className={classes('stack', styles.discussion)} aria-labelledby="discussion">
      <h2 id="discussion">{heading}</h2>
      <Ask query={query}>
        {({ pages }) => {
          const threads = threadsOf(pages.flatMap((page) => page.comments))
          const open = pages[0]?.open ?? false
          return (
            <>
              {threads.length === 0 && <p>{t(project ? 'project.none' : 'none')}</p>}
              {threads.length > 0 && (
                <ul className="plain stack-s" aria-label={heading}>
                  {threads.map((thread) => (
                    <OneThread key={thread.first.id} round={round} thread={thread} open={open} />
                  ))}
                </ul>
              )}
              <More query={query} small>
                {t('more')}
              </More>
              {open ? <Write round={round} proposal={proposal} /> : <p className="muted">{t('closed')}</p>}
            </>
          )
        }}
      </Ask>
    </section>
  )
}

/** A comment and the answers to it, with a place to answer. */
function OneThread({ round, thread: { first, answers }, open }: { round: string; thread: Thread; open: boolean }) {
  const { t } = useTranslation('comment')
  const [answering, setAnswering] = useState(false)
  const opener = useRef<HTMLButtonElement>(null)
  return (
    <Said
      round={round}
      comment={first}
      answer={
        open && (
          <button
            ref={opener}
            type="button"
            className={styles.linkButton}
            aria-expanded={answering}
            aria-label={t('answer.action_of', { name: first.author || t('nobody') })}
            onClick={() => {
              setAnswering(!answering)
            }}
          >
            {t('answer.action')}
          </button>
        )
      }
      answers={
        (answers.length > 0 || answering) && (
          <div className="stack-s">
            {answers.length > 0 && (
              <ul className="plain stack-s" aria-label={t('answer.heading', { name: first.author || t('nobody') })}>
                {answers.map((one) => (
                  <Said key={one.id} round={round} comment={one} />
                ))}
              </ul>
            )}
            {answering && (
              <Write
                round={round}
                proposal={first.proposal}
                to={first.id}
                onSent={() => {
                  setAnswering(false)
                  opener.current?.focus()
                }}
              />
            )}
          </div>
        )
      }
    />
  )
}

/** A place to say something, or to answer a comment. */
function Write({ round, proposal, to, onSent }: { round: string; proposal: number; to?: number; onSent?: () => void }) {
  const { t } = useTranslation(['comment', 'problem'])
  const lang = useLang()
  const session = useSession()
  const here = useLocation()
  const cache = useQueryClient()
  const [text, setText, done] = useKept(
    `comment.${round}.${String(proposal)}${to === undefined ? '' : `.${String(to)}`}`,
    '',
  )
  const field = useRef<HTMLTextAreaElement>(null)
  const signedIn = session?.signed_in
  useEffect(() => {
    if (to !== undefined && signedIn) field.current?.focus()
  }, [to, signedIn])
  const send = useMutation({
    mutationFn: () => addComment(round, proposal, { text, language: lang, ...(to !== undefined && { reply_to: to }) }),
    onSuccess: async () => {
      setText('')
      done()
      form.begin()
      announce(t('sent'))
      onSent?.()
      await cache.invalidateQueries({ queryKey: discussionQuery(round, proposal).queryKey })
    },
  })
  const prefix = to === undefined ? 'comment.' : `comment.${String(to)}.`
  const form = useForm({
    wrong: { text: text.trim() ? undefined : t('problem:field.required') },
    cause: send.error,
    prefix,
  })
  if (!session) return null
  if (!session.signed_in) {
    return (
      <div className="stack-s">
        <p>{t('sign_in')}</p>
        <div className="actions">
          <AnchorButton small variant="secondary" href={signInHref(`${here.pathname}#discussion`, lang)} start="signin">
            {t('sign_in_action')}
          </AnchorButton>
        </div>
      </div>
    )
  }
  return (
    <Form
      form={form}
      brief
      busy={send.isPending}
      className={classes('stack-s', styles.form)}
      onSend={send.mutate}
      actions={
        <Button type="submit" small busy={send.isPending}>
          {t(to === undefined ? 'send' : 'answer.send')}
        </Button>
      }
    >
      <TextArea
        id={`${prefix}text`}
        ref={field}
        required
        maxLength={limitsNewComment.text.maxLength}
        rows={3}
        label={t(to === undefined ? 'label' : 'answer.label')}
        helper={t('help', { name: session.name ?? '' })}
        error={form.errorOf('text')}
        value={text}
        onChange={(event) => {
          setText(event.target.value)
        }}
      />
    </Form>
  )
}
