import { useTranslation } from '@/lib/i18n'
import type { Schemas } from '@/lib/api'
import { reasons } from './sheet'

const isReason = (reason: string): reason is (typeof reasons)[number] => reasons.some((one) => one === reason)

/** What reads a sheet's reason out, as the lists of reasons have it. */
export function useReason() {
  const { t } = useTranslation('polling')
  // The texts have a reason's words one level down: too_many alone would be a form of a plural.
  return (reason: string) => (isReason(reason) ? t(`reasons.${reason}.name`) : reason)
}

/** What somebody said of a sheet in a few words. */
export function useSaid() {
  const { t } = useTranslation('polling')
  const reasonOf = useReason()
  return (sheet: Schemas['KeyedSheet'] | undefined) =>
    sheet
      ? [sheet.choices || t('keying.nothing'), sheet.reason && reasonOf(sheet.reason)].filter(Boolean).join(', ')
      : t('keying.absent')
}
