import { useTranslation } from '@/lib/i18n'
import { useFormat } from '@/lib/format'
import { held, type Balances } from '@/data/ledger'
import style from './ledger.module.css'

/** What lies on each account; those with nothing are left out. */
export function Facts({ balances }: { balances: Balances }) {
  const { t } = useTranslation('delivery', { keyPrefix: 'ledger' })
  const { euros } = useFormat()
  const shown = [
    ...held.map((account) => ({ account, cents: balances[account] })),
    { account: 'external' as const, cents: -balances.external },
  ].filter(({ cents }) => cents !== 0)
  return (
    <dl className={style.facts}>
      {shown.map(({ account, cents }) => (
        <div key={account}>
          <dt>{t(`account.${account}`)}</dt>
          <dd>{euros(cents)}</dd>
        </div>
      ))}
    </dl>
  )
}
