import type { FastifyInstance } from 'fastify'
import { type Static, Type } from 'typebox'
import { needs } from './policy.ts'
import { type FieldError, invalidField, Problem } from './problems.ts'
import {
  AccountNumberWord,
  Amount,
  answers,
  IfscWord,
  MmidWord,
  MobileWord,
  NameWord,
  RemarksWord,
  RrnWord,
  strict,
} from './schemas.ts'

/** Talks to the simulator's control API. */
export type SimulatorClient = {
  /** @throws when nothing answers */
  readonly post: (
    path: string,
    body: object,
    timeoutMs?: number,
  ) => Promise<{ readonly status: number; readonly body: unknown }>
  /** @throws when nothing answers */
  readonly get: (path: string) => Promise<{ readonly status: number; readonly body: unknown }>
}

const TIMEOUT_MS = 10_000
/** A cycle of millions of payments takes its time. */
const CUT_TIMEOUT_MS = 300_000

export function createSimulatorClient(baseUrl: string): SimulatorClient {
  const ask = async (path: string, timeoutMs: number, more: RequestInit) => {
    const response = await fetch(`${baseUrl}${path}`, { ...more, signal: AbortSignal.timeout(timeoutMs) })
    const text = await response.text()
    return { status: response.status, body: text === '' ? {} : JSON.parse(text) }
  }
  return {
    post: (path, body, timeoutMs = TIMEOUT_MS) =>
      ask(path, timeoutMs, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      }),
    get: (path) => ask(path, TIMEOUT_MS, {}),
  }
}

const Inward = strict(
  {
    amount: Amount,
    to: strict(
      {
        ifsc: Type.Optional(IfscWord),
        account: Type.Optional(AccountNumberWord),
        name: Type.Optional(NameWord),
        mobile: Type.Optional(MobileWord),
        mmid: Type.Optional(MmidWord),
      },
      'an account of the hub: ifsc and account, or mobile and mmid',
    ),
    from: Type.Optional(
      strict(
        {
          name: Type.Optional(NameWord),
          account: Type.Optional(AccountNumberWord),
          mobile: Type.Optional(MobileWord),
          mmid: Type.Optional(MmidWord),
        },
        'a remitter: name, account, mobile and mmid, each optional',
      ),
    ),
    remarks: Type.Optional(RemarksWord),
  },
  'an inward payment to make',
)

/** The dials of the simulator, which refuses what it does not know; probabilities from 0 to 1. */
const Dials = Type.Object(
  {
    drop: Type.Optional(Type.Number()),
    delay: Type.Optional(Type.Number()),
    duplicate: Type.Optional(Type.Number()),
    reorder: Type.Optional(Type.Number()),
    corrupt: Type.Optional(Type.Number()),
    disconnect: Type.Optional(Type.Number()),
    refuseLogOn: Type.Optional(Type.Integer()),
  },
  { description: 'dials by name; what is left out stays as it is' },
)

/** So many mistakes of each kind, in rows and files that the seed draws. */
const mistakes = [
  'missing',
  'duplicate',
  'wrongAmount',
  'wrongBank',
  'truncatedRrn',
  'late',
  'sumOff',
  'statementOff',
  'repeatedFile',
  'halfFile',
  'missingFile',
] as const
const Mistake = Type.Optional(Type.Integer({ minimum: 0, maximum: 10_000 }))

const CycleOrder = strict(
  {
    date: Type.Optional(
      Type.String({ pattern: '^20[0-9]{2}-[0-9]{2}-[0-9]{2}$', description: 'settlement date; with cycle' }),
    ),
    cycle: Type.Optional(
      Type.String({ pattern: '^([1-9][0-9]?|DC[1-9])$', description: 'number of the cycle; with date' }),
    ),
    seed: Type.Optional(Type.Integer({ minimum: 0, maximum: 0xffff_ffff })),
    pgp: Type.Optional(Type.Boolean()),
    errors: Type.Optional(strict(Object.fromEntries(mistakes.map((kind) => [kind, Mistake])), 'mistakes to make')),
  },
  'which cycle, and with which mistakes; with nothing the one of now',
)

const DisputeOrder = strict(
  {
    paymentRrn: RrnWord,
    flag: Type.String({ pattern: '^[A-Z]{1,4}$', description: 'what the other bank raises, such as B' }),
    reason: Type.Optional(Type.String({ pattern: '^[A-Z0-9]{3,5}$' })),
    amount: Type.Optional(Amount),
  },
  'what the other bank of a payment raises',
)

