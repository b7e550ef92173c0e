import { readFileSync, writeFileSync } from 'node:fs'
import { basename } from 'node:path'
import { Command } from 'commander'
import { matrix } from '../imps/disputes/matrix.ts'
import { rulesOn } from '../imps/disputes/rule.ts'
import { ruleTable } from '../imps/disputes/table.ts'
import { exitCodes, Failure, findHub, type HubOptions, readJson, send } from './hub.ts'
import { dayAndTime, paint, runCommand, rupees } from './show.ts'

type Pending = { readonly flag: string; readonly reason: string }
type Dispute = {
  readonly id: string
  readonly payment: string
  readonly rrn: string
  readonly direction: 'outward' | 'inward'
  readonly family: string
  readonly state: string
  readonly amount: string
  readonly flag: string
  readonly reason: string
  readonly pending: Pending | null
  readonly dueAt: string | null
  readonly deemed: string | null
}
type Detail = Dispute & {
  readonly next: readonly {
    readonly flag: string
    readonly name: string
    readonly by: readonly string[]
    readonly ours: boolean
    readonly reasons: readonly string[]
    readonly until: string | null
    readonly needsEvidence: boolean
  }[]
  readonly events: readonly {
    readonly at: string
    readonly kind: string
    readonly flag: string | null
    readonly reason: string | null
    readonly actor: string
    readonly to: string
    readonly funds: string
    readonly amount: string
    readonly note: string | null
  }[]
  readonly evidence: readonly { readonly id: string; readonly name: string; readonly bytes: number }[]
  readonly complaint: {
    readonly flag: string
    readonly reason: string
    readonly state: string
    readonly reference: string | null
    readonly responseCode: string | null
    readonly askedAt: string
  } | null
}

/** What each state of a complaint means to a person. */
const complaintWords: Readonly<Record<string, string>> = {
  asked: 'it left, and nobody knows yet whether NPCI has it',
  taken: 'NPCI has it; its report of a later cycle raises the dispute',
  refused: 'NPCI said no',
  unheard: 'NPCI says it never came; it goes with the next file',
}

type Shared = HubOptions & { readonly json?: boolean }

const program = new Command('npm run disputes --')
  .description(
    'Disputes of the running hub: what stands, what may be said, and saying it. Saying moves no money: other people let it go.',
  )
  .showHelpAfterError('(--help shows all options)')
  .exitOverride()

const command = (name: string, what: string): Command =>
  program
    .command(name)
    .description(what)
    .option('--json', 'print JSON')
    .option('--base-url <url>', 'the hub (default: the sandbox in the data folder)')
    .option('--api-key <key>', 'its API key')
    .option('--data-dir <folder>', 'the data folder of the sandbox (default: TURANT_DATA_DIR or .turant)')
    .allowExcessArguments(false)
    .exitOverride()

command('list', 'disputes, newest first')
  .option('--state <state>', 'raised, represented, pre_arbitration, for_remitter …')
  .option('--family <family>', 'chargeback, deferred, fraud, wrong_payment …')
  .option('--direction <direction>', 'outward or inward')
  .option('--rrn <digits>', 'the retrieval reference number')
  .option('--open', 'only those that are not over')
  .option('--due-before <instant>', 'whose time ends before this, such as 2026-11-30T00:00:00+05:30')
  .option('--limit <number>', 'how many, at most 100', '25')
  .action(async (options: Shared & Readonly<Record<string, string | boolean | undefined>>) => {
    const query = new URLSearchParams()
    for (const name of ['state', 'family', 'direction', 'rrn', 'dueBefore', 'limit', 'open'])
      if (options[name] !== undefined) query.set(name, String(options[name]))
    const response = await send(findHub(options), { method: 'GET', path: `/v1/disputes?${query}` })
    const { data } = await readJson<{ data: Dispute[] }>(response)
    if (options.json === true) for (const one of data) print(JSON.stringify(one))
    else if (data.length === 0) print('no disputes fit')
    else for (const one of data) print(lineOf(one))
  })

command('show <id>', 'one dispute: what happened, its papers, and what may follow by when').action(
  async (id: string, options: Shared) => {
    const response = await send(findHub(options), { method: 'GET', path: `/v1/disputes/${encodeURIComponent(id)}` })
    show(await readJson<Detail>(response), options)
  },
)

