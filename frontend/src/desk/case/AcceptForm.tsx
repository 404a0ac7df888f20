import { useTranslation } from 'react-i18next'
import { TextArea, TextInput } from '@/ui/hds'
import { useFormat } from '@/lib/format'
import type { DecisionForm } from './decision'
import { FormFrame } from '@/ui/form/FormFrame'
import { readMoney } from '@/lib/money'
import { useFields } from '@/ui/form/useFields'

/** Cost in euros; the public words are optional, but come in both of the city's languages. */
export function AcceptForm({ onReady, onStop, maintenanceReserved }: DecisionForm & { maintenanceReserved: boolean }) {
  const { t } = useTranslation('desk')
  const { euros } = useFormat()
  const { field, submit, ...form } = useFields(
    { minimum: '', maximum: '', maintenance: '0', fi: '', sv: '', en: '' },
    {
      minimum: t('decide.accept.minimum'),
      maximum: t('decide.accept.maximum'),
      maintenance: t('decide.accept.maintenance'),
      fi: t('decide.text.fi'),
      sv: t('decide.text.sv'),
      en: t('decide.text.en'),
    },
    ({ minimum, maximum, maintenance, fi, sv, en }) => {
      const least = readMoney(minimum)
      const most = readMoney(maximum)
      const spoken = [fi, sv, en].some((text) => text.trim())
      return {
        ...(least === undefined ? { minimum: t('decide.accept.amount') } : {}),
        ...(most === undefined
          ? { maximum: t('decide.accept.amount') }
          : most === 0
            ? { maximum: t('decide.accept.positive') }
            : least !== undefined && least > most
              ? { maximum: t('decide.accept.order') }
              : {}),
        ...(readMoney(maintenance) === undefined ? { maintenance: t('decide.accept.amount') } : {}),
        ...(spoken && !fi.trim() ? { fi: t('decide.accept.both') } : {}),
        ...(spoken && !sv.trim() ? { sv: t('decide.accept.both') } : {}),
      }
    },
  )
  const most = readMoney(form.values.maximum)
  const yearly = readMoney(form.values.maintenance)
  const reserved =
    most === undefined ? undefined : maintenanceReserved ? (yearly === undefined ? undefined : most + yearly) : most
  const done = () => {
    submit(({ minimum, maximum, maintenance, fi, sv, en }) => {
      const cost = {
        minimum: readMoney(minimum) ?? 0,
        maximum: readMoney(maximum) ?? 0,
        maintenance: readMoney(maintenance) ?? 0,
      }
      const text = fi.trim() ? { fi: fi.trim(), sv: sv.trim(), ...(en.trim() && { en: en.trim() }) } : undefined
      onReady({ kind: 'accept', body: { cost, ...(text && { text }) } })
    })
  }
  return (
    <FormFrame send={t('decide.next')} stop={t('decide.stop')} {...form} onStop={onStop} onSubmit={done}>
      <TextInput {...field('minimum')} required inputMode="decimal" autoComplete="off" />
      <TextInput {...field('maximum')} required inputMode="decimal" autoComplete="off" />
      <TextInput
        {...field('maintenance')}
        required
        inputMode="decimal"
        autoComplete="off"
        helper={t(maintenanceReserved ? 'decide.accept.reserved_with' : 'decide.accept.reserved_without')}
      />
      <p role="status">{reserved !== undefined && t('decide.accept.reserved', { sum: euros(reserved) })}</p>
      <TextArea {...field('fi')} helper={t('decide.accept.help')} rows={3} maxLength={5000} lang="fi" />
      <TextArea {...field('sv')} rows={3} maxLength={5000} lang="sv" />
      <TextArea {...field('en')} rows={3} maxLength={5000} lang="en" />
    </FormFrame>
  )
}
