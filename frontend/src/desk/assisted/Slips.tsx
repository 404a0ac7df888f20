import { useTranslation } from 'react-i18next'
import { Button, Notification } from '@/ui/hds'
import { format, useLang } from '@/lib/format'
import { inLang } from '@/ui/text'
import type { Round } from '@/data/round'
import type { Printed } from '@/data/assisted'

/** Slips to print, one a proposal and in its language. Their codes exist on this page alone. */
export function Slips({ round, slips }: { round: Round; slips: Printed[] }) {
  const { t } = useTranslation('told')
  return (
    <section className="stack told-slips" aria-label={t('slip.list')}>
      <Notification kind="alert" label={t('slip.once')}>
        {t('slip.once_text')}
      </Notification>
      <div className="actions">
        <Button
          onClick={() => {
            window.print()
          }}
        >
          {t('slip.print')}
        </Button>
      </div>
      <ul className="plain told-slip-list">
        {slips.map((slip) => (
          <One key={slip.id} round={round} slip={slip} />
        ))}
      </ul>
    </section>
  )
}

function One({ round, slip: { id, title, code, name, language: own } }: { round: Round; slip: Printed }) {
  const page = useLang()
  const language = own ?? page
  const { t } = useTranslation('told', { lng: language })
  return (
    <li className="told-slip" lang={language}>
      <p className="muted">{inLang(round.name, language).value}</p>
      <h2>{t('slip.heading')}</h2>
      <p>
        <strong dir="auto">{title}</strong>
        {name && ` (${name})`}
      </p>
      <p>{t('slip.text')}</p>
      <ol>
        <li>
          {t('slip.go')} <span className="told-address">{`${location.host}/${language}/rounds/${round.id}/claim`}</span>
        </li>
        <li>{t('slip.sign_in')}</li>
        <li>
          {t('slip.type')}
          <span className="told-code" data-code={id}>
            {code}
          </span>
        </li>
      </ol>
      <p className="muted">{t('slip.until', { date: format(language).lastDay(round.times.vetting.closes) })}</p>
    </li>
  )
}
