import { useQuery } from '@tanstack/react-query'
import { helpersQuery } from '@/data/helper'
import ContactLines from '@/ui/contact/ContactLines'
import { Icon } from '@/ui/hds'
import { Local } from '@/ui/text'
import style from './helpers.module.css'

/** Who helps in person: face, name, districts and how to reach her. Nothing where the city names nobody. */
export function Helpers() {
  const { data = [] } = useQuery(helpersQuery)
  if (data.length === 0) return null
  return (
    <ul className={`plain ${style.helpers ?? ''}`}>
      {data.map(({ name, where, contact, photo }) => (
        <li key={name}>
          {photo ? (
            <img src={photo} width="96" height="96" alt="" loading="lazy" decoding="async" />
          ) : (
            <span className={style.faceless}>
              <Icon name="user" size="l" />
            </span>
          )}
          <div>
            <h3>{name}</h3>
            <p>
              <Local text={where} />
            </p>
            <ContactLines name="" of={contact} />
          </div>
        </li>
      ))}
    </ul>
  )
}
