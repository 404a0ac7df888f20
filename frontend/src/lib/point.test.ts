// @vitest-environment jsdom
import { expect, it } from 'vitest'
import { inCity, readPoint, writePoint } from './point'

it.each([
  ['60.17,24.94', 60.17, 24.94],
  [' 60.17, 24.94 ', 60.17, 24.94],
  ['60.17 24.94', 60.17, 24.94],
  ['60,17 24,94', 60.17, 24.94],
  ['60,17, 24,94', 60.17, 24.94],
  ['60,17; 24,94', 60.17, 24.94],
  ['60, 24', 60, 24],
  ['-33.9,18.4', -33.9, 18.4],
])('reads %j', (text, latitude, longitude) => {
  expect(readPoint(text)).toEqual({ latitude, longitude })
})

it.each(['', '60', '60,17', '60,24', ',', '60.17,', '95, 24', '60, 200', 'a, b', '60, 24, 1', '60.1.7, 24'])(
  'refuses %j',
  (text) => {
    expect(readPoint(text)).toBeUndefined()
  },
)

it.each([
  [60.17, 24.94, true],
  [40.7, -74, false],
  [24.94, 60.17, false],
  [0, 0, false],
])('knows whether %d, %d lies in Helsinki', (latitude, longitude, inside) => {
  expect(inCity({ latitude, longitude })).toBe(inside)
})

it('keeps a point to its last digit', () => {
  const point = { latitude: 60.169857123456, longitude: 24.938379 }
  expect(readPoint(writePoint(point))).toEqual(point)
})
