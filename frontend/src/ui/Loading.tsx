import { Spinner } from './hds'
import { useService } from './useService'

/**
 * A page on its way. It has a heading from the start: its own if that is known, else the service's name. Window and focus stay as they
 * are until the page itself is there, also when it was there already and waits for a part of it.
 */
export function Loading({ title }: { title?: string }) {
  const service = useService()
  return (
    <div className="hds-container page stack">
      <h1 dir="auto">{title ?? service}</h1>
      <Spinner />
    </div>
  )
}