/** What only a sandbox has: the switch on the other side, to be told what to do. */
export function sandboxRoutes(app: FastifyInstance, simulator: SimulatorClient): void {
  app.post<{ Body: Static<typeof Inward> }>(
    '/sandbox/inward',
    {
      config: needs('sandbox:use'),
      schema: {
        tags: ['Sandbox'],
        summary: 'A credit arrives from another bank',
        description: 'The simulated switch sends an inward payment; the answer says under which RRN.',
        body: Inward,
        response: answers(202, Type.Object({}, { description: 'what the simulator sent' }), [
          'invalid_request',
          'simulator_refused',
          'unauthorized',
          'link_down',
          'simulator_unavailable',
        ]),
      },
    },
    async ({ body }, reply) => {
      const { amount, to, from, remarks } = body
      const byAccount =
        to.ifsc !== undefined && to.account !== undefined && to.mobile === undefined && to.mmid === undefined
      const byMobile =
        to.mobile !== undefined && to.mmid !== undefined && to.ifsc === undefined && to.account === undefined
      if (!byAccount && !(byMobile && to.name === undefined)) {
        throw invalidField('to', 'must be an account of the hub: ifsc and account, or mobile and mmid')
      }
      const answer = await ask(simulator, '/inward', { amountPaise: amount, to, from, remarks })
      reply.code(202)
      return answer
    },
  )

  app.post<{ Body: Static<typeof Dials> }>(
    '/sandbox/faults',
    {
      config: needs('sandbox:use'),
      schema: {
        tags: ['Sandbox'],
        summary: 'Faults on the switch',
        description: 'Turns the dials of the simulated switch; the answer has all of them.',
        body: Dials,
        response: answers(200, Type.Object({}, { description: 'all dials as they stand' }), [
          'invalid_request',
          'simulator_refused',
          'unauthorized',
          'simulator_unavailable',
        ]),
      },
    },
    ({ body }) => ask(simulator, '/faults', body),
  )

  app.post<{ Body: Static<typeof CycleOrder> | null }>(
    '/sandbox/cycle',
    {
      config: needs('sandbox:use'),
      schema: {
        tags: ['Sandbox'],
        summary: 'Cut a settlement cycle and produce its files',
        description:
          'The simulated switch settles what its own journal has, and writes the files of each member into the inbox.',
        body: Type.Union([CycleOrder, Type.Null()]),
        response: answers(200, Type.Object({}, { description: 'the cycle, its files and counts' }), [
          'invalid_request',
          'simulator_refused',
          'unauthorized',
          'link_down',
          'simulator_unavailable',
        ]),
      },
    },
    ({ body }) => ask(simulator, '/cycle', body ?? {}, CUT_TIMEOUT_MS),
  )

  app.post<{ Body: Static<typeof DisputeOrder> }>(
    '/sandbox/disputes',
    {
      config: needs('sandbox:use'),
      schema: {
        tags: ['Sandbox'],
        summary: 'The other bank of a payment raises a dispute',
        description: 'A bank behind the simulated switch raises it; NPCI takes or refuses it in the next cycle.',
        body: DisputeOrder,
        response: answers(202, Type.Object({}, { description: 'what it raises' }), [
          'invalid_request',
          'simulator_refused',
          'unauthorized',
          'link_down',
          'simulator_unavailable',
        ]),
      },
    },
    async ({ body }, reply) => {
      const { amount, paymentRrn: rrn, ...rest } = body
      const answer = await ask(simulator, '/disputes', {
        rrn,
        ...rest,
        ...(amount === undefined ? {} : { amountPaise: amount }),
      })
      reply.code(202)
      return answer
    },
  )
}

/** The simulator's answer, or its refusal as a problem of ours. */
async function ask(simulator: SimulatorClient, path: string, body: object, timeoutMs?: number): Promise<unknown> {
  const answer = await simulator.post(path, body, timeoutMs).catch(() => undefined)
  if (answer === undefined) throw new Problem('simulator_unavailable')
  if (answer.status < 300) return answer.body
  const { code, detail, errors }: { code?: string; detail?: string; errors?: FieldError[] } = Object(answer.body)
  if (answer.status >= 500 && code === 'not_written')
    throw new Problem('simulator_unavailable', { detail: detail ?? '' })
  if (answer.status >= 500)
    throw new Problem('link_down', { detail: 'The simulator has no beneficiary link to the hub now.' })
  throw new Problem('simulator_refused', {
    ...(detail === undefined ? {} : { detail }),
    ...(errors === undefined ? {} : { errors }),
  })
}
