import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createSeededRandom } from '../../src/base/random.ts'
import { drawKills, drawSettlingKills, type Kill, pointsOf } from './plan.ts'

const plans: readonly (readonly [string, boolean, () => Iterator<Kill>])[] = [
  ['at its doors', false, () => drawKills(createSeededRandom(1), false)],
  ['while it settles', true, () => drawSettlingKills(createSeededRandom(1))],
]
for (const [where, settles, draw] of plans) {
  test(`a run that kills the hub ${where} comes to every point once before it comes to one again`, () => {
    const points = pointsOf(settles)
    const kills = draw()
    const drawn: string[] = []
    while (drawn.length < 2 * points.length) {
      const { value } = kills.next()
      if (value.kind === 'point') drawn.push(value.point)
    }
    for (const round of [drawn.slice(0, points.length), drawn.slice(points.length)])
      assert.deepEqual([...round].sort(), [...points].sort())
  })
}
