import { useEffect, useState } from 'react'
import { onAnnounce } from '@/lib/announce'

/** The live region that announce() speaks through. */
export function Announcer() {
  const [said, setSaid] = useState({ text: '', turn: 0 })
  useEffect(
    () =>
      onAnnounce((text) => {
        setSaid(({ turn }) => ({ text, turn: turn + 1 }))
      }),
    [],
  )
  return (
    <div className="visually-hidden" role="status">
      {/* A new element each time: the same words twice are read twice. */}
      <span key={said.turn}>{said.text}</span>
    </div>
  )
}
