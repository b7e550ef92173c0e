import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { Turant, WebhookEvent } from '@turant/sdk'
import { turantWebhook } from '@turant/sdk/express'

/**
 * A shop's checkout: an order becomes a payment link, its buyer pays on the page of the hub, and the order turns paid when the hub says so, signed.
 * Nothing that a browser says makes an order paid.
 */

export type Order = {
  readonly id: string
  readonly what: string
  readonly amountPaise: bigint
  /** Where its buyer pays; absent until the hub has made it. */
  payAt: string | undefined
  /** `check`: money came, but not as asked for; somebody of the shop looks at it. */
  status: 'waiting' | 'paid' | 'check'
}

const goods: Readonly<Record<string, { readonly what: string; readonly amountPaise: bigint }>> = {
  book: { what: 'A book about trains', amountPaise: 45_000n },
  lamp: { what: 'A brass lamp', amountPaise: 185_000n },
}

export type ShopOptions = {
  readonly turant: Turant
  /** The shop's account on the hub. */
  readonly account: string
  /** The next number of an order. In a real shop its database's. */
  readonly nextOrder: () => string
}

/** A shop that listens on this machine, with an endpoint of its own at the hub. @param port  0: any that is free */
export async function openShop({ turant, account, nextOrder }: ShopOptions, port: number) {
  const orders = new Map<string, Order>()
  let secret = ''
  let url = ''

  const hook = turantWebhook({ keys: () => secret, onEvent: (event) => learn(orders, event) })

  async function buy(name: string): Promise<Order | undefined> {
    const good = goods[name]
    if (good === undefined) return undefined
    // The order is there before the hub is asked, and its number is the key: asked twice, there is one link.
    const order: Order = { id: nextOrder(), ...good, payAt: undefined, status: 'waiting' }
    orders.set(order.id, order)
    const link = await turant.paymentLinks.create(
      {
        account,
        amount: String(order.amountPaise),
        reference: order.id,
        description: order.what,
        returnUrl: `${url}/orders/${order.id}`,
      },
      { idempotencyKey: order.id },
    )
    order.payAt = link.url
    return order
  }

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const [, folder = '', name = ''] = (request.url ?? '').split('/')
    if (request.method === 'POST' && folder === 'buy') {
      const order = await buy(name)
      response.writeHead(order === undefined ? 404 : 303, { location: order?.payAt ?? '/' }).end()
      return
    }
    const order = orders.get(name)
    const page = folder === '' ? front() : folder === 'orders' && order !== undefined ? orderPage(order) : undefined
    response.writeHead(page === undefined ? 404 : 200, { 'content-type': 'text/html; charset=utf-8' }).end(page)
  }

  const server = createServer((request, response) => {
    const failed = (error: unknown): void => {
      console.error(error)
      if (!response.headersSent) response.writeHead(500)
      response.end()
    }
    if (request.url === '/hook') hook(request, response, failed)
    else answer(request, response).catch(failed)
  })
  await new Promise<void>((listening) => server.listen(port, '127.0.0.1', listening))
  const address = server.address()
  url = `http://127.0.0.1:${address !== null && typeof address === 'object' ? address.port : port}`
  const endpoint = await turant.webhookEndpoints.create({ url: `${url}/hook` })
  secret = endpoint.secret ?? ''

  return {
    url,
    async close(): Promise<void> {
      await turant.webhookEndpoints.delete(endpoint.id)
      server.close()
      server.closeAllConnections()
    },
  }
}

/** What an event of a link makes of its order. Learnt twice it is the same, so a webhook may come again. */
function learn(orders: ReadonlyMap<string, Order>, { type, data }: WebhookEvent): void {
  if (!type.startsWith('payment_link.') || !('reference' in data) || data.reference === null) return
  const order = orders.get(data.reference)
  if (order === undefined) return
  if (type === 'payment_link.paid') order.status = 'paid'
  else if (order.status !== 'paid' && /\.(underpaid|partially_paid|late_credit)$/.test(type)) order.status = 'check'
  console.log(`${order.id}  ${type}  ${order.status}`)
}

const rupees = (paise: bigint): string =>
  `₹${(Number(paise) / 100).toLocaleString('en-IN', { minimumFractionDigits: 2 })}`

const htmlOf = (title: string, body: string, head = ''): string =>
  `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">${head}<title>${title}</title></head><body><main><h1>${title}</h1>${body}</main></body></html>`

const front = (): string =>
  htmlOf(
    'A small shop',
    Object.entries(goods)
      .map(
        ([name, { what, amountPaise }]) =>
          `<form method="post" action="/buy/${name}"><p>${what}: ${rupees(amountPaise)} <button>Buy</button></p></form>`,
      )
      .join(''),
  )

const said = {
  waiting: 'We wait for your payment. This page looks again by itself.',
  paid: 'Paid. Thank you; it leaves today.',
  check: 'Your money came, but not as we asked for it. We look at it and write to you.',
} as const

const orderPage = ({ id, what, amountPaise, status, payAt }: Order): string =>
  htmlOf(
    `Order ${id}`,
    `<p>${what}: ${rupees(amountPaise)}</p><p role="status">${said[status]}</p>${status === 'waiting' && payAt !== undefined ? `<p><a href="${payAt}">Pay</a></p>` : ''}`,
    status === 'waiting' ? '<meta http-equiv="refresh" content="3">' : '',
  )
