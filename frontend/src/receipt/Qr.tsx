import { useQuery } from '@tanstack/react-query'
import { keys } from '@/data/keys'
import styles from './findings.module.css'

/** A QR code, drawn in the page: nobody else learns what it says. Dark on light with its quiet zone, whatever is around it. */
export function Qr({ text, label }: { text: string; label: string }) {
  const { data } = useQuery({
    queryKey: keys.qr(text),
    queryFn: async () => (await import('uqr')).encode(text, { ecc: 'M', border: 4 }),
    staleTime: Infinity,
  })
  if (!data) return null
  const { size, data: rows } = data
  const dark = rows.flatMap((row, y) => row.map((on, x) => (on ? `M${x} ${y}h1v1h-1z` : ''))).join('')
  return (
    <svg
      className={styles.qr}
      role="img"
      aria-label={label}
      viewBox={`0 0 ${size} ${size}`}
      shapeRendering="crispEdges"
    >
      <rect width={size} height={size} fill="#fff" />
      <path d={dark} fill="#000" />
    </svg>
  )
}
