import { readMoney, readWholeEuros, writeMoney } from '@/lib/money'
import { ReadField, type ReadFieldProps } from './ReadField'

/** A field for an amount in euros, in cents outside of it; what cannot be read as one is NaN. */
export const MoneyField = ({
  whole = false,
  ...field
}: ReadFieldProps & {
  /** Cents cannot be given. */
  whole?: boolean
}) => (
  <ReadField
    {...field}
    read={whole ? readWholeEuros : readMoney}
    write={writeMoney}
    inputMode={whole ? 'numeric' : 'decimal'}
  />
)
