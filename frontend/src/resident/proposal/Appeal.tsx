import { useMutation, useQueryClient } from '@tanstack/react-query'
import { keys } from '@/data/keys'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Button, Card, TextArea } from '@/ui/hds'
import { announce } from '@/lib/announce'
import { ask, office } from '@/lib/api'
import { limitsAppeal } from '@/lib/limits.gen'
import { Trouble } from '@/ui/problem/Trouble'
import { proposalQuery, type Proposal } from '@/data/proposal'

/** A rejection's author may answer it once; later she sees what she wrote. */
export function Appeal({ proposal, round }: { proposal: Proposal; round: string }) {
  const { t } = useTranslation('proposal')
  const [writing, setWriting] = useState(false)
  if (proposal.appeal)
    return (
      <Card as="section" className="answer">
        <h2>{t('appeal.yours')}</h2>
        <p className="lines" dir="auto">
          {proposal.appeal}
        </p>
        {proposal.state === 'appealed' && <p>{t('appeal.waits')}</p>}
      </Card>
    )
  if (!proposal.may.includes('appeal')) return null
  return (
    <Card as="section" className="answer">
      <h2>{t('appeal.heading')}</h2>
      <p>{t('appeal.text')}</p>
      {writing ? (
        <Form
          proposal={proposal}
          round={round}
          onStop={() => {
            setWriting(false)
          }}
        />
      ) : (
        <div className="actions">
          <Button
            variant="secondary"
            onClick={() => {
              setWriting(true)
            }}
          >
            {t('appeal.begin')}
          </Button>
        </div>
      )}
    </Card>
  )
}

function Form({ proposal, round, onStop }: { proposal: Proposal; round: string; onStop: () => void }) {
  const { t } = useTranslation(['proposal', 'shell'])
  const [text, setText] = useState('')
  const [tried, setTried] = useState(false)
  const field = useRef<HTMLTextAreaElement>(null)
  const cache = useQueryClient()
  useEffect(() => {
    field.current?.focus()
  }, [])
  const send = useMutation({
    mutationFn: () =>
      ask(
        office.POST('/api/v1/rounds/{round}/proposals/{proposal}/appeal', {
          params: { path: { round, proposal: proposal.id } },
          body: { text: text.trim() },
        }),
      ),
    onSuccess: (changed) => {
      cache.setQueryData(proposalQuery(round, proposal.id).queryKey, changed)
      void cache.invalidateQueries({ queryKey: keys.proposals(round) })
      announce(t('appeal.done'))
      document.getElementById('main')?.focus()
    },
  })
  return (
    <form
      noValidate
      className="stack"
      onSubmit={(event) => {
        event.preventDefault()
        setTried(true)
        if (text.trim()) send.mutate()
        else field.current?.focus()
      }}
    >
      <TextArea
        ref={field}
        label={t('appeal.label')}
        helper={t('appeal.help')}
        error={tried && !text.trim() ? t('appeal.empty') : undefined}
        required
        rows={6}
        maxLength={limitsAppeal.text.maxLength}
        value={text}
        onChange={(event) => {
          setText(event.target.value)
        }}
      />
      {send.error && <Trouble cause={send.error} />}
      <div className="actions">
        <Button type="submit" busy={send.isPending}>
          {t('appeal.send')}
        </Button>
        <Button variant="secondary" onClick={onStop}>
          {t('appeal.stop')}
        </Button>
      </div>
    </form>
  )
}
