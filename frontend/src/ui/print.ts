import './print.css'

/** Prints the page's .sheet and nothing else: what stands beside it may be what somebody has chosen. */
export function printSheet(): void {
  const { dataset } = document.documentElement
  dataset.print = 'sheet'
  window.addEventListener(
    'afterprint',
    () => {
      delete dataset.print
    },
    { once: true },
  )
  window.print()
}