command(
  'raise <payment> <flag> <reason>',
  'raise a dispute about a payment (pay_…): B 108, FB 121, FC 128, WP WC1, BGGC BGA1 …',
)
  .option('--paise <amount>', 'of the payment, in paise (default: all of it)')
  .action(async (payment: string, flag: string, reason: string, options: Shared & { readonly paise?: string }) => {
    const body = { payment, flag, reason, ...amountOf(options) }
    show(await readJson<Detail>(await send(findHub(options), { method: 'POST', path: '/v1/disputes', body })), options)
  })

command(
  'complain <payment>',
  'the customer of a payment says that the money never arrived: B 108, or FB 121 with a TCC on record',
).action(async (payment: string, options: Shared) => {
  const path = `/v1/payments/${encodeURIComponent(payment)}/complaint`
  show(await readJson<Detail>(await send(findHub(options), { method: 'POST', path, body: {} })), options)
})

for (const [name, what] of [
  ['tell', 'tell NPCI of a complaint now, over the wire (UDIR); somebody else than who asked for it'],
  ['status', 'ask NPCI what became of a complaint that was told over the wire'],
] as const)
  command(`${name} <id>`, what).action(async (id: string, options: Shared) => {
    const path = `/v1/disputes/${encodeURIComponent(id)}/${name === 'tell' ? 'complaint' : 'status'}`
    show(await readJson<Detail>(await send(findHub(options), { method: 'POST', path, body: {} })), options)
  })

for (const [name, agree, what] of [
  ['agree', true, 'agree to what this bank does by itself (a shadow reversal); somebody else than who asked for it'],
  ['drop', false, 'do not agree to it, or take back what you asked for'],
] as const)
  command(`${name} <id>`, what)
    .option('--why <words>', 'why, for those who look later')
    .action(async (id: string, options: Shared & { readonly why?: string }) => {
      const path = `/v1/disputes/${encodeURIComponent(id)}/decision`
      const body = { agree, ...(options.why === undefined ? {} : { reason: options.why }) }
      show(await readJson<Detail>(await send(findHub(options), { method: 'POST', path, body })), options)
    })

command('say <id> <flag> <reason>', 'say what follows in a dispute: A 111, R 208, P 109, AR 1100, FCA 129 …')
  .option('--paise <amount>', 'in paise (default: the amount of the dispute)')
  .action(async (id: string, flag: string, reason: string, options: Shared & { readonly paise?: string }) => {
    const body = { flag, reason, ...amountOf(options) }
    const path = `/v1/disputes/${encodeURIComponent(id)}/actions`
    show(await readJson<Detail>(await send(findHub(options), { method: 'POST', path, body })), options)
  })

for (const [name, to, what] of [
  ['accept', 'for_remitter', 'accept what the other bank raised'],
  ['represent', 'represented', 'say no to a chargeback, with papers'],
  ['pre-arbitration', 'pre_arbitration', 'go on after a no'],
  ['arbitration', 'arbitration', 'go on after a second no'],
  ['withdraw', 'withdrawn', 'give up an arbitration'],
] as const)
  command(`${name} <id> [reason]`, `${what}; the flag is the one that the rules have for it`).action(
    async (id: string, reason: string | undefined, options: Shared) => {
      const hub = findHub(options)
      const path = `/v1/disputes/${encodeURIComponent(id)}`
      const dispute = await readJson<Detail>(await send(hub, { method: 'GET', path }))
      const body = flagFor(dispute, name, to, reason)
      show(await readJson<Detail>(await send(hub, { method: 'POST', path: `${path}/actions`, body })), options)
    },
  )

command('attach <id> <file>', 'hand in a paper: a PDF, a PNG or JPEG picture, or a text').action(
  async (id: string, file: string, options: Shared) => {
    const { baseUrl, apiKey } = findHub(options)
    let content: Uint8Array<ArrayBuffer>
    try {
      content = new Uint8Array(readFileSync(file))
    } catch {
      throw new Failure(exitCodes.usage, `${file} cannot be read`)
    }
    const kept = await readJson<{ id: string; kept: boolean }>(
      await send(
        { baseUrl, apiKey, remitter: undefined },
        {
          method: 'POST',
          path: `/v1/disputes/${encodeURIComponent(id)}/evidence?name=${encodeURIComponent(basename(file))}`,
          content,
        },
      ),
    )
    print(options.json === true ? JSON.stringify(kept) : `${kept.id}${kept.kept ? '' : ' (it was there already)'}`)
  },
)

