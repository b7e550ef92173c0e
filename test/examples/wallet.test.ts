import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { hubFolder, startHub } from '../support/hub-process.ts'
import { runExample } from './run.ts'

// The wallet of examples/ against the hub as `npm start` starts it.

const dataDir = hubFolder('wallet')
const hub = startHub({
  TURANT_DATA_DIR: dataDir,
  TURANT_PORT: '0',
  TURANT_SIMULATOR_PORT: '0',
  TURANT_TIMER_SCALE: '0.05',
})
await hub.ready()
after(async () => {
  hub.child.kill('SIGTERM')
  await hub.ended
})

const MEERA = ['--mobile', '9812345670']
const payee = ['--ifsc', 'HDFC0000123', '--account', '50100123456789', '--name', 'Asha Devi']
const wallet = (act: string, ...args: readonly string[]) =>
  runExample('wallet/app.ts', [act, ...MEERA, ...args, '--sandbox-phone'], {
    TURANT_DATA_DIR: dataDir,
  })

test('somebody joins with an MPIN and a proved mobile, money comes in, and goes out by two factors', async () => {
  const joined = await wallet('join', '--name', 'Meera Iyer', '--mpin', '748291')
  assert.match(joined.said, /welcome, Meera Iyer: your account is \d+ at [A-Z]{4}0[A-Z0-9]{6}, with ₹0\.00/)
  const added = await wallet('add', '--amount', '5000')
  assert.match(added.said, /you have ₹5,000\.00/)
  const paid = await wallet('pay', '--amount', '1500.50', ...payee, '--mpin', '748291', '--order', 'order-1')
  assert.match(paid.said, /is the code to pay Rs 1,500\.50 to Asha Devi/)
  assert.match(paid.said, /₹1,500\.50 to ASHA DEVI: paid\nyou have ₹3,499\.50\n$/)
  const again = await wallet('pay', '--amount', '1500.50', ...payee, '--mpin', '748291', '--order', 'order-1')
  assert.match(again.said, /: paid\nyou have ₹3,499\.50\n$/)
  const { said } = await wallet('statement')
  assert.match(
    said,
    /^- +₹1,500\.50 {2}succeeded +RRN \d{12}\n\+ +₹5,000\.00 {2}succeeded +RRN \d{12}\nyou have ₹3,499\.50\n$/,
  )
})

test('a wrong MPIN pays nothing, and more than there is is refused', async () => {
  const wrong = await wallet('pay', '--amount', '200', ...payee, '--mpin', '111222')
  assert.deepEqual([wrong.code, /authentication_failed/.test(wrong.said)], [1, true], wrong.said)
  const much = await wallet('pay', '--amount', '90000', ...payee, '--mpin', '748291')
  assert.deepEqual([much.code, /insufficient_funds/.test(much.said)], [1, true], much.said)
})

test('a mobile number joins once', async () => {
  const { code, said } = await wallet('join', '--name', 'Somebody Else', '--mpin', '748291')
  assert.deepEqual([code, /reference_taken/.test(said)], [1, true], said)
})
