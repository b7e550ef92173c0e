import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { createFakeHub, KEY } from '../../test/support/http.ts'
import { readIfscList } from '../ifsc-files.ts'
import { createBankDirectory, sandboxNbin } from '../imps/banks.ts'
import { defaultProfile } from '../imps/profile.ts'
import { createServer, type Server } from './server.ts'

const hub = createFakeHub()
const ifscList = readIfscList()
const directory = createBankDirectory({ ...defaultProfile, banks: [{ code: 'KKBK', takesImps: false }] }, ifscList)
let server: Server
before(async () => {
  server = await createServer({ ...hub.deps, directory, ifscList })
})
after(() => server.close())

const get = async (url: string) => {
  const answer = await server.app.inject({ url, headers: { authorization: `Bearer ${KEY}` } })
  return { status: answer.statusCode, ...answer.json() }
}

test('banks come page by page in the order of their codes, each once, and are found by a part of their name', async () => {
  const codes: string[] = []
  for (let cursor = ''; ; ) {
    const page = await get(`/v1/banks?limit=100${cursor}`)
    codes.push(...page.data.map((bank: { code: string }) => bank.code))
    if (!page.hasMore) break
    cursor = `&cursor=${page.nextCursor}`
  }
  assert.deepEqual(
    codes,
    directory.all.map(({ code }) => code),
  )
  assert.ok(codes.length > 290)
  const { data } = await get('/v1/banks?q=hdfc bank')
  assert.deepEqual(data, [
    { code: 'HDFC', name: 'HDFC Bank', nbin: sandboxNbin('HDFC'), takesImps: true, source: 'dataset' },
  ])
})

const branches = [
  ['a branch of the list', 'HDFC0000123', 'HDFC', true, true, null],
  ['a branch that no list has', 'HDFC0ZZZZZZ', 'HDFC', false, null, null],
  ['a branch of a bank that does not take IMPS', 'RBIS0GOMHEP', 'RBIS', true, false, null],
  ['a branch of a bank that the profile takes out', 'KKBK0000261', 'KKBK', true, false, null],
  ['a code that NPCI took out', 'SBIN0RRMRGB', 'SBIN', true, false, 'MDGX'],
  ['a code lent to another bank', 'HDFC0CAACOB', 'HDFC', true, true, 'AACX'],
  ["a branch of the hub's own bank, which no list has", 'TRNT0000001', 'TRNT', null, true, null],
] as const
for (const [what, ifsc, code, listed, takesImps, behind] of branches) {
  test(`${what}: ${ifsc}`, async () => {
    const answer = await get(`/v1/ifsc/${ifsc}`)
    assert.deepEqual(
      [answer.status, answer.ifsc, answer.branch, answer.bank.code, answer.listed, answer.takesImps],
      [200, ifsc, ifsc.slice(5), code, listed, takesImps],
    )
    assert.equal(answer.behind?.code ?? null, behind)
  })
}

test('a bank that nobody knows is not found, and what is no IFSC is refused', async () => {
  assert.equal((await get('/v1/ifsc/ZZZZ0000001')).status, 404)
  assert.equal((await get('/v1/ifsc/HDFC1000123')).status, 400)
})

test("NPCI's list of members changes what is shown, without a restart", async () => {
  const before = (await get('/v1/ifsc/SBIN0000001')).bank
  assert.deepEqual([before.nbin, before.source], [sandboxNbin('SBIN'), 'dataset'])
  directory.replace([{ nbin: '9002', name: 'STATE BANK', bankCode: 'SBI', ifsc: 'SBIN', active: false, features: [] }])
  const { bank, takesImps } = await get('/v1/ifsc/SBIN0000001')
  assert.deepEqual(bank, { code: 'SBIN', name: 'State Bank of India', nbin: '9002', takesImps: false, source: 'npci' })
  assert.equal(takesImps, false)
})

test('without the list nothing is claimed about branches', async () => {
  const bare = await createServer({ ...hub.deps, directory })
  const answer = await bare.app.inject({ url: '/v1/ifsc/HDFC0ZZZZZZ', headers: { authorization: `Bearer ${KEY}` } })
  assert.deepEqual([answer.json().listed, answer.json().takesImps], [null, true])
  await bare.close()
})
