import type { FastifyRequest } from 'fastify'
import type { Clock } from '../base/clock.ts'
import type { Log } from '../base/log.ts'
import type { Caller } from '../identity/caller.ts'
import { type Problem, problems } from './problems.ts'

/** Lines in one second at most: whoever wants to fill the disk gets a number for the rest. */
const PER_SECOND = 20

export type TellRefusal = (request: FastifyRequest, problem: Problem) => void

/**
 * What was refused, to whom and where, as the log has it: an attempt shows there first. Who may not (401, 403), who asks too often (429):
 * warnings. What was not valid or over a limit (other 4xx): information. What is not there, or came too late, is nobody's fault.
 */
export function createRefusals(clock: Clock, log: Pick<Log, 'info' | 'warn'>): TellRefusal {
  let second = 0
  let told = 0
  let untold = 0
  return (request, { code }) => {
    const [status] = problems[code]
    if (status < 400 || status >= 500 || status === 404 || status === 405 || status === 409) return
    const now = Math.floor(clock.monotonicMs() / 1000)
    if (now !== second) {
      if (untold > 0) log.warn({ refused: untold }, 'more requests were refused than are told one by one')
      second = now
      told = 0
      untold = 0
    }
    if (told >= PER_SECOND) {
      untold += 1
      return
    }
    told += 1
    const { caller }: { readonly caller?: Caller } = request // before anybody is known there is none
    const fields = {
      code,
      requestId: request.id,
      method: request.method,
      route: request.routeOptions.url,
      address: request.ip,
      ...(caller === undefined ? {} : { actor: caller.actor.id, tenant: caller.tenantId }),
    }
    if (status === 401 || status === 403 || status === 429) log.warn(fields, 'a request was refused')
    else log.info(fields, 'a request was not valid')
  }
}
