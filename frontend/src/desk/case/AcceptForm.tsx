import { useTranslation } from '@/lib/i18n'
import { TextArea, TextInput } from '@/ui/hds'
import { useFormat } from '@/lib/format'
import type { Schemas } from '@/lib/api'
import type { Proposal } from '@/data/proposal'
import type { DecisionForm } from './decision'
import { DecisionFrame } from './DecisionFrame'
import { readMoney, writeMoney } from '@/lib/money'
import { useFields } from '@/ui/form/useFields'

/** Cost in euros, begun from the last decision or the experts' estimate; the public words are optional, but come in both of the city's languages. */
export function AcceptForm({
  cause,
  slot,
  busy,
  onReady,
  onStop,
  proposal,
  maintenanceReserved,
}: DecisionForm & { proposal: Proposal; maintenanceReserved: boolean }) {
  const { t } = useTranslation('desk')
  const { euros } = useFormat()
  const { cost, estimate } = proposal
  const known = cost ?? estimate?.cost // of a reopened decision, or the experts'
  const words: Schemas['Reasons'] = (!cost && estimate?.reasons) || {}
  const { values, field, form } = useFields({
    start: {
      'cost.minimum': writeMoney(known?.minimum),
      'cost.maximum': writeMoney(known?.maximum),
      'cost.maintenance': writeMoney(known?.maintenance ?? 0),
      'text.fi': words.fi ?? '',
      'text.sv': words.sv ?? '',
      'text.en': words.en ?? '',
    },
    labels: {
      'cost.minimum': t('decide.accept.minimum'),
      'cost.maximum': t('decide.accept.maximum'),
      'cost.maintenance': t('decide.accept.maintenance'),
      'text.fi': t('decide.text.fi'),
      'text.sv': t('decide.text.sv'),
      'text.en': t('decide.text.en'),
    },
    check: (values) => {
      const least = readMoney(values['cost.minimum'])
      const most = readMoney(values['cost.maximum'])
      const amount = t('decide.accept.amount')
      const spoken = (['text.fi', 'text.sv', 'text.en'] as const).some((name) => values[name].trim())
      const both = (text: string) => (spoken && !text.trim() ? t('decide.accept.both') : undefined)
      return {
        'cost.minimum': least === undefined ? amount : undefined,
        'cost.maximum':
          most === undefined
            ? amount
            : most === 0
              ? t('decide.accept.positive')
              : least !== undefined && least > most
                ? t('decide.accept.order')
                : undefined,
        'cost.maintenance': readMoney(values['cost.maintenance']) === undefined ? amount : undefined,
        'text.fi': both(values['text.fi']),
        'text.sv': both(values['text.sv']),
      }
    },
    prefix: 'decision.',
    cause,
    slot,
  })
  const most = readMoney(values['cost.maximum'])
  const yearly = readMoney(values['cost.maintenance'])
  const reserved =
    most === undefined ? undefined : maintenanceReserved ? (yearly === undefined ? undefined : most + yearly) : most
  const done = () => {
    const cost = {
      minimum: readMoney(values['cost.minimum']) ?? 0,
      maximum: readMoney(values['cost.maximum']) ?? 0,
      maintenance: readMoney(values['cost.maintenance']) ?? 0,
    }
    const [fi, sv, en] = [values['text.fi'].trim(), values['text.sv'].trim(), values['text.en'].trim()]
    onReady({ kind: 'accept', body: { cost, ...(fi && { text: { fi, sv, ...(en && { en }) } }) } })
  }
  return (
    <DecisionFrame form={form} kind="accept" busy={busy} onStop={onStop} onSend={done}>
      {known && <p>{t(cost ? 'decide.accept.from_before' : 'decide.accept.from_estimate')}</p>}
      {proposal.may.includes('translate') && !proposal.swedish && <p>{t('decide.accept.one_language')}</p>}
      <TextInput {...field('cost.minimum')} required inputMode="decimal" autoComplete="off" />
      <TextInput {...field('cost.maximum')} required inputMode="decimal" autoComplete="off" />
      <TextInput
        {...field('cost.maintenance')}
        required
        inputMode="decimal"
        autoComplete="off"
        helper={t(maintenanceReserved ? 'decide.accept.reserved_with' : 'decide.accept.reserved_without')}
      />
      <p role="status">{reserved !== undefined && t('decide.accept.reserved', { sum: euros(reserved) })}</p>
      <TextArea {...field('text.fi')} helper={t('decide.accept.help')} rows={3} maxLength={5000} lang="fi" />
      <TextArea {...field('text.sv')} rows={3} maxLength={5000} lang="sv" />
      <TextArea {...field('text.en')} rows={3} maxLength={5000} lang="en" />
    </DecisionFrame>
  )
}
