import { expect, it, vi } from 'vitest'
import { untilNext } from './follow'

const times = {
  proposing: { opens: '2026-01-01T10:00:00Z', closes: '2026-02-01T10:00:00Z' },
  vetting: { opens: '2026-02-01T10:00:00Z', closes: '2026-08-01T10:00:00Z' },
  voting: { opens: '2026-09-01T06:00:00Z', closes: '2026-10-01T13:00:00Z' },
}

it('waits until the next hour has struck by the server’s clock', () => {
  vi.spyOn(Date, 'now').mockReturnValue(5_000)
  const round = (now: string) => [{ times, now }]
  expect(untilNext(round('2026-10-01T12:59:00Z'), 0)).toBe(60_000 - 5_000 + 1_000)
  expect(untilNext(round('2026-10-01T12:59:59Z'), 0)).toBe(1_000)
  expect(untilNext(round('2026-10-01T13:00:00Z'), 0)).toBe(false)
  expect(untilNext(round('2026-02-01T10:00:01Z'), 0)).toBe(2 ** 31 - 1)
  expect(untilNext([...round('2026-10-01T13:00:00Z'), ...round('2026-08-31T06:00:00Z')], 5_000)).toBe(86_401_000)
})
