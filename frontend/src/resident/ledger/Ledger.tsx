import { useQuery } from '@tanstack/react-query'
import { useTranslation } from '@/lib/i18n'
import { Link, useParams } from '@/lib/router'
import { Notification } from '@/ui/hds'
import { AskPage } from '@/ui/AskPage'
import { Page } from '@/ui/Page'
import { useFormat, useLang } from '@/lib/format'
import { Local, useLocal } from '@/ui/text'
import { useRound, type Round } from '@/data/round'
import { ledgerQuery, whose, type Ledger, type LedgerEntry } from '@/data/ledger'
import { Bar } from './Bar'
import { Facts } from './Facts'
import style from './ledger.module.css'

/** A round's accounts: each area's pot as a bar, each project's estimate beside what it cost, and every entry. */
export default function LedgerOfRound() {
  const { round = '' } = useParams()
  const rounds = useRound()
  const query = useQuery(ledgerQuery(round))
  return (
    <AskPage query={rounds}>
      {(of) => <AskPage query={query}>{(ledger) => <Accounts round={of} ledger={ledger} />}</AskPage>}
    </AskPage>
  )
}

function Accounts({ round, ledger }: { round: Round; ledger: Ledger }) {
  const { t } = useTranslation('delivery', { keyPrefix: 'ledger' })
  const { t: shell } = useTranslation()
  const lang = useLang()
  const { euros } = useFormat()
  const local = useLocal()
  return (
    <Page
      title={t('title')}
      above={[
        { to: `/${lang}`, text: shell('nav.home') },
        { to: `/${lang}/fund`, text: t('fund') },
      ]}
      lead={
        <>
          <p>
            <strong>
              <Local text={round.name} />
            </strong>
          </p>
          <p>{t('lead')}</p>
        </>
      }
    >
      <div className="stack-l">
        {round.rehearsal && <Notification kind="alert">{shell('rehearsal')}</Notification>}
        <section className="stack">
          <h2>{t('areas')}</h2>
          <div className={style.bars}>
            {ledger.areas.map(({ area, name, pot, balances }) => (
              <section key={area} className="stack-s">
                <h3>
                  <Link to={`/${lang}/areas/${area}${round.rehearsal ? `?round=${round.id}` : ''}`}>
                    <Local text={name} />
                  </Link>
                </h3>
                <p>{t('pot', { sum: euros(pot) })}</p>
                <Bar balances={balances} />
                <Facts balances={balances} />
              </section>
            ))}
          </div>
        </section>
        <section className="stack">
          <h2>{t('projects')}</h2>
          <ul className={`plain ${style.rows}`}>
            {ledger.projects.map(({ project, title, estimate, balances, others }) => (
              <li key={project} className="stack-s">
                <h3>
                  <Link to={`/${lang}/rounds/${round.id}/delivery/${String(project)}`}>
                    <Local text={title} />
                  </Link>
                </h3>
                <dl className={style.facts}>
                  <div>
                    <dt>{t('estimate')}</dt>
                    <dd>{euros(estimate)}</dd>
                  </div>
                  <div>
                    <dt>{t('actual')}</dt>
                    <dd>{euros(balances.spent)}</dd>
                  </div>
                </dl>
                <Facts balances={balances} />
                {others.map((other) => (
                  <p key={`${other.round}/${String(other.project)}`}>
                    <Link to={`/${lang}/rounds/${other.round}/delivery/${String(other.project)}`}>
                      {t('other', { round: local(other.name), sum: euros(other.paid) })}
                    </Link>
                  </p>
                ))}
              </li>
            ))}
          </ul>
        </section>
        <section className="stack">
          <h2>{t('entries')}</h2>
          {ledger.entries.length === 0 && <p>{t('none')}</p>}
          <ol className={`plain ${style.rows}`}>
            {ledger.entries.map((entry) => (
              <Entry key={entry.id} entry={entry} ledger={ledger} />
            ))}
          </ol>
        </section>
      </div>
    </Page>
  )
}

function Entry({ entry, ledger }: { entry: LedgerEntry; ledger: Ledger }) {
  const { t } = useTranslation('delivery', { keyPrefix: 'ledger' })
  const { date, euros } = useFormat()
  const local = useLocal()
  const [from, to] = whose(entry, ledger).map(local)
  return (
    <li className="stack-s">
      <h3>{t(`kind.${entry.kind}`)}</h3>
      <p>
        {date(entry.day)} · <strong>{euros(entry.amount)}</strong> · {t('entry', { number: entry.id })}
      </p>
      {from && <p>{to ? t('moved', { from, to }) : from}</p>}
      {entry.voucher && <p>{t('voucher', { number: entry.voucher })}</p>}
      {entry.reason && (
        <p>
          <Local text={entry.reason} />
        </p>
      )}
      {entry.decision && <p>{t('decision', { decision: entry.decision })}</p>}
      {entry.reverses && <p>{t('reverses', { number: entry.reverses })}</p>}
      {entry.reversed_by && <p>{t('reversed', { number: entry.reversed_by })}</p>}
    </li>
  )
}
