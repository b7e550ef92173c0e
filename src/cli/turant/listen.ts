import { setTimeout as wait } from 'node:timers/promises'
import type { Event, Turant } from '@turant/sdk'
import { makeSecret, signWebhook } from '@turant/sdk/testing'
import { Command } from 'commander'
import { exitCodes, Failure } from '../hub.ts'
import { clockTime, paint } from '../show.ts'
import { type ConnectionOptions, connect, failureOf, readSeconds, say, withConnection } from './connection.ts'

type Options = ConnectionOptions & {
  readonly forwardTo: string
  readonly secret?: string
  readonly events?: string
  readonly wait?: string
  readonly json?: true
}

type Events = Turant['events']

const POLL_MS = 500
/** A program that is being written is restarted all the time: an event waits for it as long as this. */
const TRIES = 6
const TIMEOUT_MS = 15_000

/** `turant listen`. @param end  takes the exit code */
export function listenCommand(end: (code: number) => void): Command {
  const command = new Command('listen')
    .description(
      'Forwards events to a program on this machine, signed as webhooks are. Needs no tunnel: it asks the hub.',
    )
    .requiredOption('--forward-to <url>', 'where the program listens, such as http://localhost:3000/hook')
    .option('--secret <whsec_…>', 'what to sign with (default: a new one, which is printed)')
    .option('--events <types>', 'only these, with commas between, such as payment.succeeded,payment.failed')
    .option('--wait <seconds>', 'for how long (default: until Ctrl-C)')
    .option('--json', 'print each delivery as JSON, one a line')
    .addHelpText(
      'after',
      `
What happens from now on is forwarded, in order; an event that is not taken (any answer but 2xx) is tried ${TRIES} times over half a minute.

Example:
  turant listen --forward-to http://localhost:3000/hook

Exit codes: ${exitCodes.done} ended as asked, ${exitCodes.usage} not an address on this machine, ${exitCodes.unreachable} no hub.`,
    )
  return withConnection(command).action(async (options: Options) => {
    const url = readLocal(options.forwardTo)
    const { turant } = connect(options)
    const secret = options.secret ?? makeSecret()
    const only = options.events?.split(',').map((one) => one.trim())
    const leaving = new AbortController()
    process.once('SIGINT', () => leaving.abort())
    if (options.wait !== undefined) wait(readSeconds('--wait', options.wait) * 1000).then(() => leaving.abort())
    let cursor = await findEnd(turant.events)
    if (options.json === true) say(JSON.stringify({ listening: url.href, secret }))
    else say(`forwarding to ${url.href}, signed with ${paint('bold', secret)}; Ctrl-C ends it`)
    while (!leaving.signal.aborted) {
      const page = await readPage(turant.events, cursor)
      for (const event of page.data) {
        if (leaving.signal.aborted) break
        if (only !== undefined && !only.includes(event.type)) continue
        tell(await deliver(url, secret, event, leaving.signal), options.json === true)
      }
      cursor = page.nextCursor ?? cursor
      if (page.hasMore !== true) await wait(POLL_MS, undefined, { signal: leaving.signal }).catch(() => undefined)
    }
    end(exitCodes.done)
  })
}

/** An address of this machine: events go nowhere else. @throws {Failure} */
function readLocal(text: string): URL {
  const url = URL.parse(text)
  if (url === null || url.protocol !== 'http:')
    throw new Failure(exitCodes.usage, `--forward-to ${text} is not an http address`)
  if (!/^(localhost|127(\.\d{1,3}){3}|\[::1\])$/.test(url.hostname))
    throw new Failure(exitCodes.usage, `--forward-to ${text} is not on this machine`, [
      'for other machines register an endpoint: POST /v1/webhook-endpoints',
    ])
  return url
}

const pageOf = (events: Events, cursor: string | undefined) => events.list({ limit: 100 }).page(cursor)

/** Behind what has happened by now. */
async function findEnd(events: Events): Promise<string | undefined> {
  let cursor: string | undefined
  for (;;) {
    const { nextCursor, hasMore } = await pageOf(events, cursor)
    cursor = nextCursor ?? cursor
    if (hasMore !== true) return cursor
  }
}

/** The next page, once the hub answers: it may be restarted while one listens. */
async function readPage(events: Events, cursor: string | undefined): ReturnType<typeof pageOf> {
  for (;;) {
    try {
      return await pageOf(events, cursor)
    } catch (error) {
      const failure = failureOf(error)
      if (!(failure instanceof Failure) || failure.exitCode !== exitCodes.unreachable) throw error
      process.stderr.write(`${paint('yellow', failure.message)}; asking again\n`)
      await wait(POLL_MS * 4)
    }
  }
}

type Delivery = {
  readonly id: string
  readonly type: string
  readonly payment: string
  readonly at: string
  readonly status: number | null
  readonly tries: number
  readonly answer: string
}

/** Tries until the program takes the event, or has not for too long. */
async function deliver(url: URL, secret: string, { id, ...event }: Event, signal: AbortSignal): Promise<Delivery> {
  for (let tries = 1; ; tries += 1) {
    const { body, headers } = await signWebhook(secret, { event, id }) // anew each time: the instant is of the delivery
    const { status, answer } = await post(url, body, headers)
    const isTaken = status !== null && status >= 200 && status < 300
    if (isTaken || tries === TRIES || signal.aborted)
      return { id, type: event.type, payment: event.data.id, at: event.timestamp, status, tries, answer }
    await wait(POLL_MS * 2 ** tries, undefined, { signal }).catch(() => undefined)
  }
}

async function post(
  url: URL,
  body: string,
  headers: Readonly<Record<string, string>>,
): Promise<{ readonly status: number | null; readonly answer: string }> {
  try {
    const answer = await fetch(url, {
      method: 'POST',
      body,
      headers,
      redirect: 'manual',
      signal: AbortSignal.timeout(TIMEOUT_MS),
    })
    return { status: answer.status, answer: (await answer.text()).slice(0, 300) }
  } catch (error) {
    const { cause, message } = Object(error)
    return { status: null, answer: String(cause?.code ?? message) }
  }
}

function tell(delivery: Delivery, isJson: boolean): void {
  if (isJson) {
    say(JSON.stringify(delivery))
    return
  }
  const { at, type, payment, status, tries, answer } = delivery
  const isTaken = status !== null && status >= 200 && status < 300
  const how = paint(isTaken ? 'green' : 'red', status === null ? answer : String(status))
  const more = isTaken || status === null || answer === '' ? '' : ` ${answer}`
  say(`  ${paint('dim', clockTime(at))}  ${type}  ${payment}  ${how}${tries > 1 ? ` after ${tries} tries` : ''}${more}`)
}
