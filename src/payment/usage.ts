import type { Channel } from '../base/party.ts'

/**
 * What an account has paid in the present day, week and month, by channel, and when it paid last: a short text in the account's own
 * row. Pure. Days, weeks (from Monday) and months are those of India.
 */
export type Usage = {
  /** Days since 1 January 1970. */
  readonly day: number
  /** Weeks since Monday 29 December 1969. */
  readonly week: number
  /** Months since January 1970. */
  readonly month: number
  readonly channels: Readonly<Partial<Record<Channel, Counts>>>
  /** The last payments, oldest first, epoch milliseconds; at most `RECENT`. */
  readonly recent: readonly number[]
}

/** Paise and payments of the day, the week and the month. */
export type Counts = {
  readonly day: bigint
  readonly days: number
  readonly week: bigint
  readonly weeks: number
  readonly month: bigint
  readonly months: number
}

/** Payments whose instants are kept: as many as the largest velocity that a policy can name. */
export const RECENT = 60

const IST_MS = 19_800_000
const DAY_MS = 86_400_000

const none: Counts = { day: 0n, days: 0, week: 0n, weeks: 0, month: 0n, months: 0 }

/** The windows that an instant lies in. */
export function windowsAt(at: number): Pick<Usage, 'day' | 'week' | 'month'> {
  const day = Math.floor((at + IST_MS) / DAY_MS)
  const date = new Date(day * DAY_MS)
  return { day, week: Math.floor((day + 3) / 7), month: (date.getUTCFullYear() - 1970) * 12 + date.getUTCMonth() }
}

type Written = {
  d: number
  w: number
  m: number
  c: Partial<Record<Channel, [string, number, string, number, string, number]>>
  r?: number[]
}

/** The usage as of `now`: of windows that are over nothing is left. */
export function readUsage(text: string, now: number): Usage {
  const at = windowsAt(now)
  const written = JSON.parse(text) as Partial<Written>
  const channels: Partial<Record<Channel, Counts>> = {}
  for (const [channel, counts] of Object.entries(written.c ?? {}) as [Channel, Written['c'][Channel]][]) {
    if (counts === undefined) continue
    const [day, days, week, weeks, month, months] = counts
    const kept: Counts = {
      ...(written.d === at.day ? { day: BigInt(day), days } : { day: 0n, days: 0 }),
      ...(written.w === at.week ? { week: BigInt(week), weeks } : { week: 0n, weeks: 0 }),
      ...(written.m === at.month ? { month: BigInt(month), months } : { month: 0n, months: 0 }),
    }
    if (kept.weeks > 0 || kept.months > 0) channels[channel] = kept
  }
  return { ...at, channels, recent: written.r ?? [] }
}

export function writeUsage({ day, week, month, channels, recent }: Usage): string {
  const c = Object.fromEntries(
    Object.entries(channels).map(([channel, n]) => [
      channel,
      [String(n.day), n.days, String(n.week), n.weeks, String(n.month), n.months],
    ]),
  )
  return JSON.stringify({ d: day, w: week, m: month, c, ...(recent.length === 0 ? {} : { r: recent }) })
}

/** What was paid over one channel, or over all together. */
export function countsOf(usage: Usage, channel: Channel | null): Counts {
  if (channel !== null) return usage.channels[channel] ?? none
  return Object.values(usage.channels).reduce(
    (sum, n) => ({
      day: sum.day + n.day,
      days: sum.days + n.days,
      week: sum.week + n.week,
      weeks: sum.weeks + n.weeks,
      month: sum.month + n.month,
      months: sum.months + n.months,
    }),
    none,
  )
}

/** After one more payment. @param remember  whether its instant is kept: only where a velocity is looked at */
export function withPayment(
  usage: Usage,
  channel: Channel,
  amountPaise: bigint,
  now: number,
  remember: boolean,
): Usage {
  const n = usage.channels[channel] ?? none
  const after: Counts = {
    day: n.day + amountPaise,
    days: n.days + 1,
    week: n.week + amountPaise,
    weeks: n.weeks + 1,
    month: n.month + amountPaise,
    months: n.months + 1,
  }
  const recent = remember ? [...usage.recent, now].slice(-RECENT) : usage.recent
  return { ...usage, channels: { ...usage.channels, [channel]: after }, recent }
}

/** After a payment came back that was made at `madeAt`: it counts no more in the windows that it was made in and that still run. */
export function withoutPayment(usage: Usage, channel: Channel, amountPaise: bigint, madeAt: number): Usage {
  const n = usage.channels[channel]
  if (n === undefined) return usage
  const then = windowsAt(madeAt)
  const less = (sum: bigint, count: number, same: boolean): readonly [bigint, number] =>
    same && count > 0 && sum >= amountPaise ? [sum - amountPaise, count - 1] : [sum, count]
  const [day, days] = less(n.day, n.days, then.day === usage.day)
  const [week, weeks] = less(n.week, n.weeks, then.week === usage.week)
  const [month, months] = less(n.month, n.months, then.month === usage.month)
  return { ...usage, channels: { ...usage.channels, [channel]: { day, days, week, weeks, month, months } } }
}
