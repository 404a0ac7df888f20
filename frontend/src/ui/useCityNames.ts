import { city } from '@/lib/city'
import { useLocal } from './text'

/** What the city and its service are called in the page's language. */
export function useCityNames(): { name: string; service: string } {
  const local = useLocal()
  const { name, service } = city()
  return { name: local(name), service: local(service) }
}
