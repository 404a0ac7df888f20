import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { weigh } from './size.ts'

const chunk = (code: string, facadeModuleId: string | null, imports: string[] = []) => ({
  code,
  facadeModuleId,
  imports,
})

describe('weigh', () => {
  const chunks = {
    'entry.js': chunk('entry'.repeat(50), '/x/index.html', ['shared.js']),
    'shared.js': chunk('shared'.repeat(80), null),
    'home.js': chunk('home'.repeat(20), '/x/src/resident/home/Home.tsx', ['shared.js']),
    'vote.js': chunk('vote'.repeat(900), '/x/src/resident/vote/Vote.tsx'),
  }
  const gz = (name: keyof typeof chunks) => gzipSync(chunks[name].code).length

  it('counts shared chunks once and leaves other pages out', () => {
    expect(weigh(chunks, { entry: 'index.html', firstPage: ['home/Home.tsx'] })).toBe(
      gz('entry.js') + gz('shared.js') + gz('home.js'),
    )
  })

  it('refuses to weigh what is not there', () => {
    expect(() => weigh(chunks, { entry: 'index.html', firstPage: ['gone.tsx'] })).toThrow('no chunk for gone.tsx')
  })
})
