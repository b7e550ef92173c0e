import {
  type AccountId,
  laneOf,
  must,
  parseAccountNumber,
  parseNbin,
  parseRrn,
  parseStan,
  paymentLinkIdFrom,
  type Rrn,
} from '../../src/base/identifiers.ts'
import { paise } from '../../src/base/money.ts'
import type { Beneficiary } from '../../src/base/party.ts'
import { createSystemRandom, randomHex } from '../../src/base/random.ts'
import { inTransaction } from '../../src/db/transaction.ts'
import type { CustomerAccount } from '../../src/ledger/store.ts'
import { type InwardOutcome, type ReceiveResult, receive } from '../../src/payment/receive.ts'
import type { PaymentLink } from '../../src/payment-link/link.ts'
import { findLinks, insertLink } from '../../src/payment-link/store.ts'
import { makeVirtualNumber } from '../../src/payment-link/virtual-account.ts'
import type { TestRoom } from './payment-room.ts'

const random = createSystemRandom()
const nbin = must(parseNbin('7001'), 'NBIN')

/** Makes a link for a merchant's account, as the API does. */
export async function makeTestLink(
  { room, db }: Pick<TestRoom, 'room' | 'db'>,
  account: CustomerAccount,
  asked: Partial<Pick<PaymentLink, 'amountPaise' | 'partial' | 'uses' | 'expiresAt' | 'reference'>> = {},
): Promise<PaymentLink> {
  const now = room.clock.now()
  const id = paymentLinkIdFrom(room.paymentIds(laneOf(0)).slice(4))
  await room.vault.prepare([1], now)
  await inTransaction(db, (tx) =>
    insertLink(tx, room.vault, {
      id,
      tenantId: 1,
      accountId: account.id,
      amountPaise: null,
      partial: false,
      uses: 'once',
      reference: null,
      description: null,
      returnUrl: null,
      expiresAt: null,
      token: randomHex(random, 22),
      virtualAccount: { ifsc: account.ifsc, accountNumber: makeVirtualNumber(nbin, random) },
      createdAt: now,
      madeBy: 'cli_x',
      key: undefined,
      ...asked,
    }),
  )
  return readLink({ room, db }, id)
}

export async function readLink(
  { room, db }: Pick<TestRoom, 'room' | 'db'>,
  id: PaymentLink['id'],
): Promise<PaymentLink> {
  return must((await findLinks(db, room.vault, [id]))[0], 'link')
}

let serial = 0
export const nextRrn = (): Rrn => {
  serial += 1
  return must(parseRrn(`632613${String(serial).padStart(6, '0')}`), 'RRN')
}

export type Pushed = ReceiveResult & { readonly outcome: InwardOutcome | undefined; readonly rrn: Rrn }

/** Somebody at another bank pays into an account number. */
export async function pushInto(
  { room }: Pick<TestRoom, 'room'>,
  to: { readonly ifsc: CustomerAccount['ifsc']; readonly accountNumber: string },
  amountPaise: bigint,
  rrn: Rrn = nextRrn(),
): Promise<Pushed> {
  let outcome: InwardOutcome | undefined
  const beneficiary: Beneficiary = {
    kind: 'account',
    ifsc: to.ifsc,
    account: must(parseAccountNumber(to.accountNumber), 'account'),
  }
  const result = await receive(
    room,
    {
      rrn,
      stan: must(parseStan(rrn.slice(6)), 'STAN'),
      remitterBank: '600001',
      amountPaise: paise(amountPaise),
      transmittedAt: room.clock.now(),
      channel: 'mobile',
      remitter: { name: 'Ravi', account: must(parseAccountNumber('991100223344'), 'account') },
      beneficiary,
    },
    { link: 'beneficiary', epoch: 1 },
    (decided) => {
      outcome = decided
      return {
        bytes: Buffer.from(JSON.stringify(decided)),
        responseCode: decided.kind === 'credited' ? '00' : 'M1',
      }
    },
  )
  return { ...result, outcome, rrn }
}

/** What an account has, in paise. */
export async function balanceOf({ db }: Pick<TestRoom, 'db'>, id: AccountId): Promise<bigint> {
  const [row] = await db<{ balance: bigint }[]>`select balance from account where account_id = ${id.slice(4)}`
  return row?.balance ?? 0n
}
