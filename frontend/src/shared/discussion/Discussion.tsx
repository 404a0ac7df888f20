import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query'
import { useEffect } from 'react'
import { useTranslation } from '@/lib/i18n'
import { useLocation } from 'react-router'
import { limitsNewComment } from '@/lib/limits.gen'
import { AnchorButton, Button, TextArea } from '@/ui/hds'
import { announce } from '@/lib/announce'
import { Ask } from '@/ui/Ask'
import { useLang } from '@/lib/format'
import { signInHref, useSession } from '@/lib/session'
import { Form } from '@/ui/form/Form'
import { useForm } from '@/ui/form/useForm'
import { useKept } from '@/ui/form/useKept'
import './comment.css'
import { addComment, discussionQuery } from '@/data/discussion'
import { Said } from './Said'

/** What people say of a proposal, and a place to say something. */
export function Discussion({ round, proposal }: { round: string; proposal: number }) {
  const { t } = useTranslation('comment')
  const query = useInfiniteQuery(discussionQuery(round, proposal))
  const { hash } = useLocation()
  const there = query.data !== undefined
  useEffect(() => {
    // Who signed in to comment comes back to the form.
    if (there && hash === '#discussion') document.getElementById('discussion')?.scrollIntoView()
  }, [there, hash])
  return (
    <section className="stack discussion" aria-labelledby="discussion">
      <h2 id="discussion">{t('heading')}</h2>
      <Ask query={query}>
        {({ pages }) => {
          const comments = pages.flatMap((page) => page.comments)
          return (
            <>
              {comments.length === 0 && <p>{t('none')}</p>}
              {comments.length > 0 && (
                <ul className="plain stack-s" aria-label={t('heading')}>
                  {comments.map((comment) => (
                    <Said key={comment.id} round={round} comment={comment} />
                  ))}
                </ul>
              )}
              {query.hasNextPage && (
                <div className="actions">
                  <Button
                    small
                    variant="secondary"
                    busy={query.isFetchingNextPage}
                    onClick={() => void query.fetchNextPage()}
                  >
                    {t('more')}
                  </Button>
                </div>
              )}
              {pages[0]?.open ? <Write round={round} proposal={proposal} /> : <p className="muted">{t('closed')}</p>}
            </>
          )
        }}
      </Ask>
    </section>
  )
}

function Write({ round, proposal }: { round: string; proposal: number }) {
  const { t } = useTranslation(['comment', 'problem'])
  const lang = useLang()
  const session = useSession()
  const here = useLocation()
  const cache = useQueryClient()
  const [text, setText, done] = useKept(`comment.${round}.${String(proposal)}`, '')
  const send = useMutation({
    mutationFn: () => addComment(round, proposal, { text, language: lang }),
    onSuccess: async () => {
      setText('')
      done()
      form.begin()
      announce(t('sent'))
      await cache.invalidateQueries({ queryKey: discussionQuery(round, proposal).queryKey })
    },
  })
  const form = useForm({
    wrong: { text: text.trim() ? undefined : t('problem:field.required') },
    cause: send.error,
    prefix: 'comment.',
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
      className="stack-s comment-form"
      onSend={send.mutate}
      actions={
        <Button type="submit" small busy={send.isPending}>
          {t('send')}
        </Button>
      }
    >
      <TextArea
        id="comment.text"
        required
        maxLength={limitsNewComment.text.maxLength}
        rows={3}
        label={t('label')}
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
