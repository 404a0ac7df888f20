import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useLocation } from 'react-router'
import { limitsNewComment } from '@/lib/limits.gen'
import { AnchorButton, Button, TextArea } from '@/ui/hds'
import { announce } from '@/lib/announce'
import { Ask } from '@/ui/Ask'
import { useLang } from '@/lib/format'
import { signInHref, useSession } from '@/lib/session'
import { Trouble } from '@/ui/problem/Trouble'
import './comment.css'
import { addComment, discussionQuery } from '@/data/discussion'
import { Said } from './Said'

/** What people say of a proposal, and a place to say something. */
export function Discussion({ round, proposal }: { round: string; proposal: number }) {
  const { t } = useTranslation('comment')
  const query = useInfiniteQuery(discussionQuery(round, proposal))
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

/** The form stays as it is when sending fails. */
function Write({ round, proposal }: { round: string; proposal: number }) {
  const { t } = useTranslation(['comment', 'problem'])
  const lang = useLang()
  const session = useSession()
  const here = useLocation()
  const cache = useQueryClient()
  const [text, setText] = useState('')
  const [empty, setEmpty] = useState(false)
  const send = useMutation({
    mutationFn: () => addComment(round, proposal, { text, language: lang }),
    onSuccess: async () => {
      setText('')
      announce(t('sent'))
      await cache.invalidateQueries({ queryKey: discussionQuery(round, proposal).queryKey })
    },
  })
  if (!session) return null
  if (!session.signed_in) {
    return (
      <div className="stack-s">
        <p>{t('sign_in')}</p>
        <div className="actions">
          <AnchorButton small variant="secondary" href={signInHref(here.pathname, lang)} start="signin">
            {t('sign_in_action')}
          </AnchorButton>
        </div>
      </div>
    )
  }
  return (
    <form
      noValidate
      className="stack-s comment-form"
      onSubmit={(event) => {
        event.preventDefault()
        const none = text.trim() === ''
        setEmpty(none)
        if (none) document.getElementById('comment')?.focus()
        else if (!send.isPending) send.mutate()
      }}
    >
      <TextArea
        id="comment"
        required
        maxLength={limitsNewComment.text.maxLength}
        rows={3}
        label={t('label')}
        helper={t('help', { name: session.name ?? '' })}
        error={empty ? t('problem:field.required') : undefined}
        value={text}
        onChange={(event) => {
          setText(event.target.value)
          setEmpty(false)
        }}
      />
      {send.error && <Trouble cause={send.error} />}
      <div className="actions">
        <Button type="submit" small busy={send.isPending}>
          {t('send')}
        </Button>
      </div>
    </form>
  )
}
