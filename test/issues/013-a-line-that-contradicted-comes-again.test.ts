import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { applyAdjustment } from '../../src/settlement/disputes/apply.ts'
import { openTestDatabase } from '../support/database.ts'
import { setUpDisputes } from '../support/disputes.ts'

// `npm run mix` applied a report a second time, as a hub does that was killed before it wrote down that the report was applied. An answer
// that had come before what it answers was in suspense; now that it fitted, the same line moved the same money again.
const { url } = await openTestDatabase()
const d = await setUpDisputes(url)
after(() => d.t.close())

test('a line that contradicted says nothing when it comes again, though it would fit now', async () => {
  const { payment } = await d.outward('deemed')
  const early = d.line(payment, 'R', '208')
  assert.equal((await applyAdjustment(d.deps, d.cycle, early)).kind, 'contradicted')
  await d.say(payment, 'B', '108')
  const before = await Promise.all([d.balanceOf('RBI-STL'), d.balanceOf('DSP-HELD'), d.balanceOf('SUSP-OUT')])
  assert.equal((await applyAdjustment(d.deps, d.cycle, early)).kind, 'repeated')
  assert.deepEqual(
    await Promise.all([d.balanceOf('RBI-STL'), d.balanceOf('DSP-HELD'), d.balanceOf('SUSP-OUT')]),
    before,
  )
})
