import type { Clock } from './base/clock.ts'
import {
  type AccountId,
  type CustomerId,
  type Mobile,
  must,
  parseIfsc,
  parseMmid,
  parseMobile,
} from './base/identifiers.ts'
import type { Vault } from './base/vault.ts'
import { type Customer, findByReference, insertCustomer } from './customer/customer-store.ts'
import { insertFactor, listFactors, newFactorId } from './customer/factor-store.ts'
import { pepperedMpin } from './customer/proof.ts'
import type { Db, Tx } from './db/pool.ts'
import { inTransaction } from './db/transaction.ts'
import { createHashing, type Hashing } from './identity/passwords.ts'
import { makeTotpSecret, totpText } from './identity/totp.ts'
import type { Institution } from './imps/profile.ts'
import { findAddressed, openAccount } from './ledger/store.ts'

/**
 * The sandbox's second tenant, `customers`: a business whose customers the hub authenticates, with two people who have their factors, so
 * that this can be tried beside the first tenant, which pays its own money and is asked for nothing.
 */

export const CUSTOMERS_TENANT = 2
const TENANT_NAME = 'customers'

type Person = {
  readonly reference: string
  readonly name: string
  readonly mobile: string
  readonly mmidTail: string
  readonly mpin: string
  readonly totp: boolean
}

/** Demo people with demo MPINs, which are known to whoever reads this: there are none outside a sandbox. */
const people: readonly Person[] = [
  { reference: 'asha', name: 'Asha Devi', mobile: '9000000011', mmidTail: '011', mpin: '395174', totp: false },
  { reference: 'ravi', name: 'Ravi Kumar', mobile: '9000000012', mmidTail: '012', mpin: '862057', totp: true },
]

const OPENING_PAISE = 100_000_000n // ₹10,00,000

/** What somebody who tries it must know of a person. */
export type DemoPerson = {
  readonly customer: CustomerId
  readonly account: AccountId
  readonly name: string
  readonly mobile: Mobile
  readonly mpin: string
  /** For an authenticator app, in base32; null: none is enrolled. */
  readonly totpSecret: string | null
}

/**
 * Makes the tenant, its people, their factors and accounts, once per database. What somebody changed of them since stays changed.
 * @returns undefined when tenant 2 of this database is somebody else
 */
export async function ensureDemoCustomers(
  db: Db,
  vault: Vault,
  bank: Institution,
  clock: Clock,
): Promise<Readonly<Record<string, DemoPerson>> | undefined> {
  await db`
    insert into tenant (tenant_id, kind, name, customer_authentication)
    values (${CUSTOMERS_TENANT}, 'business', ${TENANT_NAME}, 'hub') on conflict do nothing`
  const [tenant] = await db<{ name: string }[]>`select name from tenant where tenant_id = ${CUSTOMERS_TENANT}`
  if (tenant?.name !== TENANT_NAME) return undefined
  await vault.prepare([CUSTOMERS_TENANT], clock.now())
  const hashing = createHashing()
  const made: [string, DemoPerson][] = []
  for (const person of people) {
    const { customer, totp } = await inTransaction(db, (tx) => ensurePerson(tx, vault, hashing, person, clock.now()))
    const account = await ensureAccount(db, vault, bank, person, customer, clock.now())
    made.push([
      person.reference,
      {
        customer: customer.id,
        account,
        name: person.name,
        mobile: must(parseMobile(person.mobile), 'mobile'),
        mpin: person.mpin,
        totpSecret: totp === undefined ? null : totpText(Buffer.from(totp, 'hex')),
      },
    ])
  }
  return Object.fromEntries(made)
}

async function ensurePerson(
  tx: Tx,
  vault: Vault,
  hashing: Hashing,
  { reference, name, mobile: number, mpin, totp }: Person,
  now: number,
): Promise<{ readonly customer: Customer; readonly totp: string | undefined }> {
  const mobile = must(parseMobile(number), 'mobile')
  const found = await findByReference(tx, vault, CUSTOMERS_TENANT, reference)
  if (found === undefined) {
    const fresh = { tenantId: CUSTOMERS_TENANT, name, mobile, language: 'en', reference }
    const customer = await insertCustomer(tx, vault, fresh, now)
    if (customer === 'reference_taken') throw new Error(`${reference} was made by another process just now`)
    const enrolled = { proof: null, proofUntil: null }
    const hash = await hashing.hash(pepperedMpin(vault, customer, mpin))
    await insertFactor(tx, vault, customer, { id: newFactorId(), kind: 'mpin', secret: hash, ...enrolled }, now)
    await insertFactor(tx, vault, customer, { id: newFactorId(), kind: 'sms', secret: mobile, ...enrolled }, now)
    const secret = Buffer.from(makeTotpSecret()).toString('hex')
    if (totp) await insertFactor(tx, vault, customer, { id: newFactorId(), kind: 'totp', secret, ...enrolled }, now)
    return { customer, totp: totp ? secret : undefined }
  }
  const factors = await listFactors(tx, vault, found)
  return {
    customer: found,
    totp: factors.find(({ kind, enrolledAt }) => kind === 'totp' && enrolledAt !== null)?.secret,
  }
}

async function ensureAccount(
  db: Db,
  vault: Vault,
  bank: Institution,
  { name, mobile: number, mmidTail }: Person,
  { key }: Customer,
  now: number,
): Promise<AccountId> {
  const mobile = must(parseMobile(number), 'mobile')
  const mmid = must(parseMmid(`${bank.nbin}${mmidTail}`), 'MMID')
  const [found] = await findAddressed(db, vault, [{ mobile, mmid }])
  if (found !== undefined && found !== 'several_accounts') return found
  const opened = await openAccount(
    db,
    vault,
    {
      tenantId: CUSTOMERS_TENANT,
      institution: bank.code,
      nbin: bank.nbin,
      name,
      ifsc: must(parseIfsc(`${bank.ifscPrefix}0000001`), 'IFSC'),
      mobile,
      mmid,
      customerId: key,
      reference: null,
      openingBalance: OPENING_PAISE,
    },
    now,
  )
  if (typeof opened === 'string') throw new Error(`the account of ${number} was opened by another process just now`)
  return opened.id
}
