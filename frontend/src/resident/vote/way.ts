import { useNavigate } from 'react-router'
import { useBooth } from './booth'

/** Goes to a step of voting. */
export function useWay(): (step: string) => void {
  const go = useNavigate()
  const { at } = useBooth()
  return (step) => void go(at(step))
}
