import type { Clock } from '../base/clock.ts'
import type { AccountId } from '../base/identifiers.ts'
import type { Log } from '../base/log.ts'
import type { Paise } from '../base/money.ts'
import type { Beneficiary, Channel } from '../base/party.ts'

/**
 * The port behind which payments are judged before door 1, by rules of this hub or by an engine elsewhere. No transaction is open while
 * it is asked, nothing waits for anything else's answer, and there is an end to its time: what happens then is a setting.
 */

/** A payment somebody asks for, as far as it can be judged before any of it is locked. */
export type RiskQuestion = {
  readonly tenantId: number
  readonly accountId: AccountId
  readonly to: Beneficiary
  readonly channel: Channel
  readonly amountPaise: Paise
}

export const verdicts = ['allow', 'review', 'refuse'] as const
export type Verdict = (typeof verdicts)[number]

export type RiskVerdict = {
  readonly kind: Verdict
  /** Stable words; they tell what was seen, and never from which number on. */
  readonly reasons: readonly string[]
  /** Name and version of what judged. */
  readonly ruleSet: string
}

export type RiskPort = {
  /**
   * @param signal  nobody waits for the answer any more
   * @returns undefined when there is nothing to judge by
   */
  readonly assess: (question: RiskQuestion, signal: AbortSignal) => Promise<RiskVerdict | undefined>
  /** True where it is known without a wait that there is nothing to judge a tenant's payments by: then nothing is asked, timed or waited for. */
  readonly hasNothing?: (tenantId: number) => boolean
}

/** Why there is no verdict. */
export type RiskFailure = 'late' | 'failed' | 'rubbish' | 'overloaded'
export type Assessed = RiskVerdict & { readonly failure?: RiskFailure }
/** Undefined: nothing judged, and nothing is written down. */
export type AssessRisk = (question: RiskQuestion) => Promise<Assessed | undefined>

/** The one reason of a verdict that is none. */
export const UNAVAILABLE = 'risk_unavailable'

export type RiskOptions = {
  readonly clock: Clock
  readonly log: Pick<Log, 'warn'>
  readonly port: RiskPort
  readonly budgetMs: number
  /** What a payment gets that could not be judged: `allow` fails open, the others closed. */
  readonly onFailure: Verdict
  /** Questions without an answer at once; for more there is none. A port that hangs is then not asked any more. */
  readonly maxOpen?: number
  /** Told of every verdict, for metrics. */
  readonly onAssessed?: (assessed: Assessed, seconds: number) => void
}

/** Asks the port within its budget. @returns never later than that, and it never throws */
export function createRiskCheck(options: RiskOptions): AssessRisk {
  const { clock, port, budgetMs, onFailure, maxOpen = 2_000, onAssessed } = options
  let open = 0
  let warnedAt = Number.NEGATIVE_INFINITY
  const failed = (failure: RiskFailure, error?: unknown): Assessed => {
    if (clock.monotonicMs() - warnedAt > WARN_MS) {
      warnedAt = clock.monotonicMs()
      options.log.warn({ code: failure, err: error }, 'risk could not be judged')
    }
    return { kind: onFailure, reasons: [UNAVAILABLE], ruleSet: 'none', failure }
  }
  const ask = (question: RiskQuestion): Promise<Assessed | undefined> =>
    new Promise((resolve) => {
      if (open >= maxOpen) {
        resolve(failed('overloaded'))
        return
      }
      open += 1
      const abort = new AbortController()
      const cancel = clock.after(budgetMs, () => {
        resolve(failed('late'))
        abort.abort()
      })
      asked(port, question, abort.signal)
        .then(
          (answer) => resolve(answer === undefined || isVerdict(answer) ? answer : failed('rubbish')),
          (error: unknown) => {
            if (!abort.signal.aborted) resolve(failed('failed', error))
          },
        )
        .finally(() => {
          open -= 1
          cancel()
        })
    })
  return async (question) => {
    if (port.hasNothing?.(question.tenantId) === true) return undefined
    const startedAt = clock.monotonicMs()
    const assessed = await ask(question)
    if (assessed !== undefined) onAssessed?.(assessed, (clock.monotonicMs() - startedAt) / 1000)
    return assessed
  }
}

/** How often a port that fails is written down. */
const WARN_MS = 10_000

/** A port that throws before it promises anything fails like any other. */
const asked = async (port: RiskPort, question: RiskQuestion, signal: AbortSignal): ReturnType<RiskPort['assess']> =>
  port.assess(question, signal)

const isWord = (value: unknown): boolean => typeof value === 'string' && /^[a-z][a-z0-9_]{0,39}$/.test(value)

/** What a port says is believed only in this form: an outside engine may answer anything. */
export function isVerdict(value: unknown): value is RiskVerdict {
  if (typeof value !== 'object' || value === null) return false
  if (!('kind' in value && 'reasons' in value && 'ruleSet' in value)) return false
  const { kind, reasons, ruleSet } = value
  return (
    verdicts.some((one) => one === kind) &&
    Array.isArray(reasons) &&
    reasons.length <= 20 &&
    (kind === 'allow' || reasons.length > 0) &&
    reasons.every(isWord) &&
    typeof ruleSet === 'string' &&
    /^[A-Za-z0-9._/+-]{1,100}$/.test(ruleSet)
  )
}

/**
 * Several judges asked at the same time, each with its own end: the strictest wins, with the reasons of all. What one says stands
 * also when another fails, and only when nobody who is that strict has judged it is a failure.
 */
export const strictestOf =
  (judges: readonly AssessRisk[]): AssessRisk =>
  async (question) => {
    const judged = (await Promise.all(judges.map((assess) => assess(question)))).filter((one) => one !== undefined)
    const [first, ...others] = judged
    if (first === undefined || others.length === 0) return first
    const kind = verdicts.findLast((verdict) => judged.some((one) => one.kind === verdict)) ?? first.kind
    const deciding = judged.filter((one) => one.kind === kind)
    const failure = deciding.some((one) => one.failure === undefined) ? undefined : deciding[0]?.failure
    return {
      kind,
      reasons: [...new Set(judged.flatMap((one) => one.reasons))].slice(0, 20),
      ruleSet: judged.map((one) => one.ruleSet).join('+'),
      ...(failure === undefined ? {} : { failure }),
    }
  }

/** A verdict as the payment's row keeps it. */
export const riskText = ({ kind, reasons, ruleSet, failure }: Assessed): string =>
  JSON.stringify({ verdict: kind, reasons, ruleSet, ...(failure === undefined ? {} : { failure }) })
