import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { setCycles } from '../../../test/support/cycles.ts'
import { must, parseRrn, parseStan } from '../../base/identifiers.ts'
import { paise } from '../../base/money.ts'
import { layoutFor } from '../../imps/files/detect.ts'
import { isOf, readFile } from '../../imps/files/read.ts'
import type { ClassicUploadRow, NtslRow, RawRow } from '../../imps/files/rows.ts'
import { writeTable } from '../../imps/files/write-table.ts'
import { defaultProfile } from '../../imps/profile.ts'
import { type CutAnswer, type CutOrder, type Office, openOffice } from './office.ts'
import type { Injected } from './spoil.ts'

type Setting = ReturnType<typeof setCycles> & {
  readonly office: Office
  readonly inbox: string
  readonly folder: string
  readonly cutFiles: (order?: CutOrder) => Promise<CutAnswer>
  /** The inbox, by name. */
  readonly files: () => Map<string, Buffer>
  readonly reopen: () => Office
}

function open(t: TestContext, at?: string, earlier?: Setting): Setting {
  const base = earlier === undefined ? mkdtempSync(join(tmpdir(), 'turant-office-')) : join(earlier.inbox, '..')
  t.after(() => rmSync(base, { recursive: true, force: true }))
  const set = setCycles(at === undefined ? {} : { at })
  const [inbox, folder] = [join(base, 'inbox'), join(base, 'npci')]
  const start = () =>
    openOffice({
      clock: set.clock,
      profile: defaultProfile,
      timerScale: 1,
      journal: set.journal,
      numbers: set.numbers,
      inbox,
      folder,
      habits: { chargebacks: 0 },
    })
  const office = start()
  return {
    ...set,
    office,
    inbox,
    folder,
    reopen: start,
    async cutFiles(order) {
      let answer = await office.cut(order)
      // The clock's own cut is at work.
      for (; answer === 'cutting'; answer = await office.cut(order))
        await new Promise((resolve) => setImmediate(resolve))
      if (typeof answer === 'string') throw new Error(answer)
      return answer
    },
    files: () => new Map(readdirSync(inbox).map((name) => [name, readFileSync(join(inbox, name))])),
  }
}

async function rowsOf(name: string, bytes: Buffer | undefined): Promise<readonly RawRow[]> {
  assert.ok(bytes !== undefined, name)
  const found = await readFile(name, bytes)
  if (found.kind === 'refused') throw new Error(JSON.stringify(found.refusal))
  if (isOf(found.read, 'raw_remitter') || isOf(found.read, 'raw_beneficiary')) return found.read.rows
  throw new Error(`${name} is no raw file`)
}

const REMITTER = 'IMPSISSRTRN271126_5C.csv'
const BENEFICIARY = 'IMPSACQRTRN271126_5C.csv'
const STATEMENT = 'IMPSNTSLTRN271126_5C.xlsx'

const fill = ({ see }: Setting, count = 20): string[] =>
  Array.from(
    { length: count },
    (_, index) => see({ direction: index % 4 === 3 ? 'inward' : 'outward', outcome: 'by answer' }).rrn,
  )

