/** Runs a part of a unit test in another city's time zone. */
export function inZone(zone: string, run: () => void) {
  const element = document.getElementById('city')
  if (!element) throw new Error('city.setup.ts has not run')
  const before = element.textContent
  element.textContent = JSON.stringify({ ...(JSON.parse(before) as object), time_zone: zone })
  try {
    run()
  } finally {
    element.textContent = before
  }
}
