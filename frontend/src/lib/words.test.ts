import { expect, it } from 'vitest'
import { finds, search } from './words'

it.each([
  ['Penkkejä hitaille kulkijoille', 'penkit'],
  ['Uimarannan sauna', 'saunat'],
  ['Niitty pölyttäjille', 'niittyjä'],
  ['En damm i parken', 'dammar'],
  ['Lekplats för alla', 'lekplatsen'],
  ['En hundpark', 'hundar'],
  ['A bench by the sea', 'benches'],
  ['A dog park', 'dogs'],
  ['Katu puiden alle', 'kadut'],
  ['Ranta kuntoon', 'rannat'],
  ['Ulkokuntosali Käpylään', 'kapyla'],
  ['Ulkokuntosali Käpylään', 'Käpylä'.normalize('NFD')],
  ['Pyöräpumppu Töölöön', 'toolo pyorapumppu'],
  ['Łódź', 'lodz'],
  ['12 Keinu', '12'],
  ['Keinu', ' '],
])('finds in %j what is looked for by %j', (text, wanted) => {
  expect(finds(text, wanted)).toBe(true)
})

it.each([
  ['Penkkejä hitaille kulkijoille', 'sauna'],
  ['Penkkejä hitaille kulkijoille', 'penkit saunaan'],
  ['Keinu puistoon', 'puu'],
  ['Valot kadulle', 'talo'],
])('does not find in %j what is looked for by %j', (text, wanted) => {
  expect(finds(text, wanted)).toBe(false)
})

it.each([
  ['leikipuisto', ['Leikkipuistoon keinuja']],
  ['uimarnta', ['Uimarannalle laituri']],
  ['cykellväg', ['Cykelvägarna asfalteras']],
  ['keinuja', ['Leikkipuistoon keinuja']],
  ['avaruusasema', []],
])('finds %s with its slip of the finger, and nothing that is not like it', (typed, want) => {
  const all = ['Leikkipuistoon keinuja', 'Uimarannalle laituri', 'Cykelvägarna asfalteras']
  expect(search(all, (one) => one, typed)).toEqual(want)
})
