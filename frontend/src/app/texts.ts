import type { Texts, Words } from '@/lib/i18n'

/** Texts lie beside what they explain, as <feature>.<lang>.json; each file is loaded when first needed. */
export const textsOf = (files: Record<string, () => Promise<Words>>): Texts =>
  new Map(Object.entries(files).map(([path, load]) => [path.slice(path.lastIndexOf('/') + 1, -'.json'.length), load]))
