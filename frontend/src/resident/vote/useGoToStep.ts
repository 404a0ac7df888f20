import { useNavigate } from '@/lib/router'
import { useVoting } from './voting'

/** Goes to a step of voting. */
export function useGoToStep(): (step: string) => void {
  const go = useNavigate()
  const { at } = useVoting()
  return (step) => go(at(step))
}
