import { QueryClient } from '@tanstack/react-query'
import { Problem } from './problem'

/** The cache of answers. Only what passes by itself is asked again. */
export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 20_000,
      retry: (failures, cause) => cause instanceof Problem && cause.passing && failures < 2,
    },
  },
})