program
  .command('rules')
  .description('the table of rules that ships')
  .option('--on <day>', 'only those that hold on a day, such as 2026-11-27')
  .option('--write', 'put it into docs/guides/disputes.md')
  .exitOverride()
  .action(({ on, write }: { readonly on?: string; readonly write?: boolean }) => {
    const table = ruleTable(on === undefined ? matrix : rulesOn(matrix, on))
    if (write !== true) {
      print(table)
      return
    }
    const guide = 'docs/guides/disputes.md'
    const text = readFileSync(guide, 'utf8')
    const mark = '<!-- rules -->'
    const end = '<!-- end of rules -->'
    const [before = '', rest = ''] = text.split(mark)
    const after = rest.split(end)[1] ?? ''
    writeFileSync(guide, `${before}${mark}\n\n${table}\n\n${end}${after}`)
  })

program.addHelpText(
  'after',
  `\nExit codes: ${exitCodes.done} done, ${exitCodes.failed} refused, ${exitCodes.usage} not understood, ${exitCodes.unreachable} no hub.`,
)

await runCommand(async () => {
  await program.parseAsync()
  return exitCodes.done
})

function print(text: string): void {
  process.stdout.write(`${text}\n`)
}

function amountOf({ paise }: { readonly paise?: string }): { readonly amount?: string } {
  return paise === undefined ? {} : { amount: paise }
}

/** The flag of the rules that leads where a word says; with its reason, where there is but one. */
function flagFor(dispute: Detail, name: string, to: string, reason: string | undefined): Pending {
  const words: Readonly<Record<string, RegExp>> = {
    for_remitter: /accept/i,
    represented: /represent|re-presentment|reject|decline/i,
    pre_arbitration: /pre-arbitration$/i,
    arbitration: /arbitration$/i,
    withdrawn: /withdrawn/i,
  }
  const fit = dispute.next.filter((one) => one.ours && words[to]?.test(one.name) === true)
  const reasons = fit.flatMap((one) => one.reasons.map((code) => ({ flag: one.flag, reason: code })))
  const found = reason === undefined ? reasons : reasons.filter((one) => one.reason === reason)
  const [only] = found
  if (only !== undefined && found.length === 1) return only
  const choices = reasons.map((one) => `${one.flag} ${one.reason}`).join(', ')
  throw new Failure(
    exitCodes.failed,
    reasons.length === 0 ? `${name} is not possible now` : `say which reason: ${choices}`,
    dispute.next.map((one) => `${one.flag}: ${one.name}, by ${one.by.join(' or ')}`),
  )
}

function lineOf(one: Dispute): string {
  const pending = one.pending === null ? '' : `, ${one.pending.flag} ${one.pending.reason} asked for`
  const due =
    one.dueAt === null
      ? ''
      : `, due ${dayAndTime(one.dueAt)} IST${one.deemed === null ? '' : ` or deemed ${one.deemed}`}`
  const way = one.direction === 'outward' ? 'out' : 'in '
  return `${one.id}  ${way}  ${one.rrn}  ${rupees(one.amount)}  ${one.family} ${one.flag} ${one.reason}: ${one.state}${pending}${due}`
}

function complaintLine({
  flag,
  reason,
  state,
  reference,
  responseCode,
  askedAt,
}: NonNullable<Detail['complaint']>): string {
  const said = [reference, responseCode === null ? null : `RC ${responseCode}`]
    .filter((part) => part !== null)
    .join(', ')
  const about = `told NPCI ${flag} ${reason} at ${dayAndTime(askedAt)}: ${state}${said === '' ? '' : ` (${said})`}`
  return `  ${about}, ${complaintWords[state] ?? ''}`
}

function show(one: Detail, { json }: Shared): void {
  if (json === true) {
    print(JSON.stringify(one))
    return
  }
  print(lineOf(one))
  print(`payment ${one.payment}`)
  for (const event of one.events) {
    const said = [event.flag, event.reason].filter((word) => word !== null).join(' ')
    const money = event.funds === 'none' ? '' : `, ${rupees(event.amount)} ${event.funds.replaceAll('_', ' ')}`
    const note = event.note === null ? '' : ` (${event.note})`
    print(
      `  ${paint('dim', dayAndTime(event.at))}  ${event.kind} ${said} by ${event.actor}: ${event.to}${money}${note}`,
    )
  }
  if (one.complaint !== null) print(complaintLine(one.complaint))
  for (const paper of one.evidence) print(`  paper ${paper.id}: ${paper.name}, ${paper.bytes} bytes`)
  for (const next of one.next) {
    const until = next.until === null ? '' : ` until ${dayAndTime(next.until)} IST`
    print(
      `  next: ${next.flag} ${next.reasons.join('|')} ${next.name}, by ${next.by.join(' or ')}${until}${next.needsEvidence ? ', with papers' : ''}`,
    )
  }
}