test('a cut leaves files that the hub’s readers take, and their sums agree with the statement and the account', async (t) => {
  const set = open(t)
  fill(set)
  set.see({ stand: 'deemed', responseCode: '91', credited: true })
  const answer = await set.cutFiles()
  assert.equal(answer.cycle, '2026-11-27/5')
  assert.deepEqual(
    [...set.files().keys()].sort(),
    [
      BENEFICIARY,
      REMITTER,
      STATEMENT,
      'IMPSADJReportTRN271126_5C.csv',
      'IMPSRC08TRN271126_5C.csv',
      'RBISTMTTRN271126_5C.sta',
    ].sort(),
  )
  let net = 0n
  for (const [name, bytes] of set.files()) {
    if (name.endsWith('.sta')) continue
    const found = await readFile(name, bytes)
    assert.ok(found.kind === 'read', `${name} ${found.kind === 'refused' && JSON.stringify(found.refusal)}`)
    if (found.read.of === 'ntsl') net = found.read.ntsl.totals.finalPaise
  }
  const rows = [
    ...(await rowsOf(REMITTER, set.files().get(REMITTER))),
    ...(await rowsOf(BENEFICIARY, set.files().get(BENEFICIARY))),
  ]
  const moved = rows.reduce(
    (sum, { side, amountPaise }) => sum + (side === 'remitter' ? -amountPaise : amountPaise),
    0n,
  )
  // 1,500 rupees a payment: a rupee of interchange each way, 50 paise of switching, 18 % on each line.
  assert.deepEqual([rows.length, moved], [21, -150_000n * 11n])
  const outward = 15n * 100n + 270n + (15n * 50n + 135n) + (100n + 18n) + (50n + 9n)
  assert.equal(net, moved - outward + (500n + 90n))
  const account = set.files().get('RBISTMTTRN271126_5C.sta')?.toString() ?? ''
  assert.match(account, new RegExp(`:61:2611271127D${-net / 100n},${String(-net % 100n).padStart(2, '0')}NTRF`))
})

test('the same journal and seed are the same bytes, mistakes and all', async (t) => {
  const runs = []
  for (let run = 0; run < 2; run += 1) {
    const set = open(t)
    fill(set)
    await set.cutFiles({
      seed: 7,
      errors: { missing: 1, duplicate: 1, wrongAmount: 2, wrongBank: 1, truncatedRrn: 1, late: 1 },
    })
    runs.push(set.files())
  }
  assert.deepEqual(runs[0], runs[1])
})

const manifestOf = ({ folder }: Setting, cycle: string): readonly Injected[] =>
  JSON.parse(readFileSync(join(folder, 'manifests', `${cycle.replace('/', '-')}.json`), 'utf8')).injected

const errors: readonly (readonly [
  kind: string,
  check: (rows: readonly RawRow[], one: Injected, all: readonly string[]) => void,
])[] = [
  [
    'missing',
    (rows, { rrn }, all) =>
      assert.deepEqual(rows.map((row) => row.rrn).sort(), all.filter((one) => one !== rrn).sort()),
  ],
  [
    'late',
    (rows, { rrn }, all) =>
      assert.deepEqual(rows.map((row) => row.rrn).sort(), all.filter((one) => one !== rrn).sort()),
  ],
  ['duplicate', (rows, { rrn }, all) => assert.deepEqual(rows.map((row) => row.rrn).sort(), [...all, rrn].sort())],
  [
    'wrongAmount',
    (rows, { rrn, was, is }) => {
      assert.equal(was, '150000')
      assert.deepEqual(
        rows.filter(({ amountPaise }) => amountPaise !== 150_000n).map((row) => [row.rrn, String(row.amountPaise)]),
        [[rrn, is]],
      )
    },
  ],
  [
    'wrongBank',
    (rows, { rrn, is }) => {
      const wrong = rows.filter((row) => row.remitterBank.startsWith('8') || row.beneficiaryBank.startsWith('8'))
      assert.deepEqual(
        wrong.map((row) => [row.rrn, row.side === 'remitter' ? row.beneficiaryBank : row.remitterBank]),
        [[rrn, is]],
      )
    },
  ],
  [
    'truncatedRrn',
    (rows, { rrn, is }) => {
      const cut = rows.filter((row) => row.rrn.length < 12)
      assert.deepEqual(
        cut.map((row) => [row.rrn, rrn?.startsWith(row.rrn)]),
        [[is, true]],
      )
    },
  ],
]
for (const [kind, check] of errors) {
  test(`one ${kind} is one row, named in the manifest, and the statement still adds up what the raw files say`, async (t) => {
    const set = open(t)
    const all = fill(set)
    await set.cutFiles({ seed: 3, errors: { [kind]: 1 } })
    const files = set.files()
    const rows = [
      ...(await rowsOf(REMITTER, files.get(REMITTER))),
      ...(await rowsOf(BENEFICIARY, files.get(BENEFICIARY))),
    ]
    const [one, ...others] = manifestOf(set, '2026-11-27/5')
    assert.ok(one)
    assert.deepEqual([one.kind, others], [kind, []])
    check(rows, one, all)
    const found = await readFile(STATEMENT, files.get(STATEMENT) ?? Buffer.alloc(0))
    assert.ok(found.kind === 'read' && found.read.of === 'ntsl')
    const lines: readonly NtslRow[] = found.read.ntsl.rows
    for (const [side, word] of [
      ['remitter', 'Remitter'],
      ['beneficiary', 'Beneficiary'],
    ] as const) {
      const line = lines.find(({ description }) => description === `${word} P2A Approved Transaction Amount`)
      const own = rows.filter((row) => row.side === side)
      assert.deepEqual(
        [line?.count, (line?.debitPaise ?? 0n) + (line?.creditPaise ?? 0n)],
        [own.length, own.reduce((sum, { amountPaise }) => sum + amountPaise, 0n)],
      )
    }
    if (kind !== 'late') return
    await set.cutFiles()
    const next = [...set.files()].filter(([name]) => /_6C\.csv$/.test(name) && /ISSR|ACQR/.test(name))
    const later = (await Promise.all(next.map(([name, bytes]) => rowsOf(name, bytes)))).flat()
    assert.deepEqual(
      later.map((row) => row.rrn),
      [one.rrn],
    )
  })
}

