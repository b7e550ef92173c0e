import type { FastifyInstance } from 'fastify'
import { type Static, Type } from 'typebox'
import { type Clock, toRfc3339 } from '../base/clock.ts'
import { must } from '../base/identifiers.ts'
import { type Random, randomHex } from '../base/random.ts'
import { inTransaction } from '../db/transaction.ts'
import type { Caller } from '../identity/caller.ts'
import type { Gauge } from '../settlement/positions/gauge.ts'
import { onFullWords, usedOf } from '../settlement/positions/net-debit.ts'
import {
  type CapRow,
  capOf,
  capsAt,
  insertCap,
  listAlerts,
  listCaps,
  type NetDebit,
  readNetDebits,
} from '../settlement/positions/net-debit-store.ts'
import { actOf, type Noting } from './acts.ts'
import { needs } from './policy.ts'
import { invalidField, type ProblemCode } from './problems.ts'
import { Amount, answers, InstantWord, nullable, strict } from './schemas.ts'
import { bankOf, banksOf, type SettlementBankDeps } from './settlement-bank.ts'
import { parseInstant } from './validation.ts'

export type PositionDeps = SettlementBankDeps &
  Noting & { readonly gauge: Gauge; readonly clock: Clock; readonly random: Random }

const Sum = Type.String({ description: 'paise as a string of digits, with - in front when below zero' })
const OnFull = Type.Unsafe<(typeof onFullWords)[number]>({
  type: 'string',
  enum: [...onFullWords],
  description: 'what becomes of new outward payments when the cap is used up: alert (nothing), hold or refuse',
})
export const PositionDocument = strict({
  institution: Type.String(),
  refreshedAt: InstantWord,
  outward: Sum,
  inward: Sum,
  used: Sum,
  inFlight: Sum,
  cap: nullable(Sum),
  usedPercent: nullable(Type.Number({ description: 'of the cap, to a hundredth' })),
  level: Type.Integer({ description: 'the highest of 60, 80, 90 and 100 per cent that was crossed, or 0' }),
  onFull: OnFull,
  stopped: nullable(OnFull),
  countedAt: InstantWord,
})
const CapDocument = strict({
  id: Type.String(),
  cap: nullable(Sum),
  onFull: OnFull,
  validFrom: InstantWord,
  setBy: Type.String(),
  setAt: InstantWord,
})
const CapView = strict({
  institution: Type.String(),
  current: strict({ cap: nullable(Sum), onFull: OnFull }),
  data: Type.Array(CapDocument),
  alerts: Type.Array(strict({ level: Type.Integer(), crossedAt: InstantWord, used: Sum, cap: Sum })),
})
const NewCap = strict(
  { cap: nullable(Amount), onFull: Type.Optional(OnFull), validFrom: Type.Optional(InstantWord) },
  'the net debit cap of a bank from an instant on; null: none',
)
export const BankPath = strict({
  institution: Type.String({
    minLength: 1,
    maxLength: 20,
    description: 'the code of a bank of this hub',
  }),
})
const reading: readonly ProblemCode[] = ['invalid_request', 'unauthorized', 'not_found', 'database_unavailable']

