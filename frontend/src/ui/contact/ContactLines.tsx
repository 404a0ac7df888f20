import { useTranslation } from '@/lib/i18n'
import type { Schemas } from '@/lib/api'
import { city } from '@/lib/city'
import { Local } from '../text'
import css from './contact.module.css'

/** How an office is reached, after its name; unless another is given, the city's help desk. */
export default function ContactLines({ name, of }: { name?: string; of?: Schemas['CityContact'] }) {
  const { t } = useTranslation('problem')
  const { phone, email, form, hours } = of ?? city().contact
  return (
    <p className={css.contact}>
      {name !== '' && <span>{name ?? t('contact')}</span>}
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
      {form && <a href={form}>{of ? new URL(form).host : t('contact_form')}</a>}
    </p>
  )
}
