import { held, type Balances } from '@/data/ledger'
import style from './ledger.module.css'

/** A pot as one bar, divided by where its money lies; the words beside it say the same. */
export function Bar({ balances }: { balances: Balances }) {
  const sum = (accounts: readonly (typeof held)[number][]) =>
    accounts.reduce((cents, account) => cents + balances[account], 0)
  const all = sum(held)
  if (all <= 0) return null
  return (
    <svg className={style.bar} viewBox="0 0 1000 28" preserveAspectRatio="none" aria-hidden="true">
      {held.map((account, at) => (
        <rect
          key={account}
          className={style[account]}
          x={(sum(held.slice(0, at)) / all) * 1000}
          y="0"
          width={(balances[account] / all) * 1000}
          height="28"
        />
      ))}
    </svg>
  )
}
