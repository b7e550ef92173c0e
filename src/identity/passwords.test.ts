import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createHashing, HashingBusy, presentCost, readCommonPasswords, refusePassword } from './passwords.ts'

const cheap = { memory: 8, passes: 1, parallelism: 1 }

// ASVS 11.4.2
test('a hash is a PHC string of argon2id at 19 MiB, two passes, one lane; the right password passes and no other', async () => {
  const { hash, verify } = createHashing()
  const phc = await hash('correct horse battery')
  assert.match(phc, /^\$argon2id\$v=19\$m=19456,t=2,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/)
  assert.deepEqual(await verify('correct horse battery', phc), { right: true, outdated: false })
  assert.deepEqual(await verify('Correct horse battery', phc), { right: false, outdated: false })
  assert.notEqual(await hash('correct horse battery'), phc)
})

// src/test.c of phc-winner-argon2, version 0x13 of argon2id.
test("the reference implementation's own hash passes", async () => {
  const phc = '$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc'
  const { verify } = createHashing()
  assert.deepEqual(await verify('password', phc), { right: true, outdated: true })
})

// ASVS 6.2.8
test('a letter is the same letter however a keyboard composed it', async () => {
  const { hash, verify } = createHashing({ cost: cheap })
  assert.ok((await verify('a\u030Angstrom', await hash('\u00E5ngstrom'))).right)
})

test('a hash at another cost passes, and is told to be outdated', async () => {
  const before = await createHashing({ cost: cheap }).hash('correct horse battery')
  const now = createHashing({ cost: { ...cheap, passes: 2 } })
  assert.deepEqual(await now.verify('correct horse battery', before), { right: true, outdated: true })
  assert.deepEqual(await now.verify('wrong', before), { right: false, outdated: false })
})

test("nobody's password costs as much as somebody's and is never right", async () => {
  const { hash, verify } = createHashing()
  const phc = await hash('correct horse battery')
  const timed = async (stored: string | undefined): Promise<number> => {
    const times: number[] = []
    for (let i = 0; i < 7; i += 1) {
      const before = performance.now()
      assert.equal((await verify('something else', stored)).right, false)
      times.push(performance.now() - before)
    }
    return times.sort((a, b) => a - b)[3] ?? 0
  }
  const [somebody, nobody] = [await timed(phc), await timed(undefined)]
  assert.ok(nobody > somebody / 2 && nobody < somebody * 2, `${nobody} and ${somebody} ms`)
})

// ASVS 15.2.2
test('so many are hashed at a time, so many wait, and the next is refused; those that wait are all served', async () => {
  const { hash } = createHashing({ cost: { ...presentCost, memory: 1_024 }, atOnce: 2, maxWaiting: 3 })
  const all = await Promise.allSettled(Array.from({ length: 8 }, () => hash('correct horse battery')))
  const failed = all.filter((one) => one.status === 'rejected')
  assert.equal(failed.length, 3)
  for (const one of failed) assert.ok(one.reason instanceof HashingBusy)
  assert.match(await hash('and then there is room again'), /^\$argon2id/)
})

test('the event loop goes on while passwords are hashed', async () => {
  const { hash } = createHashing()
  let turns = 0
  const timer = setInterval(() => {
    turns += 1
  }, 1)
  await Promise.all(Array.from({ length: 6 }, () => hash('correct horse battery')))
  clearInterval(timer)
  assert.ok(turns > 12, `${turns} turns`) // on the loop itself there would be one after each hash
})

test('a stored hash that cannot be read is a fault, not a wrong password', async () => {
  const { verify } = createHashing({ cost: cheap })
  for (const text of ['', '$argon2i$v=19$m=8,t=1,p=1$x$y', '$argon2id$v=19$m=99999999,t=1,p=1$x$y', 'plain'])
    await assert.rejects(verify('x', text), /cannot be read/)
})

const common = readCommonPasswords()
const judged: readonly (readonly [password: string, why: RegExp | undefined])[] = [
  ['elevenchars', /12 to 200/],
  ['x'.repeat(201), /12 to 200/],
  ['quiet otter by the river', undefined],
  ['quiet otter by the river '.repeat(8), undefined], // 200
  ['तुरंत भुगतान नदी', undefined],
  ['🦦🦦🦦🦦🦦🦦🦦🦦🦦🦦🦦', /12 to 200/], // eleven, whatever they take in bytes
  ['nospecialcharacters', undefined],
  ['1qaz2wsx3edc', /many people/],
  ['1QAZ2WSX3EDC', /many people/],
  ['qwertyqwerty', /many people/],
  ['turantturant', /your name/],
  ['Password2026!', /your name/],
  ['asha.devi@bank', /your name/],
  ['AshaDevi12345', /your name/],
  ['asha went to the market', undefined],
]
// ASVS 6.2.1, 6.2.5, 6.2.9, 6.2.11
for (const [password, why] of judged) {
  test(`the password ${password.slice(0, 30)} ${why === undefined ? 'is taken' : `must ${why.source}`}`, () => {
    const said = refusePassword(password, ['asha.devi@bank.example', 'Asha Devi'], common)
    if (why === undefined) assert.equal(said, undefined)
    else assert.match(said ?? '', why)
  })
}

// ASVS 6.2.4, 6.2.12
test('more than 3,000 common passwords could be chosen under these rules, and none of them can', () => {
  const some = ['1qaz2wsx3edc', '123456654321', 'qwertyqwerty', 'leavemealone']
  for (const one of some) assert.ok(common.has(one))
  assert.ok(common instanceof Set && common.size === 20_000)
})
