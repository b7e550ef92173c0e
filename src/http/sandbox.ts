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
  strict,
} from './schemas.ts'

/** Talks to the simulator's control API. */
export type SimulatorClient = {
  /** @throws when nothing answers */
  readonly post: (path: string, body: object) => Promise<{ readonly status: number; readonly body: unknown }>
}

const TIMEOUT_MS = 10_000

export function createSimulatorClient(baseUrl: string): SimulatorClient {
  return {
    async post(path, body) {
      const response = await fetch(`${baseUrl}${path}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
        signal: AbortSignal.timeout(TIMEOUT_MS),
      })
      const text = await response.text()
      return { status: response.status, body: text === '' ? {} : JSON.parse(text) }
    },
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
}

/** The simulator's answer, or its refusal as a problem of ours. */
async function ask(simulator: SimulatorClient, path: string, body: object): Promise<unknown> {
  const answer = await simulator.post(path, body).catch(() => undefined)
  if (answer === undefined) throw new Problem('simulator_unavailable')
  if (answer.status < 300) return answer.body
  if (answer.status >= 500)
    throw new Problem('link_down', { detail: 'The simulator has no beneficiary link to the hub now.' })
  const { detail, errors }: { detail?: string; errors?: FieldError[] } = Object(answer.body)
  throw new Problem('simulator_refused', {
    ...(detail === undefined ? {} : { detail }),
    ...(errors === undefined ? {} : { errors }),
  })
}
