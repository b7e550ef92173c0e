import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { env } from 'node:process'
import type { Payment } from '@turant/sdk'
import { systemClock } from '../base/clock.ts'
import { totpCode } from '../identity/totp.ts'
import { exitCodes, Failure, type Hub, type HubOptions, readJson, send } from './hub.ts'

/** A person of the sandbox's second tenant, as customers.json has them. */
type Person = {
  readonly account: string
  readonly name: string
  readonly mobile: string
  readonly mpin: string
  readonly totpSecret: string | null
}

/** Somebody to pay as: the hub with their tenant's key, and what they know and have. */
export type Acting = { readonly hub: Hub; readonly person: Person }

/** Finds a demo customer. @throws {Failure} when no sandbox runs, or it has nobody of that name */
export function findPerson(options: HubOptions, name: string): Acting {
  const file = join(options.dataDir ?? env.TURANT_DATA_DIR ?? '.turant', 'customers.json')
  let found: { baseUrl: string; apiKey: string; people: Record<string, Person> }
  try {
    found = JSON.parse(readFileSync(file, 'utf8'))
  } catch {
    throw new Failure(exitCodes.unreachable, `no sandbox with customers is running here (${file} cannot be read)`, [
      'start one with: npm start',
    ])
  }
  const person = Object.entries(found.people).find(([key]) => key === name.toLowerCase())?.[1]
  if (person === undefined)
    throw new Failure(exitCodes.usage, `--as ${name}: there are ${Object.keys(found.people).join(' and ')}`)
  return { hub: { baseUrl: found.baseUrl, apiKey: found.apiKey, remitter: person.account }, person }
}

type Challenge = { readonly sentTo: string | null; readonly digest: string }

/** Gives the two factors of a person for a payment: asks for the one that is for it alone, and passes on both. */
export async function authenticate(
  { hub, person }: Acting,
  payment: Payment,
  { factor, mpin = person.mpin }: { readonly factor: 'sms' | 'totp'; readonly mpin?: string | undefined },
  say: (text: string) => void,
): Promise<Payment> {
  const path = `/v1/payments/${payment.id}/authenticate`
  const challenge = await readJson<Challenge>(await send(hub, { method: 'POST', path, body: { send: factor } }))
  const code = factor === 'totp' ? totpOf(person) : await readCode(hub, person, challenge, say)
  if (factor === 'totp') say(`  the authenticator app shows ${code}`)
  say(`  ${person.name} enters the code and the MPIN, for ${challenge.digest.slice(0, 16)}…`)
  return readJson<Payment>(await send(hub, { method: 'POST', path, body: { mpin, [factor]: code } }))
}

function totpOf({ totpSecret, name }: Person): string {
  if (totpSecret === null) throw new Failure(exitCodes.usage, `--factor totp: ${name} has no authenticator app`)
  return totpCode(totpSecret, systemClock.now())
}

/** The code out of the last message on the sandbox's phone. */
async function readCode(
  hub: Hub,
  { mobile }: Person,
  { sentTo }: Challenge,
  say: (text: string) => void,
): Promise<string> {
  const path = `/sandbox/messages?limit=1&mobile=${mobile}`
  const { data } = await readJson<{ data: { text: string }[] }>(await send(hub, { method: 'GET', path }))
  const text = data[0]?.text ?? ''
  say(`  message to ${sentTo}: ${text}`)
  const code = /(?<![0-9])[0-9]{6}(?![0-9])/.exec(text)?.[0]
  if (code === undefined) throw new Failure(exitCodes.failed, 'the message has no code')
  return code
}
