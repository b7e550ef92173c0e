import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import {
  appendFileSync,
  copyFileSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { generateKey } from 'openpgp'
import { openTestDatabase } from '../../../test/support/database.ts'
import { arrivalOf, type IntakeSetting, openIntake } from '../../../test/support/intake.ts'
import { testVault } from '../../../test/support/vault.ts'
import { withPath } from '../../base/piped.ts'
import { sealPgp } from '../../imps/files/pgp.ts'
import { tableLimits } from '../../imps/files/read-table.ts'
import { cashOfCycle } from '../statements/store.ts'
import { openAccepted } from './accepted.ts'
import { giveBack } from './give-back.ts'
import { openInbox, REFUSED } from './inbox.ts'
import { forgetRefused, removeLeftOver } from './left-over.ts'
import { readAdjustments, readNtsl, readTimeouts } from './line-store.ts'
import { filesInUse, findFile, listFiles } from './store.ts'
import { takeFile } from './take.ts'

const { db } = await openTestDatabase()
const vault = testVault

/** Each test has its own day: rows of one are not in the way of another. */
const open = async (t: TestContext): Promise<IntakeSetting> => {
  await db`truncate settlement_file, ntsl_line, adjustment_line, timeout_line, statement, statement_line, settlement_cycle`
  return openIntake(t, { db, vault })
}
const BANK = 'TRN'
const cycle5 = { settlementDate: '2026-11-27', number: '5' }
const fill = ({ see }: IntakeSetting, count = 8): string[] =>
  Array.from(
    { length: count },
    (_, index) => see({ direction: index % 4 === 3 ? 'inward' : 'outward', outcome: 'by answer' }).rrn,
  )

/** What is in the tables, but for what is sealed anew each time. */
const rowsOfAll = async () => [
  await db`select file_id, name, state, rows, amount, fault, supersedes from settlement_file order by file_id`,
  await db`select file_id, block, line, description, debit, credit from ntsl_line order by 1, 2, 3`,
  await db`select file_id, line, flag, rrn from adjustment_line order by 1, 2`,
  await db`select file_id, line, rrn from timeout_line order by 1, 2`,
  await db`select * from settlement_cycle order by settled_on, cycle`,
  await db`select sequence, action from act order by sequence`,
]
const RAW = 'IMPSISSRTRN271126_5C.csv'
const STATEMENT = 'IMPSNTSLTRN271126_5C.xlsx'
const TIMEOUT = 'IMPSRC08TRN271126_5C.csv'

/** A cycle of eight payments in the inbox, and what its files hold. */
async function delivered(t: TestContext) {
  const set = await open(t)
  const rrns = fill(set)
  const { rrn } = set.see({ stand: 'silent', credited: false })
  await set.cutFiles()
  const bytes = (name: string): Buffer => readFileSync(join(set.folder, name))
  return { ...set, rrns, deemed: rrn, bytes, inboxNames: set.names().filter((name) => name !== REFUSED) }
}

test('a cycle that the switch delivers is taken whole, and the inbox is empty afterwards', async (t) => {
  const set = await delivered(t)
  const taken = await set.sweep()
  assert.deepEqual(
    taken.map(({ kind, file }) => [kind, file.kind, file.rows, file.amountPaise]),
    [
      ['accepted', 'raw_beneficiary', 2, 300_000n],
      ['accepted', 'adjustment', 0, 0n],
      ['accepted', 'raw_remitter', 7, 1_050_000n],
      ['accepted', 'ntsl', 13, -751_003n],
      ['accepted', 'timeout', 1, 150_000n],
      ['accepted', 'bank_statement', 1, -751_003n],
    ],
  )
  assert.deepEqual(set.names(), [REFUSED])
  assert.deepEqual(await cashOfCycle(db, BANK, cycle5), { lines: 1, amountPaise: -751_003n })
  const [timeout] = await readTimeouts(
    db,
    vault,
    (await filesInUse(db, BANK, cycle5)).map(({ id }) => id),
  )
  assert.deepEqual(
    [timeout?.rrn, timeout?.responseCode, timeout?.beneficiaryAccount],
    [set.deemed, '08', '50100123456789'],
  )
  await set.cutFiles()
  await set.sweep()
  const files = await filesInUse(db, BANK, { ...cycle5, number: '6' })
  const rows = await readAdjustments(
    db,
    vault,
    files.map(({ id }) => id),
  )
  assert.deepEqual(
    rows.map((row) => [row.flag, row.rrn, row.remitterAccount]),
    [['RET', set.deemed, '10987654321']],
  )
  const statement = files.find(({ kind }) => kind === 'ntsl')
  const ntsl = await readNtsl(db, statement?.id ?? '')
  assert.deepEqual(
    ntsl.disputes.map(({ adjustment, rrn, creditPaise }) => [adjustment, rrn, creditPaise]),
    [['RET', set.deemed, 150_000n]],
  )
  assert.equal(ntsl.totals.finalPaise, statement?.amountPaise)
})

test('the same files again change nothing, whichever way they come', async (t) => {
  const set = await delivered(t)
  const all = set.inboxNames.map((name) => [name, set.bytes(name)] as const)
  await set.sweep()
  const before = await rowsOfAll()
  const kept = set.kept()
  for (const [name, bytes] of all) writeFileSync(join(set.folder, name), bytes)
  assert.deepEqual(new Set((await set.sweep()).map(({ kind }) => kind)), new Set(['known']))
  for (const [name, bytes] of all) assert.equal((await takeFile(set.deps, arrivalOf(name, bytes))).kind, 'known', name)
  assert.deepEqual(await rowsOfAll(), before)
  assert.deepEqual([set.names(), set.kept()], [[REFUSED], kept])
})

test('two who take one file at the same time leave one', async (t) => {
  const set = await delivered(t)
  const bytes = set.bytes(RAW)
  const taken = await Promise.all(Array.from({ length: 4 }, () => takeFile(set.deps, arrivalOf(RAW, bytes))))
  assert.deepEqual(taken.map(({ kind }) => kind).sort(), ['accepted', 'known', 'known', 'known'])
  assert.equal(new Set(taken.map(({ file }) => file.id)).size, 1)
  assert.equal(set.kept().filter((name) => name.startsWith('fil_')).length, 1)
})

test('half a file is refused whole with its row, is kept sealed as it came, and the whole one is taken when it comes', async (t) => {
  const set = await delivered(t)
  const whole = set.bytes(RAW)
  writeFileSync(join(set.folder, RAW), whole.subarray(0, whole.length / 2))
  const [refused] = (await set.sweep()).filter(({ kind }) => kind === 'refused')
  const { refusal, id } = refused?.file ?? {}
  assert.equal(refusal?.fault, 'cut_short')
  assert.equal(refusal?.row, 4)
  const aside = readdirSync(join(set.folder, REFUSED)).sort()
  assert.deepEqual(aside, [`${id}-${RAW}.reason.txt`])
  assert.match(
    readFileSync(join(set.folder, REFUSED, aside[0] ?? ''), 'utf8'),
    /IMPSISSRTRN271126_5C\.csv, row 4: expected the rest of this row, found the end of the file \(cut_short\)\n.* give-back fil_/,
  )
  assert.deepEqual(set.names(), [REFUSED])
  assert.equal(set.readKept(id ?? '').includes(set.rrns[0] ?? ''), false)
  assert.deepEqual(await contentOf(set, id ?? ''), { name: RAW, bytes: whole.subarray(0, whole.length / 2) })
  writeFileSync(join(set.folder, RAW), whole)
  assert.deepEqual(
    (await set.sweep()).map(({ kind, file }) => [kind, file.kind]),
    [['accepted', 'raw_remitter']],
  )
})

/** What a person gets who asks for a refused file. */
async function contentOf({ deps, clock }: IntakeSetting, id: string) {
  const file = await findFile(db, id)
  assert.ok(file)
  const act = {
    tenantId: 0,
    at: clock.now(),
    actor: { kind: 'person', id: 'usr_1' },
    action: 'settlement_file.given_back',
    subject: id,
    outcome: 'done',
    detail: {},
    requestId: null,
    address: null,
  } as const
  const given = await giveBack(deps, file, act)
  if (given === undefined) return undefined
  const pieces: Uint8Array[] = []
  for await (const piece of given.content) pieces.push(piece)
  return { name: given.name, bytes: Buffer.concat(pieces) }
}

test('a refused file that was handed in first, and then comes by the inbox, is kept from then on; after 45 days only that it was', async (t) => {
  const set = await delivered(t)
  const bytes = Buffer.from('hello')
  const first = await takeFile(set.deps, arrivalOf('notes.txt', bytes))
  assert.equal(await contentOf(set, first.file.id), undefined)
  writeFileSync(join(set.folder, 'notes.txt'), bytes)
  assert.deepEqual(
    (await set.sweep()).filter(({ kind }) => kind === 'refused').map(({ file }) => file.id),
    [first.file.id],
  )
  assert.deepEqual((await contentOf(set, first.file.id))?.bytes, bytes)
  writeFileSync(join(set.folder, 'notes.txt'), bytes)
  await set.sweep()
  const kept = set.kept()
  assert.equal(kept.filter((name) => name === `${first.file.id}.sealed`).length, 1)
  const later = set.clock.now() + 46 * 86_400_000
  assert.equal(await forgetRefused(db, set.store, set.clock.now()), 0)
  assert.equal(await forgetRefused(db, set.store, later), 1)
  assert.equal(await contentOf(set, first.file.id), undefined)
  assert.equal(set.kept().includes(`${first.file.id}.sealed`), false)
})

test('an encrypted file that nobody can open, and one that is too large to read, are kept as they came', async (t) => {
  const set = await delivered(t)
  writeFileSync(join(set.folder, `${RAW}.pgp`), 'hello')
  const large = Buffer.alloc(tableLimits.bytes + 1, 'x') // what its name does not say is a raw file
  writeFileSync(join(set.folder, 'large.csv'), large)
  const refused = (await set.sweep()).filter(({ kind }) => kind === 'refused').map(({ file }) => file)
  assert.deepEqual(
    refused.map(({ refusal }) => refusal?.fault),
    ['no_key', 'too_large'],
  )
  for (const [index, bytes] of [Buffer.from('hello'), large].entries()) {
    const { id = '', sha256 } = refused[index] ?? {}
    assert.ok((await contentOf(set, id))?.bytes.equals(bytes))
    assert.equal(sha256, createHash('sha256').update(bytes).digest('hex'))
  }
})

test('what an earlier version laid aside in the clear comes once more, and is sealed', async (t) => {
  const set = await delivered(t)
  const old = join(set.folder, REFUSED, `fil_${'0'.repeat(32)}-notes.txt`)
  writeFileSync(old, 'hello')
  writeFileSync(`${old}.reason.txt`, 'why')
  const inbox = openInbox(set.deps, set.folder)
  const taken = [...(await inbox.sweep()), ...(await inbox.sweep())].filter(({ kind }) => kind === 'refused')
  assert.equal(taken.length, 1)
  assert.deepEqual((await contentOf(set, taken[0]?.file.id ?? ''))?.bytes, Buffer.from('hello'))
  assert.equal(readdirSync(join(set.folder, REFUSED)).filter((name) => !name.endsWith('.reason.txt')).length, 0)
})

test('what a stranger’s file may say is refused with its place, and leaves one row however often it comes', async (t) => {
  const set = await delivered(t)
  const raw = set.bytes(RAW).toString()
  const lines = raw.split('\n')
  const change = (row: number, from: string | RegExp, to: string): string =>
    lines.map((line, index) => (index === row - 1 ? line.replace(from, to) : line)).join('\n')
  const cases: readonly (readonly [
    name: string,
    text: string | Buffer,
    fault: string,
    row?: number | undefined,
    column?: string | undefined,
    found?: string,
  ])[] = [
    [RAW, change(3, ',1500.00,', ',1500.0,'), 'bad_value', 3, 'Tran Amt'],
    [RAW, change(3, ',1500.00,', ',1500.01,'), 'totals_differ', 9, 'Sum', '₹10,500.00'],
    [RAW, change(4, ',356,', ',840,'), 'bad_value', 4, 'Settlement Ccy'],
    [RAW, lines.slice(0, -2).join('\n'), 'cut_short', 9],
    [RAW, raw.slice(0, raw.indexOf('TRAILER') + 12), 'cut_short', 9, undefined, 'the end of the file'],
    [RAW.replace('TRN', 'XYZ'), raw, 'not_ours'],
    [RAW.replace('_5C', '_11C'), raw, 'no_such_cycle'],
    [RAW.replace('271126', '281126'), raw, 'name_mismatch', 2, 'Settlement Date'],
    [RAW.replace('ISSR', 'ACQR'), raw.replaceAll('TRN', 'SIB'), 'name_mismatch', 2, 'Bank Code'],
    ['IMPSUPLOADTRN271126_1.csv', raw, 'not_expected'],
    [
      STATEMENT,
      set.bytes(STATEMENT).subarray(0, 900),
      'unreadable',
      undefined,
      undefined,
      'no workbook, or half of one',
    ],
    [STATEMENT, raw, 'unreadable'],
    [RAW, '', 'empty'],
    ['notes.txt', 'hello', 'name_unknown'],
    ['a/b.csv', 'hello', 'bad_name'],
    [`${RAW}.pgp`, 'hello', 'no_key'],
  ]
  for (const [name, text, fault, row, column, found] of cases) {
    const bytes = Buffer.from(text)
    const taken = await takeFile(set.deps, arrivalOf(name, bytes))
    const { refusal } = taken.file
    assert.deepEqual([taken.kind, refusal?.fault], ['refused', fault], `${name} ${JSON.stringify(refusal)}`)
    if (row !== undefined) assert.equal(refusal?.row, row, `${name} ${fault}`)
    if (column !== undefined) assert.equal(refusal?.column, column, `${name} ${fault}`)
    if (found !== undefined) assert.equal(refusal?.found, found, `${name} ${fault}`)
    if (fault !== 'bad_name')
      assert.equal(taken.file.name, name.replace(/\.pgp$/, ''), 'whoever handed in several finds it')
    const again = await takeFile(set.deps, arrivalOf(name, bytes))
    assert.equal(again.file.id, taken.file.id)
  }
  const [{ count } = { count: 0n }] = await db<{ count: bigint }[]>`select count(*) from settlement_file`
  assert.equal(count, BigInt(cases.length))
  assert.deepEqual(set.kept(), ['plain'])
  const [lineCount] = await db`select count(*) from ntsl_line`
  assert.equal(lineCount?.count, 0n)
})

test('another content is refused until it is said that it replaces the one in use, and never once the cycle is settled', async (t) => {
  const set = await delivered(t)
  const first = set.bytes(TIMEOUT)
  const other = Buffer.from(first.toString().replace('9000000001', '9000000009'))
  const third = Buffer.from(first.toString().replace('9000000001', '9000000008'))
  const taken = await takeFile(set.deps, arrivalOf(TIMEOUT, first))
  const faultOf = async (bytes: Buffer, replaces?: string) =>
    (await takeFile(set.deps, arrivalOf(TIMEOUT, bytes, replaces === undefined ? {} : { replaces }))).file.refusal
      ?.fault
  assert.equal(await faultOf(other), 'other_content')
  assert.equal(await faultOf(other, `fil_${'0'.repeat(32)}`), 'not_replaceable')
  const replaced = await takeFile(set.deps, arrivalOf(TIMEOUT, other, { replaces: taken.file.id }))
  assert.deepEqual([replaced.kind, replaced.file.supersedes], ['accepted', taken.file.id])
  assert.equal((await findFile(db, taken.file.id))?.state, 'superseded')
  assert.deepEqual(
    (await filesInUse(db, BANK, cycle5)).map(({ id }) => id),
    [replaced.file.id],
  )
  assert.equal(
    (await takeFile(set.deps, arrivalOf(TIMEOUT, first))).kind,
    'known',
    'what was replaced does not come back',
  )
  await db`insert into pipeline_step (institution, settled_on, cycle, step, done_at) values (${BANK}, '2026-11-27', '5', 'settle', now())`
  assert.equal(await faultOf(third, replaced.file.id), 'cycle_settled')
  await db`delete from pipeline_step`
})

test('what is still being written is left alone, and a link is not followed', async (t) => {
  const set = await delivered(t)
  const raw = set.bytes(RAW)
  await set.sweep()
  await db`truncate settlement_file, ntsl_line, adjustment_line, timeout_line, statement, statement_line, settlement_cycle`
  const path = join(set.folder, RAW)
  writeFileSync(path, raw.subarray(0, 100))
  assert.deepEqual(await set.inbox.sweep(), [])
  appendFileSync(path, raw.subarray(100))
  assert.deepEqual(await set.inbox.sweep(), [], 'it grew since the last look')
  assert.deepEqual(
    (await set.inbox.sweep()).map(({ kind }) => kind),
    ['accepted'],
  )
  writeFileSync(join(set.folder, `${TIMEOUT}.part`), 'half')
  writeFileSync(join(set.folder, `.${TIMEOUT}`), 'hidden')
  symlinkSync('/etc/passwd', join(set.folder, TIMEOUT))
  assert.deepEqual(await set.sweep(), [])
})

test('what is kept tells nobody anything on the disk, opens again to the byte, and leaves no plain copy', async (t) => {
  const set = await delivered(t)
  const [raw, timeout] = [set.bytes(RAW), set.bytes(TIMEOUT)]
  const one = await takeFile(set.deps, arrivalOf(RAW, raw))
  await takeFile(set.deps, arrivalOf(TIMEOUT, timeout))
  const files = await filesInUse(db, BANK, cycle5)
  for (const { id } of files) {
    const stored = set.readKept(id)
    for (const secret of ['50100123456789', '9000000001', set.deemed]) assert.equal(stored.includes(secret), false)
  }
  const accepted = openAccepted({ db, vault, store: set.store })
  assert.deepEqual(await accepted.ofCycle(BANK, cycle5), files)
  const chunks: Uint8Array[] = []
  for await (const chunk of await accepted.read(one.file)) chunks.push(chunk)
  assert.deepEqual(Buffer.concat(chunks), raw)
  for (const file of files) {
    const { content } = await accepted.locate(file)
    const found = await withPath(content, set.store.work, async (path) => {
      assert.equal(statSync(path).isFIFO(), true)
      return readFile(path)
    })
    assert.deepEqual(found, file.id === one.file.id ? raw : timeout)
  }
  assert.deepEqual(readdirSync(set.store.work), [])
})

test('what a stop left behind is removed when it is old, and nothing that a row speaks of', async (t) => {
  const set = await delivered(t)
  await takeFile(set.deps, arrivalOf(RAW, set.bytes(RAW)))
  const [kept = ''] = set.kept().filter((name) => name.endsWith('.sealed'))
  const at = (name: string): string => join(set.base, 'files', name)
  const [orphan, half, young] = ['a', 'b', 'c'].map((letter) => `fil_${letter.repeat(32)}`)
  copyFileSync(at(kept), at(`${orphan}.sealed`))
  writeFileSync(at(`${half}.part`), 'half')
  writeFileSync(at(`${young}.part`), 'at work')
  const old = new Date(Date.now() - 86_400_000)
  for (const name of [kept, `${orphan}.sealed`, `${half}.part`]) utimesSync(at(name), old, old)
  assert.equal(await removeLeftOver(db, set.store), 2)
  assert.deepEqual(set.kept(), [kept, `${young}.part`, 'plain'].sort())
})

test('files are listed the latest first, page by page, and only those that one may see', async (t) => {
  const set = await delivered(t)
  await set.sweep()
  await takeFile(set.deps, arrivalOf('notes.txt', Buffer.from('hello')))
  const seen = { institutions: [BANK], tenantId: 0, all: true }
  const first = await listFiles(db, seen, {}, undefined, 3)
  const second = await listFiles(db, seen, {}, first.next, 10)
  const ids = [...first.files, ...second.files].map(({ id }) => id)
  assert.deepEqual(ids, [...ids].sort().reverse())
  assert.equal(second.next, undefined)
  assert.equal(
    (await listFiles(db, { institutions: ['SIB'], tenantId: 1, all: false }, {}, undefined, 10)).files.length,
    0,
  )
  const only = await listFiles(
    db,
    seen,
    { kind: 'ntsl', state: 'accepted', settlementDate: '2026-11-27', cycle: '5' },
    undefined,
    10,
  )
  assert.deepEqual(
    only.files.map(({ name }) => name),
    [STATEMENT],
  )
})

test('an encrypted file is decrypted on its way, proved to be NPCI’s, and kept once under our key; else it is refused', async (t) => {
  const [ours, npci, stranger] = await Promise.all(
    ['hub', 'npci', 'stranger'].map((name) =>
      generateKey({ userIDs: [{ name }], format: 'armored', date: new Date('2026-11-01') }),
    ),
  )
  assert.ok(ours && npci && stranger)
  const plain = await delivered(t)
  const set = {
    ...plain,
    deps: { ...plain.deps, pgp: { keys: [{ armored: ours.privateKey }], from: [npci.publicKey] } },
  }
  const raw = set.bytes(RAW)
  const sealed = async (to: string, signer?: string): Promise<Uint8Array> => {
    const more = signer === undefined ? {} : { signWith: { armored: signer } }
    const found = await sealPgp(raw, { to: [to], at: set.clock.now(), ...more })
    if (found.kind === 'refused') throw new Error(found.fault)
    return found.bytes
  }
  const good = await sealed(ours.publicKey, npci.privateKey)
  const faultOf = async (bytes: Uint8Array, found?: string) => {
    const { file } = await takeFile(set.deps, arrivalOf(`${RAW}.pgp`, bytes))
    assert.equal(file.encrypted, true)
    if (found !== undefined) assert.equal(file.refusal?.found, found)
    return file.refusal?.fault
  }
  assert.equal(await faultOf(await sealed(ours.publicKey)), 'not_signed')
  assert.equal(await faultOf(await sealed(ours.publicKey, stranger.privateKey)), 'not_signed')
  assert.equal(
    await faultOf(await sealed(stranger.publicKey, npci.privateKey), 'a message to a key that is not this hub’s'),
    'not_decrypted',
  )
  assert.equal(await faultOf(good.subarray(0, good.length / 2)), 'not_decrypted')
  assert.equal(await faultOf(raw), 'not_decrypted')
  assert.deepEqual(set.kept(), ['plain'])
  const { kind, file } = await takeFile(set.deps, arrivalOf(`${RAW}.pgp`, good))
  assert.deepEqual([kind, file.name, file.signed, file.bytes], ['accepted', RAW, true, raw.length])
  assert.deepEqual(set.kept(), [`${file.id}.sealed`, 'plain'])
  // The same content in the clear is the same file.
  assert.equal((await takeFile(set.deps, arrivalOf(RAW, raw))).kind, 'known')
})
