import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { comparisonsQuery, nameOf, readSeen, type Comparison } from '@/data/comparison'
import { stageOf, useRound, type Round } from '@/data/round'
import { announce } from '@/lib/announce'
import { ask, office, type Schemas } from '@/lib/api'
import { useLang } from '@/lib/format'
import { useTranslation } from '@/lib/i18n'
import { limitsSheetDraw } from '@/lib/limits.gen'
import { readWhole } from '@/lib/number'
import { Drawn } from '@/shared/comparison/Drawn'
import { AskPage } from '@/ui/AskPage'
import { Form } from '@/ui/form/Form'
import { useFields } from '@/ui/form/useFields'
import { AnchorButton, Button, Checkbox, Notification, TextInput } from '@/ui/hds'
import { Only } from '@/ui/Only'
import { Page } from '@/ui/Page'
import { Trouble } from '@/ui/problem/Trouble'
import { useLocal } from '@/ui/text'
import styles from './polling.module.css'

/** Where officials compare sheets of paper, drawn by lot, with what the record says of them. */
export function Comparisons() {
  const { t } = useTranslation('polling')
  return (
    <Only roles={['official']} title={t('comparison.title')}>
      <AskPage query={useRound()}>{(round) => <OfRound round={round} />}</AskPage>
    </Only>
  )
}

function OfRound({ round }: { round: Round }) {
  const { t } = useTranslation('polling')
  const local = useLocal()
  const lang = useLang()
  const published = stageOf(round).acts.includes('results')
  return (
    <AskPage query={useQuery(comparisonsQuery(round.id))}>
      {(comparisons) => (
        <Page
          title={t('comparison.title')}
          above={[
            { to: '/polling', text: t('title') },
            { to: `/polling/${round.id}`, text: local(round.name) },
            { to: `/polling/${round.id}/batches`, text: t('batches.title') },
          ]}
          lead={t('comparison.lead')}
        >
          <div className="stack-l">
            {published ? (
              <>
                {comparisons.length > 0 && (
                  <section className="stack-l">
                    <h2>{t('comparison.all')}</h2>
                    {comparisons.toReversed().map((one) => (
                      <OneComparison key={one.number} round={round} comparison={one} />
                    ))}
                  </section>
                )}
                <Draw round={round} />
                <div className="actions">
                  <AnchorButton href={`/${lang}/rounds/${round.id}/record`} variant="supplementary">
                    {t('comparison.public')}
                  </AnchorButton>
                </div>
              </>
            ) : (
              <Notification label={t('comparison.early')}>{t('comparison.early_text')}</Notification>
            )}
          </div>
        </Page>
      )}
    </AskPage>
  )
}

/** Puts what the server answers into the list at once. */
function useShow(round: Round) {
  const cache = useQueryClient()
  return (told: Comparison) => {
    cache.setQueryData(comparisonsQuery(round.id).queryKey, (all = []) =>
      [...all.filter(({ number }) => number !== told.number), told].toSorted((a, b) => a.number - b.number),
    )
  }
}

function Draw({ round }: { round: Round }) {
  const { t } = useTranslation('polling')
  const show = useShow(round)
  const most = limitsSheetDraw.size.maximum
  const draw = useMutation({
    mutationFn: (body: Schemas['SheetDraw']) =>
      ask(office.POST('/api/v1/rounds/{round}/comparisons', { params: { path: { round: round.id } }, body })),
    onSuccess: (told) => {
      empty()
      show(told)
      announce(t('comparison.drawn_done'))
    },
  })
  const sizeOf = (text: string) => readWhole(text, most) || undefined
  const { values, form, field, empty } = useFields({
    start: { seed: '', size: '50' },
    labels: { seed: t('comparison.seed'), size: t('comparison.size') },
    check: (values) => ({
      seed: values.seed.trim() ? undefined : t('comparison.seed_missing'),
      size: sizeOf(values.size) ? undefined : t('comparison.size_wrong', { most }),
    }),
    prefix: 'draw.',
    cause: draw.error,
  })
  return (
    <section className="stack">
      <h2>{t('comparison.draw')}</h2>
      <p className="prose">{t('comparison.draw_text')}</p>
      <Form
        form={form}
        busy={draw.isPending}
        className={`stack ${styles.form ?? ''}`}
        onSend={() => {
          draw.mutate({ seed: values.seed.trim(), size: sizeOf(values.size) ?? 0 })
        }}
        actions={
          <Button type="submit" busy={draw.isPending}>
            {t('comparison.draw')}
          </Button>
        }
      >
        <TextInput
          {...field('seed')}
          helper={t('comparison.seed_help')}
          required
          autoComplete="off"
          translate="no"
          maxLength={limitsSheetDraw.seed.maxLength}
        />
        <TextInput {...field('size')} required inputMode="numeric" autoComplete="off" />
      </Form>
    </section>
  )
}

