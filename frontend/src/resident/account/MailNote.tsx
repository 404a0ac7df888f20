import { useQuery } from '@tanstack/react-query'
import { useTranslation } from '@/lib/i18n'
import { Link } from '@/lib/router'
import { useLang } from '@/lib/format'
import { mailboxQuery } from '@/data/account'

/** Beside a proposal of mine, or an event that I signed up for: where I hear of it, and where I change that. Silent where no e-mails are sent, and while it is not known. */
export function MailNote({ event = false }: { event?: boolean }) {
  const { t } = useTranslation('account')
  const lang = useLang()
  const { data } = useQuery(mailboxQuery)
  if (!data?.sends) return null
  const state = !data.address ? 'none' : data.confirmed ? 'on' : 'waiting'
  return (
    <p className="muted">
      {t(event ? `note.event.${state}` : `note.${state}`, { address: data.address })}{' '}
      <Link to={`/${lang}/account`}>{t(data.address ? 'note.change' : 'note.add')}</Link>
    </p>
  )
}
