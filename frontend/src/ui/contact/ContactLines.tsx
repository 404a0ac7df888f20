import { useTranslation } from 'react-i18next'
import { city } from '@/lib/city'
import { Local } from '../text'
import css from './contact.module.css'

export default function ContactLines() {
  const { t } = useTranslation('problem')
  const { phone, email, form, hours } = city().contact
  return (
    <p className={css.contact}>
      <span>{t('contact')}</span>
      {phone && (
        <span>
          <a href={`tel:${phone.replace(/[^+\d]/g, '')}`}>{phone}</a>
          {hours && (
            <>
              {' '}
              (<Local text={hours} />)
            </>
          )}
        </span>
      )}
      {email && <a href={`mailto:${email}`}>{email}</a>}
      {form && <a href={form}>{t('contact_form')}</a>}
    </p>
  )
}