/** One draw: what was found, and until it is published, what is left to do about it. */
function OneComparison({ round, comparison }: { round: Round; comparison: Comparison }) {
  const { t } = useTranslation('polling')
  const show = useShow(round)
  const path = { round: round.id, comparison: comparison.number }
  const publish = useMutation({
    mutationFn: (version: number) =>
      ask(
        office.POST('/api/v1/rounds/{round}/comparisons/{comparison}/publication', {
          params: { path },
          body: { version },
        }),
      ),
    onSuccess: (told) => {
      show(told)
      announce(t('comparison.published'))
    },
  })
  const { found, own, published, version } = comparison
  return (
    <Drawn round={round} comparison={comparison}>
      {published && (
        <Notification kind="success" label={t('comparison.published')}>
          {t('comparison.published_text')}
        </Notification>
      )}
      {!published && found && own && (
        <Notification label={t('comparison.own')}>{t('comparison.own_text')}</Notification>
      )}
      {!published && version && !own && (
        <div className="stack">
          <p>{t('comparison.publish_text')}</p>
          <div className="actions">
            <Button
              busy={publish.isPending}
              onClick={() => {
                publish.mutate(version)
              }}
            >
              {t('comparison.publish')}
            </Button>
          </div>
          {publish.error && <Trouble cause={publish.error} />}
        </div>
      )}
      {!published && <Seen round={round} comparison={comparison} onSaved={show} />}
    </Drawn>
  )
}

const yes = 'yes'
/** Parts of ids, which have no spaces. */
const keyOf = ({ batch, serial }: Schemas['SheetName']) => `${batch}-${serial}`
const goneOf = (key: string) => `${key}-missing`

/** What auditors see on each sheet; what the record says of it is told only when it is saved. */
function Seen({
  round,
  comparison,
  onSaved,
}: {
  round: Round
  comparison: Comparison
  onSaved: (told: Comparison) => void
}) {
  const { t } = useTranslation('polling')
  const { number, sheets, withheld } = comparison
  const hidden = new Set(withheld.map(nameOf))
  const shown = sheets.filter((sheet) => !hidden.has(nameOf(sheet)))
  const names = shown.map(keyOf)
  const save = useMutation({
    mutationFn: (sheets: Schemas['SeenSheet'][]) =>
      ask(
        office.PUT('/api/v1/rounds/{round}/comparisons/{comparison}/sheets', {
          params: { path: { round: round.id, comparison: number } },
          body: { sheets },
        }),
      ),
    onSuccess: (told) => {
      announce(t('comparison.saved'))
      onSaved(told)
    },
  })
  const { values, form, field, fill } = useFields<string>({
    start: Object.fromEntries(names.flatMap((name) => [name, goneOf(name)]).map((key) => [key, ''])),
    labels: Object.fromEntries(shown.map((sheet) => [keyOf(sheet), nameOf(sheet)])),
    check: (values) => {
      const isLooked = (name: string) => values[goneOf(name)] === yes || !!values[name]?.trim()
      const [first = ''] = names
      return {
        ...(!names.some(isLooked) && { [first]: t('comparison.none') }),
        ...Object.fromEntries(
          names
            .filter((name) => values[goneOf(name)] !== yes && values[name]?.trim())
            .filter((name) => readSeen(values[name] ?? '') === undefined)
            .map((name) => [name, t('comparison.wrong')]),
        ),
      }
    },
    prefix: `seen-${String(number)}-`,
    cause: save.error,
    slot: `comparison-${round.id}-${String(number)}`,
  })
  return (
    <Form
      form={form}
      busy={save.isPending}
      onSend={() => {
        save.mutate(
          shown.flatMap((sheet) => {
            const name = keyOf(sheet)
            const missing = values[goneOf(name)] === yes
            const seen = readSeen(values[name] ?? '')
            return missing || seen !== undefined ? [{ ...sheet, missing, seen: missing ? '' : (seen ?? '') }] : []
          }),
        )
      }}
      actions={
        <Button type="submit" variant="secondary" busy={save.isPending}>
          {t('comparison.save')}
        </Button>
      }
    >
      <h3>{t('comparison.see')}</h3>
      <p className="prose">{t('comparison.see_text')}</p>
      <ul className={`plain ${styles.seen ?? ''}`}>
        {shown.map((sheet) => {
          const name = keyOf(sheet)
          return (
            <li key={name}>
              <TextInput {...field(name)} required={false} autoComplete="off" disabled={values[goneOf(name)] === yes} />
              <Checkbox
                label={t('comparison.missing', { sheet: nameOf(sheet) })}
                checked={values[goneOf(name)] === yes}
                onChange={({ target: { checked } }) => {
                  fill({ [goneOf(name)]: checked ? yes : '' })
                }}
              />
            </li>
          )
        })}
      </ul>
      {hidden.size > 0 && (
        <p>{t('comparison.withheld', { count: hidden.size, n: hidden.size, sheets: [...hidden].join(', ') })}</p>
      )}
    </Form>
  )
}