test('a trailer that is a paisa off, and half a file, are refused; a statement a paisa off adds up and differs', async (t) => {
  const set = open(t)
  fill(set)
  await set.cutFiles({ errors: { sumOff: 2, statementOff: 1 } })
  const files = set.files()
  for (const name of [REMITTER, BENEFICIARY]) {
    const found = await readFile(name, files.get(name) ?? Buffer.alloc(0))
    assert.equal(found.kind === 'refused' && found.refusal.fault, 'totals_differ')
  }
  const statement = await readFile(STATEMENT, files.get(STATEMENT) ?? Buffer.alloc(0))
  assert.ok(statement.kind === 'read' && statement.read.of === 'ntsl')
  const line = statement.read.ntsl.rows.find(
    ({ description }) => description === 'Remitter P2A Approved Transaction Amount',
  )
  assert.equal(line?.debitPaise, 15n * 150_000n + 1n)

  set.see()
  const { files: half } = await set.cutFiles({ seed: 5, errors: { halfFile: 5 } })
  for (const { name, kind } of half) {
    if (kind === 'bank_statement') continue
    const found = await readFile(name, set.files().get(name) ?? Buffer.alloc(0))
    assert.equal(found.kind, 'refused', name)
  }
  assert.equal(manifestOf(set, '2026-11-27/6').length, 5)
})

test('a file that is missing does not come, and one that is repeated comes with the next cycle once more, as it was', async (t) => {
  const set = open(t)
  fill(set)
  await set.cutFiles({ seed: 2, errors: { missingFile: 1, repeatedFile: 1 } })
  const injected = manifestOf(set, '2026-11-27/5')
  const [missing, repeated] = [
    injected.find(({ kind }) => kind === 'missingFile'),
    injected.find(({ kind }) => kind === 'repeatedFile'),
  ]
  assert.equal(set.files().has(missing?.file ?? ''), false)
  const first = set.files().get(repeated?.file ?? '')
  assert.ok(first)
  rmSync(join(set.inbox, repeated?.file ?? ''))
  await set.cutFiles()
  assert.deepEqual(set.files().get(repeated?.file ?? ''), first)
})

test('a cycle is cut once, the next one follows, and a restart goes on where it was', async (t) => {
  const set = open(t)
  const { rrn } = set.see({ stand: 'silent', credited: false })
  assert.equal((await set.cutFiles()).cycle, '2026-11-27/5')
  assert.equal(await set.office.cut({ cycle: { settlementDate: '2026-11-27', number: '5' } }), 'cut_already')
  assert.equal(await set.office.cut({ cycle: { settlementDate: '2026-11-27', number: '11' } }), 'no_such_cycle')
  assert.equal(await set.office.cut({ pgp: true }), 'no_pgp')
  const again = set.reopen()
  const answer = await again.cut()
  assert.ok(typeof answer !== 'string')
  assert.equal(answer.cycle, '2026-11-27/6')
  const report = set.files().get('IMPSADJReportTRN271126_6C.csv')?.toString() ?? ''
  assert.ok(report.includes(rrn) && report.includes('RET'), 'what was deemed before the restart is returned after it')
})

