import { useTranslation } from '@/lib/i18n'
import { documents } from '@/data/polling'
import { limitsLookUp } from '@/lib/limits.gen'
import type { useFields } from '@/ui/form/useFields'
import { Select, TextInput } from '@/ui/hds'

/** What of a form on the person who stands before the officer this asks. */
export const nobody = { identity_code: '', document: '' }
type Asked = keyof typeof nobody

/** The labels and the check of these fields, for a form that has more. */
export function useWhoStands() {
  const { t } = useTranslation('polling')
  return {
    labels: { identity_code: t('look.identity'), document: t('look.document') },
    check: ({ identity_code, document }: Record<Asked, string>) => ({
      identity_code: identity_code.trim() ? undefined : t('look.identity_missing'),
      document: document ? undefined : t('look.document_missing'),
    }),
  }
}

/** Who stands before the officer, and by which document: asked alike whatever is done then. */
export function WhoStands({ field }: { field: ReturnType<typeof useFields<Asked>>['field'] }) {
  const { t } = useTranslation('polling')
  return (
    <>
      <TextInput
        {...field('identity_code')}
        helper={t('look.identity_help')}
        required
        autoComplete="off"
        autoCapitalize="characters"
        spellCheck={false}
        maxLength={limitsLookUp.identity_code.maxLength}
      />
      <Select
        {...field('document')}
        helper={t('look.document_help')}
        required
        options={[
          { value: '', label: t('look.choose') },
          ...documents.map((value) => ({ value, label: t(`documents.${value}`) })),
        ]}
      />
    </>
  )
}
