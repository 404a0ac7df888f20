import { lazy, Suspense } from 'react'

const Lines = lazy(() => import('./contact/ContactLines'))

/** How the city's help desk is reached: stands wherever people are told to ask for help. */
export const Contact = () => (
  <Suspense>
    <Lines />
  </Suspense>
)
