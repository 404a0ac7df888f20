import { readFileSync, readdirSync, statSync } from 'node:fs'
import { expect, it } from 'vitest'
import { drawingOf } from './drawing'

const dir = 'src/shared/picture'

it('has a drawing for every theme of the presets', () => {
  const preset = readFileSync('../domain/round/preset.go', 'utf8')
  const themes = [...preset.matchAll(/\btheme\("([a-z]+)"/g)].map(([, id]) => id ?? '')
  expect(themes.length).toBeGreaterThan(5)
  for (const theme of themes) expect(drawingOf(theme), theme).toContain(theme)
})

it('draws something for a theme of another city', () => {
  expect(drawingOf('harbours')).toContain('idea')
  expect(drawingOf()).toContain('idea')
})

it('draws nothing that a phone would wait for', () => {
  for (const kind of ['theme', 'phase'])
    for (const file of readdirSync(`${dir}/${kind}`))
      expect(statSync(`${dir}/${kind}/${file}`).size, file).toBeLessThan(6000)
})
