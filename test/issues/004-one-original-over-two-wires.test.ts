import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import type { AccountId } from '../../src/base/identifiers.ts'
import { must, parseAccountNumber, parseIfsc, parseRrn, parseStan } from '../../src/base/identifiers.ts'
import { paise } from '../../src/base/money.ts'
import { createPool } from '../../src/db/pool.ts'
import type { FundTransferRequest } from '../../src/imps/rail-message.ts'
import { setUpRail } from '../support/a-rail.ts'
import { openTestDatabase } from '../support/database.ts'
import { proveBooks } from '../support/payment-room.ts'

// The sending bank is DE 32 on one wire and the payer's IFSC on the other, so an original that comes over both, as at a cut-over
// with one in each queue, had two duplicate keys and would have been credited twice.

const { url, db } = await openTestDatabase()
const doors = createPool(url, { connections: 8, indexOnly: true, name: 'turant test doors' })
after(() => doors.end({ timeout: 2 }))

const balanceOf = async (account: AccountId): Promise<bigint> => {
  const [row] = await db<{ balance: bigint }[]>`select balance from account where account_id = ${account.slice(4)}`
  return row?.balance ?? 0n
}

test('an original that comes over both wires, its bank named differently on each, is one credit; another payer with its RRN is another payment', async () => {
  const { xmlSwitch, isoSwitch, up, down, until, account, clock, rail } = await setUpRail({ db, doors }, 'both')
  await up()
  const request = (serial: number, payer: string): FundTransferRequest => ({
    kind: 'fundTransferRequest',
    rrn: must(parseRrn(`6397${String(serial).padStart(8, '0')}`), 'RRN'),
    stan: must(parseStan(String(serial).padStart(6, '0')), 'STAN'),
    remitterBank: '900900',
    amountPaise: paise(123_400n),
    transmittedAt: clock.now(),
    channel: 'mobile',
    remitter: {
      name: 'Asha Devi',
      account: must(parseAccountNumber(payer), 'account'),
      ifsc: must(parseIfsc('OTHB0000001'), 'IFSC'),
    },
    beneficiary: {
      kind: 'account',
      ifsc: account.ifsc,
      account: must(parseAccountNumber(account.accountNumber), 'account'),
    },
  })
  const before = await balanceOf(account.id)
  for (const [serial, first, second] of [
    [1, isoSwitch, xmlSwitch],
    [2, xmlSwitch, isoSwitch],
  ] as const) {
    const silent = rail.status().counters.inwardSilent
    const answered = first.said.length
    first.ask(request(serial, '50100000000001'))
    await until('answered', () => first.said.length === answered + 1)
    second.ask(request(serial, '50100000000001'))
    await until('left alone', () => rail.status().counters.inwardSilent === silent + 1)
  }
  assert.equal(await balanceOf(account.id), before + 2n * 123_400n)
  const answered = xmlSwitch.said.length
  xmlSwitch.ask(request(1, '50100000000002'))
  await until('answered', () => xmlSwitch.said.length === answered + 1)
  assert.equal(xmlSwitch.said.at(-1)?.responseCode, '00')
  assert.equal(await balanceOf(account.id), before + 3n * 123_400n)
  await proveBooks(db)
  await down()
})
