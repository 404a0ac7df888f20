import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from '@/lib/i18n'
import { Button, Card, Confirm } from '@/ui/hds'
import { announce } from '@/lib/announce'
import { ask, office } from '@/lib/api'
import { Trouble } from '@/ui/problem/Trouble'

/** What is kept of me, as a file; and erasing it, which the law limits. */
export function PersonalData() {
  const { t } = useTranslation('account')
  const cache = useQueryClient()
  const [asking, setAsking] = useState(false)
  const load = useMutation({
    mutationFn: () => ask(office.GET('/api/v1/person')),
    onSuccess: (kept) => {
      const link = document.createElement('a')
      link.href = URL.createObjectURL(new Blob([JSON.stringify(kept, null, 2)], { type: 'application/json' }))
      link.download = t('data.file')
      link.click()
      URL.revokeObjectURL(link.href)
      announce(t('data.loaded'))
    },
  })
  const erase = useMutation({
    mutationFn: () => ask(office.DELETE('/api/v1/person')),
    onSuccess: async () => {
      announce(t('data.erased'))
      await cache.resetQueries()
    },
    onSettled: () => {
      setAsking(false)
    },
  })
  return (
    <Card as="section" className="stack">
      <h2>{t('data.heading')}</h2>
      <p>{t('data.text')}</p>
      {load.error && <Trouble cause={load.error} />}
      {erase.error && <Trouble cause={erase.error} />}
      <div className="actions">
        <Button
          variant="secondary"
          busy={load.isPending}
          onClick={() => {
            load.mutate()
          }}
        >
          {t('data.load')}
        </Button>
        <Button
          variant="danger"
          onClick={() => {
            setAsking(true)
          }}
        >
          {t('data.erase')}
        </Button>
      </div>
      <Confirm
        open={asking}
        title={t('data.ask')}
        action={t('data.erase')}
        keep={t('data.keep')}
        busy={erase.isPending}
        onConfirm={() => {
          erase.mutate()
        }}
        onClose={() => {
          setAsking(false)
        }}
      >
        <p>{t('data.goes')}</p>
        <p>{t('data.stays')}</p>
        <p>{t('data.final')}</p>
      </Confirm>
    </Card>
  )
}
