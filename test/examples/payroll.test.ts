import assert from 'node:assert/strict'
import { once } from 'node:events'
import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { type Payment, Turant } from '@turant/sdk'
import { hubFolder, startHub } from '../support/hub-process.ts'
import { runExample } from './run.ts'

// The payroll of examples/ against the hub as `npm start` starts it: whatever is lost on the way, nobody is paid twice, and nobody is called unpaid
// who may have been paid.

const dataDir = hubFolder('payroll')
const hub = startHub({
  TURANT_DATA_DIR: dataDir,
  TURANT_PORT: '0',
  TURANT_SIMULATOR_PORT: '0',
  TURANT_TIMER_SCALE: '0.05',
})
const { baseUrl, apiKey, accounts } = await hub.ready()
const turant = new Turant({ baseUrl, apiKey })
after(async () => {
  hub.child.kill('SIGTERM')
  await hub.ended
})
const folder = mkdtempSync(join(tmpdir(), 'turant-payroll-'))
after(() => rmSync(folder, { recursive: true, force: true }))

const write = (name: string, lines: readonly string[]): string => {
  const file = join(folder, name)
  writeFileSync(file, `employee,name,ifsc,account,amount\n${lines.join('\n')}\n`)
  return file
}
const payroll = (
  file: string,
  month: string,
  more: readonly string[] = [],
  env: Readonly<Record<string, string>> = {},
) => runExample('payroll/payroll.ts', [file, '--month', month, ...more], { TURANT_DATA_DIR: dataDir, ...env })
const paymentsOf = async (month: string): Promise<Payment[]> => {
  const all = await turant.payments.list({ limit: 100 }).toArray(1_000)
  return all.filter(({ reference }) => reference?.startsWith(month))
}

test('the salaries of the example: four are paid, one is declined, one stays open, and a second run pays nobody again', async () => {
  const file = join(folder, 'salaries.csv')
  writeFileSync(file, readFileSync(new URL('../../examples/payroll/salaries.csv', import.meta.url)))
  const first = await payroll(file, '2026-10', ['--wait', '4'])
  assert.equal(first.code, 3, first.said)
  assert.match(first.said, /E001 +Asha Devi +₹85,000\.00 {2}paid +\d{12}\n/)
  assert.match(first.said, /E003 .*₹109\.00 {2}not paid .*Invalid beneficiary/)
  assert.match(first.said, /E005 .*₹105\.00 {2}open /)
  assert.match(first.said, /\npaid: ₹2,79,750\.50\nnot paid: ₹109\.00\nopen: ₹105\.00\n/)
  const again = await payroll(file, '2026-10', ['--wait', '0'])
  assert.equal(again.said, first.said)
  assert.equal((await paymentsOf('2026-10')).length, 6)
})

test('when every answer is lost nobody is called paid or unpaid, and the next run learns that all were paid, once', async (t) => {
  // Passes requests on, and cuts the connection instead of answering.
  const proxy = createServer((asked, answer) => {
    const onward = request(
      new URL(asked.url ?? '/', baseUrl),
      { method: asked.method, headers: asked.headers },
      (got) => {
        got.resume().on('end', () => answer.destroy())
      },
    )
    asked.pipe(onward)
  })
  await once(proxy.listen(0, '127.0.0.1'), 'listening')
  t.after(() => proxy.close())
  const file = write('lost.csv', [
    'L1,Asha Devi,HDFC0000123,50100123456789,1200.00',
    'L2,Ravi Kumar,SBIN0000300,30011223344556,1300.00',
  ])
  const env = { TURANT_BASE_URL: `http://127.0.0.1:${Object(proxy.address()).port}`, TURANT_API_KEY: apiKey }
  const lost = await payroll(file, '2026-09', ['--from', accounts.remitter], env)
  assert.equal(lost.code, 3, lost.said)
  assert.match(lost.said, /\nopen: ₹2,500\.00\n/)
  assert.doesNotMatch(lost.said, /^(not )?paid:/m)
  const told = await payroll(file, '2026-09')
  assert.equal(told.code, 0, told.said)
  assert.match(told.said, /\npaid: ₹2,500\.00\n$/)
  assert.equal((await paymentsOf('2026-09')).length, 2)
})

test('a book whose last line was cut by a crash is read to the line before', async () => {
  const file = write('cut.csv', ['C1,Asha Devi,HDFC0000123,50100123456789,900.00'])
  assert.equal((await payroll(file, '2026-08')).code, 0)
  appendFileSync(join(folder, 'cut.2026-08.jsonl'), '{"employee":"C1","key":"pay')
  assert.equal((await payroll(file, '2026-08')).code, 0)
  assert.equal((await paymentsOf('2026-08')).length, 1)
})

test('only who was declined is paid anew, and only when somebody says so', async () => {
  const wrong = ['A1,Asha Devi,HDFC0000123,50100123456789,109.00', 'A2,Ravi Kumar,SBIN0000300,30011223344556,105.00']
  const file = write('again.csv', wrong)
  assert.equal((await payroll(file, '2026-07', ['--wait', '1'])).code, 3)
  write(
    'again.csv',
    wrong.map((line) => line.replace('109.00', '1090.00')),
  )
  const unsaid = await payroll(file, '2026-07', ['--wait', '0'])
  assert.match(unsaid.said, /A1 .*not paid/)
  const said = await payroll(file, '2026-07', ['--wait', '3', '--again', 'A1', '--again', 'A2'])
  assert.match(said.said, /A1 .*₹1,090\.00 {2}paid/)
  assert.match(said.said, /A2 .*open/)
  assert.equal((await paymentsOf('2026-07')).length, 3)
})

test('a file with anything wrong in it pays nobody, and each line that is wrong is named', async () => {
  const file = write('wrong.csv', [
    'W1,Asha Devi,HDFC0000123,50100123456789,100.00',
    'W1,Ravi Kumar,SBIN0000300,30011223344556,12.345',
    ',Meera Iyer,ICIC0000047,004701556677,',
  ])
  const { code, said } = await payroll(file, '2026-06')
  assert.equal(code, 2, said)
  assert.match(said, /line 3: W1 is here twice\n {2}line 3: 12\.345 is not an amount/)
  assert.match(said, /line 4: employee is missing\n {2}line 4: amount is missing/)
  assert.deepEqual(await paymentsOf('2026-06'), [])
})

test('a salary that the hub refuses is not paid, and the others are', async () => {
  const file = write('refused.csv', [
    'R1,Asha Devi,HDFC0000123,50100123456789,600000.00',
    'R2,Ravi Kumar,SBIN0000300,30011223344556,800.00',
  ])
  const { code, said } = await payroll(file, '2026-05')
  assert.equal(code, 1, said)
  assert.match(said, /R1 .*not paid {2}- {2}.*\n.*R2 .*paid/)
})
