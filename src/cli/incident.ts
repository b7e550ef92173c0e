import { createHash } from 'node:crypto'
import { appendFileSync, createReadStream, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { hostname, platform, release } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { findActors, listActsOf, listMade, type Span, type Total, totalsOf } from '../audit/incident.ts'
import type { Verdict } from '../audit/verify.ts'
import { toRfc3339 } from '../base/clock.ts'
import { csvLine } from '../base/csv.ts'
import type { Db } from '../db/pool.ts'

export type Incident = Span & {
  readonly noticed: number
  readonly folder: string
  /** The hub's log; undefined: none is here. */
  readonly log: string | undefined
  readonly verdict: Verdict
}

const PAGE = 5_000
const HOUR_MS = 3_600_000

/** Writes the folder, readable by its owner only, and last the SHA-256 of every file in it. */
export async function writeIncident(db: Db, incident: Incident): Promise<void> {
  const { folder } = incident
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const put = (name: string, text: string): void =>
    appendFileSync(join(folder, name), text, { mode: 0o600, flush: true })
  const acts = await writeActsTo(db, incident, (text) => put('acts.jsonl', text))
  const actors = await findActors(db, incident)
  put('actors.csv', csvLine(['tenant', 'actor', 'address', 'acts', 'refused', 'first', 'last']))
  for (const one of actors) {
    const span = [toRfc3339(one.first), toRfc3339(one.last)]
    put(
      'actors.csv',
      csvLine([`${one.tenant}`, one.actor, one.address ?? '', `${one.acts}`, `${one.refused}`, ...span]),
    )
  }
  const payments = await writePayments(db, incident, (text) => put('payments.csv', text))
  if (incident.log !== undefined) await writeLog(incident.log, incident, (text) => put('hub.log', text))
  put('verdict.json', `${JSON.stringify(incident.verdict, null, 2)}\n`)
  const totals = await totalsOf(db, incident)
  put('report.md', report(incident, { acts, actors: actors.length, payments, totals }))
  const lines = readdirSync(folder)
    .sort()
    .map(
      (name) =>
        `${createHash('sha256')
          .update(readFileSync(join(folder, name)))
          .digest('hex')}  ${name}\n`,
    )
  writeFileSync(join(folder, 'MANIFEST.sha256'), lines.join(''), { mode: 0o600 })
}

async function writeActsTo(db: Db, span: Span, put: (text: string) => void): Promise<number> {
  let written = 0
  for (let after = { tenant: -1, sequence: 0n }; ; ) {
    const page = await listActsOf(db, span, after, PAGE)
    put(page.map(({ line }) => `${line}\n`).join(''))
    written += page.length
    const last = page.at(-1)
    if (last === undefined || page.length < PAGE) return written
    after = { tenant: last.tenant, sequence: last.sequence }
  }
}

async function writePayments(db: Db, span: Span, put: (text: string) => void): Promise<number> {
  put(
    csvLine([
      'id',
      'tenant',
      'direction',
      'paise',
      'state',
      'channel',
      'rrn',
      'responseCode',
      'actor',
      'created',
      'updated',
    ]),
  )
  let written = 0
  for (let after: string | undefined; ; ) {
    const page = await listMade(db, span, after, PAGE)
    for (const one of page) {
      const { id, tenant, direction, amount, state, channel, rrn, responseCode, actor, createdAt, updatedAt } = one
      const fields = [id, `${tenant}`, direction, amount, state, channel, rrn ?? '', responseCode ?? '', actor ?? '']
      put(csvLine([...fields, toRfc3339(createdAt), toRfc3339(updatedAt)]))
    }
    written += page.length
    after = page.at(-1)?.id
    if (after === undefined || page.length < PAGE) return written
  }
}

/** The lines of the log whose `time` is in the span. */
async function writeLog(path: string, { from, to }: Span, put: (text: string) => void): Promise<void> {
  const lines = createInterface({ input: createReadStream(path), crlfDelay: Number.POSITIVE_INFINITY })
  for await (const line of lines) {
    const at = Date.parse(/"time":"([^"]{1,40})"/.exec(line)?.[1] ?? '')
    if (at >= from && at < to) put(`${line}\n`)
  }
}

type Counts = {
  readonly acts: number
  readonly actors: number
  readonly payments: number
  readonly totals: readonly Total[]
}

/** The draft of the report, in the order in which CERT-In asks for it; what only people know is left to them. */
function report(
  { noticed, from, to, tenantId, verdict }: Incident,
  { acts, actors, payments, totals }: Counts,
): string {
  const by = (hours: number): string => toRfc3339(noticed + hours * HOUR_MS)
  return `# Incident

| | |
|---|---|
| Noticed | ${toRfc3339(noticed)} |
| CERT-In (incident@cert-in.org.in, 1800-11-4949) | by ${by(6)} |
| RBI, where the hub is run for a bank or payment system operator | by ${by(6)} |
| Data Protection Board, where personal data is concerned | at once, and in full by ${by(72)} |
| Looked at | ${toRfc3339(from)} to ${toRfc3339(to)}, ${tenantId === undefined ? 'all tenants' : `tenant ${tenantId}`} |
| Reported by, with telephone and e-mail | |
| Organisation, sector, address | |

## What happened

Kind of incident (unauthorised access, data breach, denial of service, malicious code, fraud, …):

In words:

Since when, and how it was noticed:

## What is concerned

- Machine: ${hostname()}, ${platform()} ${release()}, Node ${process.version}
- Addresses, domains and applications concerned:
- ${acts} acts by ${actors} actors and addresses: acts.jsonl, actors.csv (the most refused first)
- ${payments} payments: payments.csv

| Direction | State | Payments | Rupees |
|---|---|---|---|
${totals.map((one) => `| ${one.direction} | ${one.state} | ${one.payments} | ${rupees(one.paise)} |`).join('\n')}

## Whether the records can be relied on

${
  verdict.faults.length === 0
    ? `All ${verdict.acts} acts, ${verdict.sealed} sealed steps and legs, ${verdict.roots} roots and the ledger are as they were written.`
    : `${verdict.faults.length} faults were found:\n\n${verdict.faults.map((fault) => `- ${fault}`).join('\n')}`
}

## What was done, and what will be

`
}

/** Paise as rupees, to the paisa. */
const rupees = (paise: string): string => `${paise.padStart(3, '0').slice(0, -2)}.${paise.padStart(3, '0').slice(-2)}`