test('cycles are cut by the clock when they end, and one that was cut ahead is not cut again', async (t) => {
  const set = open(t, '2026-11-27T10:15:00')
  const stop = set.office.run((error) => assert.fail(String(error)))
  const wait = () => new Promise((resolve) => setImmediate(resolve))
  const until = async (count: number) => {
    for (let turn = 0; turn < 100_000 && readdirSync(join(set.folder, 'manifests')).length < count; turn += 1)
      await wait()
    return readdirSync(join(set.folder, 'manifests'))
      .map((name) => name.replace('.json', ''))
      .sort()
  }
  await set.clock.advanceAsync(45 * 60_000 + 2_000)
  assert.deepEqual(await until(1), ['2026-11-27-5'])
  await set.cutFiles()
  await set.clock.advanceAsync(2 * 3_600_000)
  assert.deepEqual(await until(2), ['2026-11-27-5', '2026-11-27-6'])
  await set.clock.advanceAsync(2 * 3_600_000)
  assert.deepEqual((await until(3)).at(-1), '2026-11-27-7')
  stop()
  await set.cutFiles() // waits for the one that is still at work
})

const uploadOf = async (serial: string, rows: readonly Partial<ClassicUploadRow>[]) => {
  const day = '2026-11-27'
  const layout = layoutFor('upload_classic', day, 'csv')
  return writeTable(
    'upload_classic',
    layout,
    { bank: 'TRN', day, serial },
    rows.map((row) => ({
      bankRef: 'ours-1',
      flag: 'TCC',
      txnDate: day,
      adjAmountPaise: paise(150_000n),
      rrn: '633110000001',
      card: '700150100123456789',
      reasonCode: '102',
      ...row,
    })),
  )
}

test('what a member complains of is raised for it in the next cycle’s files, by UDIR', async (t) => {
  const set = open(t)
  const { rrn } = set.see({ direction: 'outward', stand: 'deemed', credited: true })
  await set.cutFiles()
  await set.cutFiles() // the beneficiary bank confirms: a complaint is a deferred chargeback from now on
  const complaint = {
    kind: 'complaintRequest',
    rrn: must(parseRrn(rrn), 'RRN'),
    stan: must(parseStan(rrn.slice(6)), 'STAN'),
    amountPaise: paise(150_000n),
    flag: 'FB',
    reason: '121',
    original: { transactedAt: set.clock.now() },
    reference: 'CRN1',
  } as const
  const refusals: string[] = []
  const unknown = { ...complaint, rrn: must(parseRrn('632609999999'), 'RRN') }
  assert.equal(
    set.office.complain(unknown, (why) => refusals.push(why)),
    'unknown_payment',
  )
  assert.equal(
    set.office.complain(complaint, (why) => refusals.push(why)),
    undefined,
  )
  await set.cutFiles()
  assert.deepEqual(refusals, [])
  const report = [...set.files()]
    .flatMap(([name, bytes]) => (name.startsWith('IMPSADJReportTRN') ? [bytes] : []))
    .join('')
  assert.match(report, new RegExp(`${rrn}.*CRN1.*,FB,121,.*UDIR`))
})

