import { useQuery } from '@tanstack/react-query'
import { CheckCode } from './CheckCode'
import { manifestQuery } from './manifest'
import { Stopped } from './stopped'
import { StoppedNote } from './StoppedNote'

/** A round's check code where nothing else needs its manifest; if this browser is shown another manifest than everybody, it says so. */
export default function RoundCheckCode({ round }: { round: string }) {
  const { data, error } = useQuery(manifestQuery(round))
  if (error instanceof Stopped && error.reason !== 'insecure') return <StoppedNote reason={error.reason} />
  return data ? <CheckCode code={data.checkCode} /> : null
}
