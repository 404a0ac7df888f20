import type { Texts } from '@/lib/i18n'

const files = import.meta.glob<Record<string, unknown>>('../**/*.{fi,sv,en}.json', { import: 'default' })

/** Texts lie beside what they explain, as <feature>.<lang>.json; each file is loaded when first needed. */
export const texts: Texts = new Map(
  Object.entries(files).map(([path, load]) => [path.slice(path.lastIndexOf('/') + 1, -'.json'.length), load]),
)
