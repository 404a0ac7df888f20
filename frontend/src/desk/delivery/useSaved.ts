import { useQueryClient } from '@tanstack/react-query'
import { keys } from '@/data/keys'
import { announce } from '@/lib/announce'
import { deliveryQuery, type Delivery, type DeliveryStory } from '@/data/delivery'

/** Shows what the server then has, and says that it has it. */
export function useSaved({ round, project }: Delivery) {
  const cache = useQueryClient()
  return async (story: DeliveryStory, words: string) => {
    cache.setQueryData(deliveryQuery(round, project).queryKey, story)
    announce(words)
    await cache.invalidateQueries({ queryKey: keys.deliveries('mine') })
  }
}
