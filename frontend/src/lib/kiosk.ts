import { stored } from './lang'

const key = 'osbu.kiosk'

/** The round for which this browser is a kiosk of a voting place; the server's cookie says whether it still is. */
export const kioskOf = (): string | undefined => stored(key)

/** Makes this browser a kiosk, or no more. The page has to begin anew after that. */
export function setKiosk(round: string | undefined): void {
  if (round === undefined) localStorage.removeItem(key)
  else localStorage.setItem(key, round)
}

/** Forgets all that a voter left in this browser, but that it is a kiosk. */
export function wipe(): void {
  const round = kioskOf()
  localStorage.clear()
  sessionStorage.clear()
  if (round !== undefined) setKiosk(round)
}
