import { readWhole, writeWhole } from '@/lib/number'
import { ReadField, type ReadFieldProps } from './ReadField'

/** A field for a whole number of nought or more; what cannot be read as one is NaN. */
export const NumberField = (field: ReadFieldProps) => (
  <ReadField {...field} read={readWhole} write={writeWhole} inputMode="numeric" />
)
