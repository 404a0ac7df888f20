import { useQuery } from '@tanstack/react-query'
import { useTranslation } from '@/lib/i18n'
import { Link } from '@/lib/router'
import { Ask } from '@/ui/Ask'
import { Page } from '@/ui/Page'
import { useFormat, useLang } from '@/lib/format'
import { Local } from '@/ui/text'
import { fundQuery } from '@/data/ledger'
import { Bar } from './Bar'
import { Facts } from './Facts'
import style from './ledger.module.css'

const facts = ['opening', 'pots', 'external', 'spent', 'maintenance', 'returned', 'carried', 'closing'] as const

/** The participation fund: each year from its opening to its closing balance, and each round's money. */
export default function Fund() {
  const { t } = useTranslation('delivery', { keyPrefix: 'ledger' })
  const { t: shell } = useTranslation()
  const lang = useLang()
  const { euros } = useFormat()
  const words = (fact: (typeof facts)[number]) =>
    fact === 'opening' || fact === 'closing' || fact === 'pots' ? t(fact) : t(`account.${fact}`)
  return (
    <Page title={t('fund')} above={[{ to: `/${lang}`, text: shell('nav.home') }]} lead={<p>{t('fund_lead')}</p>}>
      <Ask query={useQuery(fundQuery)}>
        {({ years, rounds }) =>
          years.length === 0 ? (
            <p>{t('fund_none')}</p>
          ) : (
            <div className="stack-l">
              <section className="stack">
                <h2>{t('years')}</h2>
                <ul className={`plain ${style.rows}`}>
                  {years.toReversed().map((year) => (
                    <li key={year.year} className="stack-s">
                      <h3>{year.year}</h3>
                      <dl className={style.facts}>
                        {facts
                          .filter((fact) => year[fact] !== 0 || fact === 'opening' || fact === 'closing')
                          .map((fact) => (
                            <div key={fact}>
                              <dt>{words(fact)}</dt>
                              <dd>{euros(year[fact])}</dd>
                            </div>
                          ))}
                      </dl>
                    </li>
                  ))}
                </ul>
              </section>
              <section className="stack">
                <h2>{t('rounds')}</h2>
                <div className={style.bars}>
                  {rounds.map(({ round, name, balances }) => (
                    <section key={round} className="stack-s">
                      <h3>
                        <Local text={name} />
                      </h3>
                      <Bar balances={balances} />
                      <Facts balances={balances} />
                      <p>
                        <Link to={`/${lang}/rounds/${round}/ledger`}>{t('see')}</Link>
                      </p>
                    </section>
                  ))}
                </div>
              </section>
            </div>
          )
        }
      </Ask>
    </Page>
  )
}