test('what a member uploads is in the next cycle’s files, or refused with a reason; a name is taken once', async (t) => {
  const set = open(t)
  const [confirmed, returned] = [
    set.see({ direction: 'inward', stand: 'silent' }).rrn,
    set.see({ direction: 'inward', stand: 'deemed' }).rrn,
  ]
  const { rrn: approved } = set.see({ direction: 'inward', outcome: 'by answer' })
  await set.cutFiles()
  const { file, bytes } = await uploadOf('1', [
    { rrn: confirmed },
    { rrn: returned, flag: 'RET', reasonCode: '114' },
    { rrn: approved },
    { rrn: '633110999999' },
    { rrn: confirmed, flag: 'B', reasonCode: '108' },
  ])
  const upload = await set.office.upload(file, bytes)
  assert.ok(!('kind' in upload))
  assert.deepEqual(
    upload.rows.map(({ state }) => state),
    ['waiting', 'waiting', 'waiting', 'refused', 'refused'],
  )
  assert.deepEqual(await set.office.upload(file, bytes), { kind: 'name_seen' })
  await set.cutFiles()
  assert.deepEqual(
    upload.rows.map(({ state, refusal }) => [state, refusal]),
    [
      ['taken', undefined],
      ['taken', undefined],
      ['refused', 'not_deemed'],
      ['refused', 'unknown_payment'],
      ['refused', 'unknown_payment'],
    ],
  )
  const name = 'IMPSADJReportTRN271126_6C.csv'
  const report = await readFile(name, set.files().get(name) ?? Buffer.alloc(0))
  assert.ok(report.kind === 'read' && isOf(report.read, 'adjustment'))
  assert.deepEqual(
    report.read.rows.map((row) => [row.flag, row.reasonCode, row.rrn]),
    [
      ['TCC', '102', confirmed],
      ['RET', '114', returned],
    ],
  )
  const broken = await set.office.upload('IMPSUPLOADTRN271126_2.csv', Buffer.from('no upload'))
  assert.equal('kind' in broken && broken.kind, 'bad_file')
  const other = await set.office.upload(REMITTER, set.files().get(REMITTER) ?? Buffer.alloc(0))
  assert.equal('kind' in other && other.kind, 'not_an_upload')
})

test('OC 127: a TCC in the cycle of a chargeback refuses it, in the next turns it round, and later comes too late', async (t) => {
  const set = open(t)
  const rrns = [0, 1, 2].map(() => set.see({ direction: 'inward', stand: 'silent', paise: 3_000_000n }).rrn)
  const [same = '', next = '', later = ''] = rrns
  const amount = paise(3_000_000n)
  await set.cutFiles()
  for (const rrn of rrns) assert.deepEqual(set.office.dispute({ rrn, flag: 'B' }), { rrn, flag: 'B', reason: '108' })
  const say = async (serial: string, rrn: string) => {
    const { file, bytes } = await uploadOf(serial, [{ rrn, adjAmountPaise: amount }])
    const upload = await set.office.upload(file, bytes)
    assert.ok(!('kind' in upload))
    return upload.rows[0]
  }
  const flagsOf = async (number: number) => {
    const name = `IMPSADJReportTRN271126_${number}C.csv`
    const report = await readFile(name, set.files().get(name) ?? Buffer.alloc(0))
    assert.ok(report.kind === 'read' && isOf(report.read, 'adjustment'))
    return report.read.rows.map((row) => `${row.flag} ${row.reasonCode} ${row.rrn}`)
  }
  await say('1', same)
  assert.deepEqual((await set.cutFiles()).refused, [{ rrn: same, flag: 'B', refusal: 'answered_this_cycle' }])
  assert.deepEqual(await flagsOf(6), [`TCC 102 ${same}`, `B 108 ${next}`, `B 108 ${later}`])
  await say('2', next)
  await set.cutFiles()
  assert.deepEqual(await flagsOf(7), [`TCC 102 ${next}`, `IA 9887 ${next}`])
  const last = await say('3', later)
  await set.cutFiles()
  assert.deepEqual([last?.state, last?.refusal], ['refused', 'chargeback_settled'])
})

test('a dispute is the other bank’s to raise, and of a payment that was settled', (t) => {
  const set = open(t)
  assert.equal(set.office.dispute({ rrn: '633110000001', flag: 'B' }), 'unknown_payment')
  assert.equal(set.office.dispute({ rrn: '633110000001', flag: 'XX' }), 'unknown_flag')
  assert.equal(set.office.dispute({ rrn: '633110000001', flag: 'ACV' }), 'unknown_flag')
})

