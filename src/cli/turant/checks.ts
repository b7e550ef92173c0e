import { AuthenticationError, PermissionError, type Turant } from '@turant/sdk'
import { systemClock } from '../../base/clock.ts'
import { failureOf } from './connection.ts'
import type { Finding } from './doctor.ts'

/** What can be seen of a hub from outside. */

type Readiness = {
  readonly database: { readonly reachable: boolean; readonly latencyMs: number | null }
  readonly links: readonly {
    readonly id: string
    readonly role: string
    readonly state: string
    readonly usable: boolean
  }[]
  readonly draining: boolean
}

/** What the hub said when it was asked how it is. */
export type Seen = {
  readonly finding: Finding
  readonly ready: Readiness | undefined
  /** Milliseconds by which its clock is ahead of this one, by its `Date`, which knows seconds; undefined when it said none. */
  readonly aheadMs: number | undefined
}

const TIMEOUT_MS = 5_000
/** Slower than this, every payment waits for it. */
const SLOW_MS = 50
/** The switch's answers and signatures live for seconds and minutes. */
const CLOCK_SOON_MS = 2_000
const CLOCK_WRONG_MS = 30_000
const DAYS_SOON = 30
const DAYS_WRONG = 7

const ask = (url: string): Promise<Response> =>
  fetch(url, { signal: AbortSignal.timeout(TIMEOUT_MS), redirect: 'manual' })

export async function checkReachable(baseUrl: string): Promise<Seen> {
  const check = 'hub'
  try {
    const before = systemClock.now()
    const answer = await ask(`${baseUrl}/readyz`)
    const middle = (before + systemClock.now()) / 2
    const ready: Readiness = JSON.parse(await answer.text())
    const date = answer.headers.get('date')
    const aheadMs = date === null ? undefined : Date.parse(date) + 500 - middle
    if (!Array.isArray(ready.links)) throw new Error('something that is not a hub answers there')
    if (ready.draining)
      return {
        finding: { check, state: 'wrong', found: `${baseUrl} is stopping`, todo: 'start it again' },
        ready,
        aheadMs,
      }
    const state = answer.ok ? 'well' : 'wrong'
    const found = `${baseUrl} is ${answer.ok ? 'ready for payments' : 'not ready for payments'}`
    return {
      finding: { check, state, found, ...(answer.ok ? {} : { todo: 'see the database and the links below' }) },
      ready,
      aheadMs,
    }
  } catch (error) {
    const { cause, message } = Object(error)
    const found = `${baseUrl} does not answer: ${cause?.code ?? message}`
    const todo = 'start it (npm start), and see that host, port and firewall are right'
    return { finding: { check, state: 'wrong', found, todo }, ready: undefined, aheadMs: undefined }
  }
}

const unseen = (check: string): Finding => ({ check, state: 'skipped', found: 'the hub does not answer' })

export function checkClock({ aheadMs }: Seen): Finding {
  const check = 'clock'
  if (aheadMs === undefined) return unseen(check)
  const apartMs = Math.abs(aheadMs)
  const seconds = (apartMs / 1000).toFixed(1)
  if (apartMs < CLOCK_SOON_MS) return { check, state: 'well', found: 'within two seconds of this machine' }
  return {
    check,
    state: apartMs < CLOCK_WRONG_MS ? 'soon' : 'wrong',
    found: `the hub is ${seconds} s ${aheadMs > 0 ? 'ahead of' : 'behind'} this machine`,
    todo: 'have chrony or systemd-timesyncd set both clocks: signatures and time-outs depend on them',
  }
}

export function checkDatabase({ ready }: Seen): readonly Finding[] {
  const check = 'database'
  if (ready === undefined) return [unseen(check)]
  const { reachable, latencyMs } = ready.database
  if (!reachable || latencyMs === null)
    return [
      { check, state: 'wrong', found: 'the hub cannot reach it', todo: 'see that PostgreSQL runs, and DATABASE_URL' },
    ]
  const found = `answers the hub in ${latencyMs.toFixed(1)} ms`
  if (latencyMs < SLOW_MS) return [{ check, state: 'well', found }]
  return [
    {
      check,
      state: 'soon',
      found,
      todo: 'each payment waits for it three times: see its disk, its load, and the network',
    },
  ]
}

export function checkLinks({ ready }: Seen): readonly Finding[] {
  if (ready === undefined) return [unseen('link')]
  if (ready.links.length === 0)
    return [
      {
        check: 'link',
        state: 'wrong',
        found: 'there is none',
        todo: 'the profile must name one: docs/operating/wire-profile.md',
      },
    ]
  return ready.links.map(({ id, role, state, usable }): Finding => {
    const found = `${id} (${role}) is ${state}`
    if (usable) return { check: 'link', state: 'well', found }
    return {
      check: 'link',
      state: 'wrong',
      found,
      todo: 'nothing leaves by it: see the address in the profile, the firewall, and hub.log',
    }
  })
}

export async function checkApiKey(turant: Turant, { ready }: Seen): Promise<Finding> {
  const check = 'API key'
  if (ready === undefined) return unseen(check)
  try {
    await turant.accounts.list({ limit: 1 }).page()
    return { check, state: 'well', found: 'is known to the hub' }
  } catch (error) {
    if (error instanceof AuthenticationError)
      return {
        check,
        state: 'wrong',
        found: 'is not known to the hub',
        todo: 'it was revoked, or is of another hub: POST /v1/clients/{id}/keys',
      }
    if (error instanceof PermissionError)
      return { check, state: 'well', found: 'is known to the hub; it may not see accounts' }
    const { message } = Object(failureOf(error))
    return { check, state: 'wrong', found: String(message), todo: 'see hub.log' }
  }
}

/** From the metrics, which know every certificate that the hub uses. */
export async function checkCertificates(baseUrl: string, { ready }: Seen): Promise<readonly Finding[]> {
  const check = 'certificate'
  if (ready === undefined) return [unseen(check)]
  const text = await ask(`${baseUrl}/metrics`).then(
    (answer) => (answer.ok ? answer.text() : ''),
    () => '',
  )
  const lines = [...text.matchAll(/^turant_certificate_days_left\{use="([^"]*)",subject="([^"]*)"\} (-?[0-9.]+)$/gm)]
  if (lines.length === 0)
    return [{ check, state: 'skipped', found: 'the hub uses none, or its metrics are not shown here' }]
  return lines.map(([, use = '', subject = '', days = '']): Finding => {
    const left = Math.floor(Number(days))
    const found = `${subject} (${use}) ${left < 0 ? 'has ended' : `ends in ${left} days`}`
    if (left >= DAYS_SOON) return { check, state: 'well', found }
    const todo = 'order a new one and put it beside the old: docs/operating/keys.md'
    return { check, state: left < DAYS_WRONG ? 'wrong' : 'soon', found, todo }
  })
}
