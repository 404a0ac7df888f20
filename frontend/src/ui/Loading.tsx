import { Spinner } from './hds'
import { Title } from './Title'
import { useService } from './useService'

/** A page on its way. It has a heading from the start: its own if that is known, else the service's name. */
export function Loading({ title }: { title?: string }) {
  const service = useService()
  return (
    <div className="hds-container page stack">
      <Title loading window={title ?? ''}>
        {title ?? service}
      </Title>
      <Spinner />
    </div>
  )
}
