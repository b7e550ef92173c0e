import type { AccountId, PaymentId } from '../base/identifiers.ts'
import type { Paise } from '../base/money.ts'
import { oneChecker } from './four-eyes.ts'
import type { InitiateRequest, InitiateResult } from './initiate.ts'
import type { Assessed, AssessRisk } from './risk.ts'

/** Something for people to look at. */
export type NewFlag = {
  readonly tenantId: number
  readonly accountId: AccountId
  readonly direction: 'outward' | 'inward'
  readonly verdict: 'review' | 'refuse' | 'flag'
  readonly reasons: readonly string[]
  readonly ruleSet: string
  readonly paymentId: PaymentId | null
  readonly amountPaise: Paise
}

export type AssessedDeps = {
  readonly assess: AssessRisk
  /** Keeps a flag for people. Never throws: a flag that is lost is not money. */
  readonly flag: (flag: NewFlag) => Promise<void>
  /** What door 1 said to this key before. */
  readonly replay: (
    request: Pick<InitiateRequest, 'tenantId' | 'idempotencyKey' | 'bodyHash'>,
  ) => Promise<InitiateResult | undefined>
  /** Door 1. */
  readonly initiate: (request: InitiateRequest) => Promise<InitiateResult>
}

/**
 * Door 1 behind the judgement of risk. What is refused never was a payment and leaves a flag; what must be reviewed is taken and waits
 * for people; the verdict is written with the payment, in its own commit. A key that door 1 has seen gets its first answer whatever the
 * risk is now.
 * @throws what door 1 throws
 */
export async function initiateAssessed(deps: AssessedDeps, request: InitiateRequest): Promise<InitiateResult> {
  const { tenantId, from: accountId, to, channel, amountPaise } = request
  const assessed = await deps.assess({ tenantId, accountId, to, channel, amountPaise })
  if (assessed === undefined) return deps.initiate(request)
  if (assessed.kind === 'allow') return deps.initiate({ ...request, risk: assessed })
  if (assessed.kind === 'refuse') {
    const earlier = await deps.replay(request)
    if (earlier !== undefined) return earlier
    if (assessed.failure !== undefined) return { kind: 'refused', reason: 'risk_unavailable' }
    await deps.flag(flagOf(request, assessed, 'refuse', null))
    return { kind: 'refused', reason: 'risk_refused', riskReasons: assessed.reasons }
  }
  const result = await deps.initiate({ ...request, risk: assessed, approval: request.approval ?? review(request) })
  if (result.kind === 'accepted' && !result.replayed)
    await deps.flag(flagOf(request, assessed, 'review', result.payment.id))
  return result
}

const review = ({ actor, same = [] }: InitiateRequest): NonNullable<InitiateRequest['approval']> => ({
  reason: 'risk_review',
  steps: oneChecker,
  enquiryId: null,
  maker: actor ?? 'unknown',
  makerSame: same,
})

const flagOf = (
  { tenantId, from: accountId, amountPaise }: InitiateRequest,
  { reasons, ruleSet }: Assessed,
  verdict: NewFlag['verdict'],
  paymentId: PaymentId | null,
): NewFlag => ({ tenantId, accountId, direction: 'outward', verdict, reasons, ruleSet, paymentId, amountPaise })
