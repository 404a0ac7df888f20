import { city } from '@/lib/city'
import { useCityNames } from '@/ui/useCityNames'

/** The name mark: the city's logo, or else a ticked ballot above the water; and the service's name. */
export function Logo() {
  const { service } = useCityNames()
  const { logo } = city()
  return (
    <span className="logo">
      {logo ? <img src={logo} width="40" height="40" alt="" /> : <Mark />}
      <span>{service}</span>
    </span>
  )
}

function Mark() {
  return (
    <svg viewBox="0 0 32 32" width="40" height="40" aria-hidden="true" focusable="false">
      <path className="logo-ground" d="M0 0h32v32H0z" />
      <path className="logo-water" d="M0 21c4 0 4 4 8 4s4-4 8-4 4 4 8 4 4-4 8-4v11H0z" />
      <path className="logo-tick" d="m9.500 11.500 4.500 4.500 8.500-9" />
    </svg>
  )
}
