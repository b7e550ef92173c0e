import { ConnectionError, Turant, TurantError, webhooks } from '../src/index.ts'
import { makeKeyPair, makeSecret, signWebhook } from '../src/testing.ts'

/** One story, told in Node, in a page and in a worker: what it gives is compared. Values are such as JSON can carry. */

export type Place = {
  readonly baseUrl: string
  readonly apiKey: string
  readonly from: string
  /** An address that nobody listens on. */
  readonly nowhere: string
  /** A live key, and what it signs with, in both kinds. */
  readonly live: {
    readonly apiKey: string
    readonly signing: readonly { readonly keyId: string; readonly privateKey: string }[]
  }
}

const to = { kind: 'account', ifsc: 'HDFC0000123', account: '50100123456789', name: 'Asha Devi' } as const

const errorOf = async (call: Promise<unknown>): Promise<TurantError> => {
  try {
    await call
  } catch (error) {
    if (error instanceof TurantError) return error
    throw error
  }
  throw new Error('it did not throw')
}

export async function scenario({ baseUrl, apiKey, from, nowhere, live }: Place) {
  const turant = new Turant({ baseUrl, apiKey })
  const made = await turant.payments.create({ amount: 150_000n, from, to, reference: 'INV-42' })
  const paid = await turant.payments.waitUntilFinal(made.id)
  const declined = await turant.payments.create({ amount: '10900', from, to }, { waitS: 20 })
  const silent = await turant.payments.create({ amount: '10500', from, to })
  const open = await turant.payments.waitUntilFinal(silent.id, { timeoutMs: 2_500 })
  const steps: string[] = []
  for await (const step of turant.payments.follow(made.id)) steps.push(step.state)
  const listed = await turant.payments.list({ reference: 'INV-42', limit: 1 }).toArray(1)
  const refused = await errorOf(turant.payments.create({ amount: '100', from: 'acc_999999', to }))
  const away = await errorOf(
    new Turant({ baseUrl: nowhere, apiKey, maxRetries: 0 }).payments.create({ amount: '100', from, to }),
  )
  const unsigned = await errorOf(
    new Turant({ baseUrl, apiKey: live.apiKey }).payments.create({ amount: '100', from, to }),
  )
  const signed: string[] = []
  for (const signingKey of live.signing) {
    const signer = new Turant({ baseUrl, apiKey: live.apiKey, signingKey })
    signed.push((await signer.payments.create({ amount: '20000', from, to }, { waitS: 20 })).status)
    // Without a body; and with one that is no ASCII, which the hub refuses once it has found the signature right.
    signed.push((await errorOf(signer.payments.cancel(made.id))).code)
    signed.push(
      (await signer.payments.create({ amount: '20000', from, to, remarks: 'किराया' }, { waitS: 20 }).catch(codeOf))
        .status,
    )
  }
  const secret = makeSecret()
  const pair = await makeKeyPair()
  const webhook = await signWebhook([secret, pair.privateKey], { event: { type: 'payment.succeeded', data: {} } })
  const events = [secret, pair.publicKey].map((key) => webhooks.verify(webhook.body, webhook.headers, key))
  return {
    paid: [paid.status, paid.responseCode, paid.to.registeredName],
    declined: [declined.status, declined.reason?.code],
    open: [open.status],
    steps,
    listed: listed.map(({ id }) => id === made.id),
    refused: [refused.name, refused.code, refused.status, refused.ambiguous, typeof refused.requestId],
    away: [away instanceof ConnectionError, away.code, away.ambiguous],
    unsigned: [unsigned.name, unsigned.code, unsigned.ambiguous],
    signed,
    events: (await Promise.all(events)).map(({ type }) => type),
  }
}

const codeOf = (error: unknown) => ({ status: error instanceof TurantError ? error.code : String(error) })