/** Where banks stand with NPCI before the next settlement. */
export function positionRoutes(app: FastifyInstance, deps: PositionDeps): void {
  const { clock, db } = deps
  const tags = ['Settlement']

  app.get(
    '/v1/positions',
    {
      config: needs('settlement:read'),
      schema: {
        tags,
        summary: 'How much of its net debit cap each bank has used',
        description:
          '`used` is what was paid outward (approved and deemed) less what came inward, since `refreshedAt`: the end of the last cycle that ' +
          'was settled. `inFlight` was sent and is open; it is not in `used`. Counted about every second; NPCI makes its own check.',
        response: answers(200, strict({ data: Type.Array(PositionDocument) }), [
          'unauthorized',
          'database_unavailable',
        ]),
      },
    },
    async ({ caller }) => ({ data: await positionsOf(deps, caller) }),
  )

  app.get<{ Params: Static<typeof BankPath> }>(
    '/v1/positions/:institution/cap',
    {
      config: needs('settlement:read'),
      schema: {
        tags,
        summary: 'The net debit cap of a bank: what holds, what was said, and which levels were crossed',
        params: BankPath,
        response: answers(200, CapView, reading),
      },
    },
    async ({ params, caller }) => capView(await bankOf(deps, caller, params.institution)),
  )

  app.post<{ Params: Static<typeof BankPath>; Body: Static<typeof NewCap> }>(
    '/v1/positions/:institution/cap',
    {
      config: needs('settlement:write', 'sensitive'),
      schema: {
        tags,
        summary: 'Say what the net debit cap of a bank is from an instant on',
        description:
          'With `onFull` as `hold`, new outward payments wait in `held` while the cap is used up, and leave when something has come free; as ' +
          '`refuse` they are refused with `net_debit_cap_used`. As `alert`, which is what holds when it is not given, people are told.',
        params: BankPath,
        body: NewCap,
        response: answers(201, CapView, [
          ...reading,
          'invalid_json',
          'duplicate_field',
          'json_too_deep',
          'body_too_large',
          'unsupported_media_type',
          'reauthentication_required',
        ]),
      },
    },
    async ({ params, body, caller, id: requestId }, reply) => {
      const institution = await bankOf(deps, caller, params.institution)
      const now = clock.now()
      const from = body.validFrom === undefined ? now : must(parseInstant(body.validFrom), 'instant')
      if (from < now - 60_000) throw invalidField('validFrom', 'must not be in the past')
      const cap: CapRow = {
        id: now.toString(16).padStart(12, '0') + randomHex(deps.random, 20),
        institution,
        capPaise: body.cap === null ? null : BigInt(body.cap),
        onFull: body.onFull ?? 'alert',
        validFrom: from,
        setBy: caller.actor.id,
        setAt: now,
      }
      await inTransaction(db, async (tx) => {
        await insertCap(tx, cap)
        const detail = { cap: body.cap ?? 'none', onFull: cap.onFull, validFrom: toRfc3339(from) }
        await deps.note(tx, actOf(caller, requestId, now, 'net_debit_cap.set', institution, detail))
      })
      reply.code(201)
      return capView(institution)
    },
  )

  async function capView(institution: string): Promise<Static<typeof CapView>> {
    const [caps, data, alerts] = await Promise.all([
      capsAt(db, clock.now()),
      listCaps(db, institution, 100),
      listAlerts(db, institution, 100),
    ])
    const { capPaise, onFull } = capOf(caps, institution)
    return {
      institution,
      current: { cap: sum(capPaise), onFull },
      data: data.map((cap) => ({
        id: `cap_${cap.id.replaceAll('-', '')}`,
        cap: sum(cap.capPaise),
        onFull: cap.onFull,
        validFrom: toRfc3339(cap.validFrom),
        setBy: cap.setBy,
        setAt: toRfc3339(cap.setAt),
      })),
      alerts: alerts.map(({ level, crossedAt, usedPaise, capPaise: of }) => ({
        level,
        crossedAt: toRfc3339(crossedAt),
        used: String(usedPaise),
        cap: String(of),
      })),
    }
  }
}

/** The positions of the banks whose settlement the caller may look at. */
export async function positionsOf(
  deps: SettlementBankDeps,
  caller: Caller,
): Promise<readonly Static<typeof PositionDocument>[]> {
  const own = new Set(await banksOf(deps, caller))
  const found = (await readNetDebits(deps.db)).filter(({ position }) => own.has(position.institution))
  return found.map(({ position }) => positionView(position))
}

const sum = (paise: bigint | null): string | null => (paise === null ? null : String(paise))

function positionView(position: NetDebit): Static<typeof PositionDocument> {
  const { capPaise, level, onFull } = position
  const used = usedOf(position)
  return {
    institution: position.institution,
    refreshedAt: toRfc3339(position.refreshedAt),
    outward: String(position.outwardPaise),
    inward: String(position.inwardPaise),
    used: String(used),
    inFlight: String(position.inFlightPaise),
    cap: sum(capPaise),
    usedPercent: capPaise === null ? null : Number((used * 10_000n) / capPaise) / 100,
    level,
    onFull,
    stopped: level === 100 && onFull !== 'alert' ? onFull : null,
    countedAt: toRfc3339(position.countedAt),
  }
}
