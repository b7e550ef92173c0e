import type { Payment, Turant } from '@turant/sdk'

/** The back end of a wallet: what its app would call, over the SDK. The hub keeps the money, the factors and the proof; the wallet keeps none of them. */

export type Account = Awaited<ReturnType<Turant['accounts']['get']>>
/** Shows a customer's code to nobody but the customer: here it is asked for. @param sentTo  the mobile number, masked */
export type AskCode = (mobile: string, sentTo: string | null) => Promise<string>

/** The wallet's own database: whose account is whose. */
export type Members = {
  readonly find: (mobile: string) => Member | undefined
  readonly keep: (mobile: string, member: Member) => void
}
export type Member = { readonly customer: string; readonly account: string }

export type Wallet = {
  /** Somebody joins: a customer with an MPIN and a mobile that was proved, and an account with nothing in it. */
  readonly join: (person: { readonly name: string; readonly mobile: string; readonly mpin: string }) => Promise<Account>
  readonly accountOf: (mobile: string) => Promise<Account>
  /** Pays another bank's account, once the customer has proved that this amount to this payee is what they want. */
  readonly pay: (order: Order) => Promise<Payment>
  /** The last payments in and out, newest first. */
  readonly statement: (mobile: string, most: number) => Promise<readonly Payment[]>
}

export type Order = {
  readonly mobile: string
  readonly mpin: string
  readonly amountPaise: bigint
  readonly to: { readonly ifsc: string; readonly account: string; readonly name: string }
  /** Made by the app when the customer presses the button, and the same when it asks again. */
  readonly orderId: string
}

export function createWallet(turant: Turant, members: Members, askCode: AskCode): Wallet {
  const accountOf = (mobile: string): Promise<Account> => {
    const member = members.find(mobile)
    if (member === undefined) throw new Error('nobody with this mobile number has joined')
    return turant.accounts.get(member.account)
  }
  return {
    accountOf,

    async join({ name, mobile, mpin }) {
      // The reference belongs to one customer: joining twice is refused by the hub (`reference_taken`).
      const customer = await turant.customers.create({ name, mobile, reference: mobile })
      await turant.customers.factors.create(customer.id, { kind: 'mpin', mpin })
      const sms = await turant.customers.factors.create(customer.id, { kind: 'sms' })
      await turant.customers.factors.prove(customer.id, sms.id, { code: await askCode(mobile, null) })
      const account = await turant.accounts.create({ name, mobile, customer: customer.id, reference: mobile })
      members.keep(mobile, { customer: customer.id, account: account.id })
      return account
    },

    async pay({ mobile, mpin, amountPaise, to, orderId }) {
      const from = await accountOf(mobile)
      const payment = await turant.payments.create(
        { amount: amountPaise, from: from.id, to: { kind: 'account', ...to }, channel: 'mobile' },
        { idempotencyKey: orderId },
      )
      if (payment.status === 'requires_authentication') {
        const challenge = await turant.payments.authenticate(payment.id, { send: 'sms' })
        const sms = await askCode(mobile, 'sentTo' in challenge ? challenge.sentTo : null)
        await turant.payments.authenticate(payment.id, { mpin, sms })
      }
      return turant.payments.waitUntilFinal(payment.id, { timeoutMs: 30_000 })
    },

    async statement(mobile, most) {
      const { id } = await accountOf(mobile)
      return turant.payments.list({ account: id, limit: Math.min(most, 100) }).toArray(most)
    },
  }
}
