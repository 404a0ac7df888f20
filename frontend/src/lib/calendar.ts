/** A day in somebody's calendar. */
export interface CalendarDay {
  /** "2026-12-07", by the city's calendar. */
  day: string
  title: string
  /** What one reads more at. */
  address: string
  /** What an alarm says the day before, if there is one. */
  dayBefore?: string
}

const escaped = (text: string) => text.replace(/[\\;,]/g, '\\$&').replace(/\r?\n/g, '\\n')

/** A line of at most 75 octets, the rest on lines that begin with a space (RFC 5545 §3.1). */
function folded(line: string): string {
  const lines = ['']
  let octets = 0
  for (const letter of line) {
    const size = new TextEncoder().encode(letter).length
    if (octets + size > 75) {
      lines.push(' ')
      octets = 1
    }
    lines[lines.length - 1] += letter
    octets += size
  }
  return lines.join('\r\n')
}

/** Days as a calendar file (RFC 5545), with alarms at noon of the day before (§3.6.6). */
export function calendarOf(days: CalendarDay[], now: Date): string {
  const stamp = now.toISOString().replace(/[-:]|\.\d+/g, '')
  return [
    'BEGIN:VCALENDAR',
    'VERSION:2.0',
    'PRODID:-//osbu//osbu//EN',
    ...days.flatMap(({ day, title, address, dayBefore }, index) => {
      const date = day.replaceAll('-', '')
      return [
        'BEGIN:VEVENT',
        `UID:${date}-${index > 0 ? `${String(index)}-` : ''}${escaped(address)}`,
        `DTSTAMP:${stamp}`,
        `DTSTART;VALUE=DATE:${date}`,
        `SUMMARY:${escaped(title)}`,
        `URL:${address}`,
        'TRANSP:TRANSPARENT',
        ...(dayBefore
          ? ['BEGIN:VALARM', 'ACTION:DISPLAY', 'TRIGGER:-PT12H', `DESCRIPTION:${escaped(dayBefore)}`, 'END:VALARM']
          : []),
        'END:VEVENT',
      ]
    }),
    'END:VCALENDAR',
    '',
  ]
    .map(folded)
    .join('\r\n')
}
