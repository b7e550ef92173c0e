import { randomUUID } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline/promises'
import { setTimeout as wait } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { Turant, TurantError } from '@turant/sdk'
import { findHub } from '../hub.ts'
import { createWallet, type Member, type Members, type Wallet } from './wallet.ts'

/** The wallet's app, in a terminal: `npm run example:wallet -- join …`. */

const { positionals, values: given } = parseArgs({
  allowPositionals: true,
  options: {
    name: { type: 'string', default: '' },
    mobile: { type: 'string', default: '' },
    mpin: { type: 'string', default: '' },
    amount: { type: 'string', default: '' },
    ifsc: { type: 'string', default: '' },
    account: { type: 'string', default: '' },
    order: { type: 'string' },
    members: { type: 'string', default: join(process.env.TURANT_DATA_DIR ?? '.turant', 'members.json') },
    /** Reads the codes off the sandbox's phone, instead of asking for them. */
    'sandbox-phone': { type: 'boolean', default: false },
  },
})
const { name, mobile, mpin } = given

const turant = new Turant(findHub('customers.json'))

/** The code of the last message to a number: what its owner would read on the phone. */
async function readPhone(): Promise<string> {
  const [message] = await turant.sandbox.messages.list({ mobile, limit: 1 }).toArray(1)
  console.log(`  message to the phone: ${message?.text}`)
  return /(?<!\d)\d{6}(?!\d)/.exec(message?.text ?? '')?.[0] ?? ''
}

async function askPerson(_mobile: string, sentTo: string | null): Promise<string> {
  const lines = createInterface({ input: process.stdin, output: process.stdout })
  const code = await lines.question(`the code that was sent to ${sentTo ?? 'the phone'}: `)
  lines.close()
  return code.trim()
}

/** Enough of a database for one terminal. */
function openMembers(file: string): Members {
  const known: Record<string, Member> = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {}
  return {
    find: (number) => known[number],
    keep(number, member) {
      known[number] = member
      writeFileSync(file, JSON.stringify(known), { mode: 0o600 })
    },
  }
}

const rupees = (paise: string): string =>
  `₹${(Number(paise) / 100).toLocaleString('en-IN', { minimumFractionDigits: 2 })}`

function paiseOf(text: string): bigint {
  const [, whole, part = '00'] = /^(\d{1,10})(?:\.(\d{2}))?$/.exec(text) ?? []
  if (whole === undefined) throw new Error('--amount is rupees, such as 1500 or 1500.50')
  return BigInt(whole) * 100n + BigInt(part)
}

const wallet = createWallet(turant, openMembers(given.members), given['sandbox-phone'] ? readPhone : askPerson)

const acts: Readonly<Record<string, (wallet: Wallet) => Promise<void>>> = {
  async join() {
    const { accountNumber, ifsc, available } = await wallet.join({ name, mobile, mpin })
    console.log(`welcome, ${name}: your account is ${accountNumber} at ${ifsc}, with ${rupees(available)}`)
  },
  /** Money comes in as from any bank. In the sandbox it can be made to. */
  async add() {
    const { accountNumber: account, ifsc, available: before } = await wallet.accountOf(mobile)
    await turant.sandbox.inward({ amount: String(paiseOf(given.amount)), to: { ifsc, account } })
    let available = before
    while (available === before) {
      await wait(100)
      available = (await wallet.accountOf(mobile)).available
    }
    console.log(`you have ${rupees(available)}`)
  },
  async pay() {
    const to = { ifsc: given.ifsc, account: given.account, name }
    const orderId = given.order ?? randomUUID()
    const payment = await wallet.pay({ mobile, mpin, amountPaise: paiseOf(given.amount), to, orderId })
    const words: Readonly<Record<string, string>> = {
      succeeded: 'paid',
      deemed: 'paid; the other bank confirms it with the settlement',
      processing: 'on its way: we tell you when we know. Do not pay again.',
    }
    console.log(
      `${rupees(payment.amount)} to ${payment.to.registeredName ?? name}: ${words[payment.status] ?? `not paid (${payment.reason?.message})`}`,
    )
    console.log(`you have ${rupees((await wallet.accountOf(mobile)).available)}`)
  },
  async statement() {
    for (const { direction, amount, status, rrn } of await wallet.statement(mobile, 10))
      console.log(
        `${direction === 'inward' ? '+' : '-'}${rupees(amount).padStart(14)}  ${status.padEnd(11)}  RRN ${rrn ?? '-'}`,
      )
    console.log(`you have ${rupees((await wallet.accountOf(mobile)).available)}`)
  },
}

const act = acts[positionals[0] ?? '']
if (act === undefined || mobile === '') {
  console.error(`wallet ${Object.keys(acts).join('|')} --mobile <number> …`)
  process.exitCode = 2
} else {
  await act(wallet).catch((error: unknown) => {
    if (!(error instanceof TurantError)) throw error
    console.error(`${error.message} (${error.code})`)
    process.exitCode = 1
  })
}
