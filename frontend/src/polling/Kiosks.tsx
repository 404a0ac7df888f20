import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useTranslation } from '@/lib/i18n'
import { placesQuery, type Place } from '@/data/polling'
import { isVoteOver, type Round } from '@/data/round'
import { announce } from '@/lib/announce'
import { ask, office } from '@/lib/api'
import { useFormat, useLang } from '@/lib/format'
import { limitsNewKiosk } from '@/lib/limits.gen'
import { Form } from '@/ui/form/Form'
import { useFields } from '@/ui/form/useFields'
import { Button, Notification, TextInput } from '@/ui/hds'
import { Trouble } from '@/ui/problem/Trouble'
import styles from './polling.module.css'

/** The browsers of a place at which people vote: set up for a day, ended at once. */
export function Kiosks({ round, place }: { round: Round; place: Place }) {
  const { t } = useTranslation('polling')
  const lang = useLang()
  const { dateTime } = useFormat()
  const cache = useQueryClient()
  const path = { round: round.id, event: place.id }
  const refresh = () => cache.invalidateQueries({ queryKey: placesQuery(round.id).queryKey })
  const add = useMutation({
    mutationFn: (name: string) =>
      ask(office.POST('/api/v1/rounds/{round}/places/{event}/kiosks', { params: { path }, body: { name } })),
    gcTime: 0,
    onSuccess: () => {
      empty()
      return refresh()
    },
  })
  const end = useMutation({
    mutationFn: (kiosk: number) =>
      ask(
        office.DELETE('/api/v1/rounds/{round}/places/{event}/kiosks/{kiosk}', { params: { path: { ...path, kiosk } } }),
      ),
    onSuccess: () => {
      announce(t('kiosks.ended'))
      return refresh()
    },
  })
  const { values, form, field, empty } = useFields({
    start: { name: '' },
    labels: { name: t('kiosks.name') },
    check: ({ name }) => ({ name: name.trim() ? undefined : t('kiosks.name_missing') }),
    prefix: 'kiosk.',
    cause: add.error,
  })
  return (
    <section className="stack">
      <h2>{t('kiosks.heading')}</h2>
      <p>{t('kiosks.text')}</p>
      <ul className={`plain ${styles.officers ?? ''}`}>
        {place.kiosks?.map(({ id, name, enrolled, ends }) => (
          <li key={id}>
            <span>
              <strong>{name}</strong>, {enrolled ? t('kiosks.until', { time: dateTime(ends) }) : t('kiosks.waits')}
            </span>
            <Button
              small
              variant="secondary"
              aria-label={t('kiosks.end_of', { name })}
              onClick={() => {
                end.mutate(id)
              }}
            >
              {t('kiosks.end')}
            </Button>
          </li>
        ))}
        {place.kiosks?.length === 0 && <li>{t('kiosks.none')}</li>}
      </ul>
      {end.error && <Trouble cause={end.error} />}
      {add.data && (
        <Notification kind="success" label={t('kiosks.code')} live>
          <p className={styles.code}>
            <code>{add.data.code}</code>
          </p>
          <p>
            {t('kiosks.code_text', {
              time: dateTime(add.data.until),
              address: `${location.origin}/${lang}/rounds/${round.id}/kiosk`,
            })}
          </p>
        </Notification>
      )}
      {!isVoteOver(round) && (
        <Form
          form={form}
          brief
          busy={add.isPending}
          className={`stack ${styles.form ?? ''}`}
          onSend={() => {
            add.mutate(values.name.trim())
          }}
          actions={
            <Button type="submit" variant="secondary" busy={add.isPending}>
              {t('kiosks.add')}
            </Button>
          }
        >
          <TextInput
            {...field('name')}
            helper={t('kiosks.name_help')}
            required
            maxLength={limitsNewKiosk.name.maxLength}
          />
        </Form>
      )}
    </section>
  )
}
