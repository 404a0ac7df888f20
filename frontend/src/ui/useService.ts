import { city } from '@/lib/city'
import { useLocal } from './text'

/** What the city calls this service, in the page's language. */
export const useService = (): string => useLocal()(city().service)