test('payments that are in no cycle yet outlive the switch, stopped or killed, and none is settled twice', async (t) => {
  for (const end of ['stopped', 'killed'] as const) {
    const first = open(t)
    const settled = fill(first, 4)
    await first.cutFiles()
    first.see({ stand: 'deemed', responseCode: '91', credited: true, direction: 'inward' })
    const { rrn: deciding } = first.see({ stand: 'inProgress', credited: false })
    const { rrn: approved } = first.see({ paise: 123_456n, p2p: true })
    if (end === 'stopped') first.office.close()
    else await first.clock.advanceAsync(250)
    const second = open(t, '2026-11-27T13:00:01', first)
    const answer = await second.cutFiles()
    assert.deepEqual([answer.cycle, answer.counts.outward, answer.counts.inward], ['2026-11-27/7', 2, 1], end)
    const rows = await rowsOf('IMPSISSRTRN271126_7C.csv', second.files().get('IMPSISSRTRN271126_7C.csv'))
    assert.deepEqual(
      rows.map(({ rrn, responseCode, amountPaise, subType, beneficiaryMobile }) => [
        rrn,
        responseCode,
        amountPaise,
        subType,
        beneficiaryMobile,
      ]),
      [
        [deciding, '08', 150_000n, 'F3', undefined],
        [approved, '00', 123_456n, 'FC', '9876543210'],
      ],
    )
    // What was settled can be disputed, and what was being decided is returned.
    assert.equal(typeof second.office.dispute({ rrn: settled[3] ?? '', flag: 'FC' }), 'object')
    await second.cutFiles()
    const report = second.files().get('IMPSADJReportTRN271126_8C.csv')?.toString() ?? ''
    assert.match(report, new RegExp(`${deciding}.*RET`))
    second.office.close()
  }
})

test('a cut whose files cannot be written is no cut: the next one has all of it, to the byte', async (t) => {
  const [good, bad] = [open(t), open(t)]
  const order = { seed: 7, errors: { late: 1, repeatedFile: 1, wrongAmount: 1 } }
  for (const set of [good, bad]) {
    fill(set)
    set.see({ direction: 'inward', stand: 'silent' })
  }
  const outgoing = join(bad.folder, 'outgoing')
  rmSync(outgoing, { recursive: true })
  writeFileSync(outgoing, 'a file in the place of the folder')
  await assert.rejects(bad.office.cut(order), /ENOTDIR|ENOENT/)
  rmSync(outgoing)
  mkdirSync(outgoing)
  assert.deepEqual(bad.files(), new Map())
  for (let round = 0; round < 2; round += 1) {
    assert.deepEqual(await bad.cutFiles(order), await good.cutFiles(order))
    assert.deepEqual(bad.files(), good.files())
  }
})

test('files that were cut and are not in the inbox yet come after a restart', async (t) => {
  const set = open(t)
  fill(set)
  const aside = `${set.inbox}-away`
  renameSync(set.inbox, aside)
  writeFileSync(set.inbox, 'no folder')
  await assert.rejects(set.cutFiles(), /ENOTDIR/)
  rmSync(set.inbox)
  const second = open(t, '2026-11-27T10:20:00', set)
  assert.equal(await second.office.cut({ cycle: { settlementDate: '2026-11-27', number: '5' } }), 'cut_already')
  assert.equal(second.files().size, 6)
})

test('a cycle that ended while the switch was away is cut when it is back', async (t) => {
  const first = open(t)
  await first.cutFiles()
  first.see()
  first.office.close()
  const second = open(t, '2026-11-27T17:30:00', first)
  const stop = second.office.run((error) => assert.fail(String(error)))
  await second.clock.advanceAsync(10)
  for (let turn = 0; turn < 100_000 && second.office.settlement.last()?.number !== '8'; turn += 1) {
    await new Promise((resolve) => setImmediate(resolve))
  }
  assert.equal((await second.cutFiles()).cycle, '2026-11-27/9')
  assert.ok(second.files().has('IMPSISSRTRN271126_8C.csv'))
  stop()
})
