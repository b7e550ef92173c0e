import { SingleBar } from 'cli-progress'
import { exitCodes, Failure, type Hub, readJson, send } from './hub.ts'
import { clockTime, paint, rupees } from './show.ts'

export type RunOptions = { readonly institution?: string; readonly wait?: boolean; readonly json?: boolean }
export type ListOptions = {
  readonly institution?: string
  readonly cycle?: string
  readonly type?: string
  readonly state?: string
  readonly rrn?: string
  readonly overdue?: boolean
  readonly limit: string
  readonly json?: boolean
}

type Run = {
  readonly id: string
  readonly institution: string
  readonly cycle: string
  readonly state: 'running' | 'held' | 'matched' | 'failed' | 'rolled_back'
  readonly step: string
  readonly progress: number
  readonly totals: readonly {
    readonly what: string
    readonly count: number
    readonly amount: string
    readonly statedCount: number | null
    readonly statedAmount: string | null
    readonly agrees: boolean
  }[]
  readonly counts: Readonly<Record<string, number>>
  readonly failure: string | null
}
type Break = {
  readonly id: string
  readonly type: string
  readonly name: string
  readonly state: string
  readonly cycle: string | null
  readonly direction: string | null
  readonly rrn: string | null
  readonly amount: string | null
  readonly action: string | null
  readonly dueAt: string | null
  readonly assignee: string | null
}
type ExplainedBreak = {
  readonly break: Break
  readonly found: string
  readonly handling: string
  readonly output: string
  readonly facts: Readonly<Record<string, unknown>>
  readonly suggestion: string | null
  readonly comments: readonly { readonly author: string; readonly text: string | null; readonly at: string }[]
}

const say = (line: string): void => {
  process.stdout.write(`${line}\n`)
}
const POLL_MS = 200

/** Matches a cycle and waits until that is done, with a bar on a terminal. @returns 1 when it is held or failed */
export async function runCycle(hub: Hub, cycle: string, options: RunOptions): Promise<number> {
  const body = { cycle, ...(options.institution === undefined ? {} : { institution: options.institution }) }
  const response = await send(hub, { method: 'POST', path: '/v1/reconciliation-runs', body })
  let run = await readJson<Run>(response)
  const bar = new SingleBar({
    format: `${cycle} [{bar}] {percentage}% {step}`,
    stream: process.stderr,
    noTTYOutput: false,
  })
  bar.start(100, run.progress, { step: run.step })
  try {
    while (run.state === 'running' && options.wait !== false) {
      await new Promise((resolve) => setTimeout(resolve, POLL_MS))
      run = await readJson<Run>(await send(hub, { method: 'GET', path: `/v1/reconciliation-runs/${run.id}` }))
      bar.update(run.progress, { step: run.step })
    }
  } finally {
    bar.stop()
  }
  say(options.json === true ? JSON.stringify(run) : runText(run))
  return run.state === 'held' || run.state === 'failed' ? exitCodes.failed : exitCodes.done
}

/** Takes a run back. */
export async function rollBack(hub: Hub, id: string, journals: boolean, json: boolean): Promise<number> {
  if (!/^run_[0-9a-f]{32}$/.test(id)) throw new Failure(exitCodes.usage, 'a run is run_ and 32 hex digits')
  const response = await send(hub, {
    method: 'POST',
    path: `/v1/reconciliation-runs/${id}/roll-back`,
    body: { journals },
  })
  const run = await readJson<Run>(response)
  say(json ? JSON.stringify(run) : runText(run))
  return exitCodes.done
}

const MOST = 1_000
const PAGE = 100

/** Lists breaks, page after page. */
export async function listBreaks(hub: Hub, options: ListOptions): Promise<number> {
  const most = /^[0-9]{1,4}$/.test(options.limit) ? Number(options.limit) : 0
  if (most < 1 || most > MOST) throw new Failure(exitCodes.usage, `--limit must be a whole number from 1 to ${MOST}`)
  const { institution, cycle, type, state, rrn, overdue } = options
  const found: Break[] = []
  let cursor: string | null = null
  do {
    const query = new URLSearchParams({ limit: String(Math.min(PAGE, most - found.length)) })
    const asked = { institution, cycle, type, state, rrn, ...(overdue === true && { overdue: 'true' }) }
    for (const [name, value] of Object.entries(asked)) if (value !== undefined) query.set(name, value)
    if (cursor !== null) query.set('cursor', cursor)
    const page: { data: Break[]; nextCursor: string | null } = await readJson(
      await send(hub, { method: 'GET', path: `/v1/breaks?${query}` }),
    )
    found.push(...page.data)
    cursor = page.nextCursor
  } while (cursor !== null && found.length < most)
  for (const one of found) say(options.json === true ? JSON.stringify(one) : breakText(one))
  if (found.length === 0 && options.json !== true) say('no breaks')
  return exitCodes.done
}

/** Tells one break: what each source says, and what is to be done. */
export async function showBreak(hub: Hub, id: string, json: boolean): Promise<number> {
  const explained = await readJson<ExplainedBreak>(
    await send(hub, { method: 'GET', path: `/v1/breaks/${checked(id)}` }),
  )
  if (json) {
    say(JSON.stringify(explained))
    return exitCodes.done
  }
  say(breakText(explained.break))
  say(`  found by: ${explained.found}`)
  for (const [name, value] of Object.entries(explained.facts)) say(`  ${name}: ${JSON.stringify(value)}`)
  if (explained.suggestion !== null) say(`  looks like the same payment: RRN ${explained.suggestion}`)
  say(`  what follows (${explained.handling}): ${explained.break.action ?? '-'}; ${explained.output}`)
  for (const { author, text, at } of explained.comments) say(`  ${at} ${author}: ${text ?? 'its keys were destroyed'}`)
  return exitCodes.done
}

const checked = (id: string): string => {
  if (!/^brk_[0-9a-f]{32}$/.test(id)) throw new Failure(exitCodes.usage, 'a break is brk_ and 32 hex digits')
  return id
}

/** Gives a break to somebody. @param to  a person; `nobody`; not given: whoever asks */
export async function assignBreak(hub: Hub, id: string, to: string | undefined, json: boolean): Promise<number> {
  const body = to === undefined ? {} : { to: to === 'nobody' ? null : to }
  const response = await send(hub, { method: 'POST', path: `/v1/breaks/${checked(id)}/assign`, body })
  const given = await readJson<Break>(response)
  say(json ? JSON.stringify(given) : breakText(given))
  return exitCodes.done
}

export async function commentOnBreak(hub: Hub, id: string, text: string, json: boolean): Promise<number> {
  const response = await send(hub, { method: 'POST', path: `/v1/breaks/${checked(id)}/comments`, body: { text } })
  const explained = await readJson<ExplainedBreak>(response)
  say(json ? JSON.stringify(explained) : `${id} has ${explained.comments.length} comments`)
  return exitCodes.done
}

/** Says how a break is settled, and by what that is seen. */
export async function resolveBreak(
  hub: Hub,
  id: string,
  how: { readonly as: string; readonly reference: string; readonly note?: string; readonly with?: readonly string[] },
  json: boolean,
): Promise<number> {
  const evidence = { reference: how.reference, ...(how.note === undefined ? {} : { note: how.note }) }
  const body = { resolution: how.as, evidence, ...(how.with === undefined ? {} : { with: how.with }) }
  const response = await send(hub, { method: 'POST', path: `/v1/breaks/${checked(id)}/resolve`, body })
  const approval = await readJson<{ id: string }>(response)
  say(json ? JSON.stringify(approval) : `${id} waits for somebody else to agree: ${approval.id}`)
  return exitCodes.done
}

function runText(run: Run): string {
  const words = {
    running: 'is running',
    held: 'is held: the files and the statement differ, nothing was matched',
    matched: 'is matched',
    failed: `failed: ${run.failure ?? ''}`,
    rolled_back: 'is rolled back',
  } as const
  const isBreak = (name: string): boolean => /^B[0-9]{2}$/.test(name)
  const breaks = Object.entries(run.counts).filter(([name]) => isBreak(name))
  const totals = run.totals.map(
    ({ what, count, amount, statedCount, agrees }) =>
      `  ${what}: ${count}, ${rupees(amount)}; ${statedCount === null ? 'no statement' : agrees ? 'as the statement says' : `the statement says ${statedCount}`}`,
  )
  return [
    `${run.id}: ${run.institution} ${run.cycle} ${paint(run.state === 'matched' ? 'green' : 'yellow', words[run.state])}`,
    ...totals,
    `  paid ${run.counts.paid ?? 0}, declined by all ${run.counts.unpaid ?? 0}`,
    breaks.length === 0 ? '  no breaks' : `  breaks: ${breaks.map(([name, count]) => `${name} ${count}`).join(', ')}`,
  ].join('\n')
}

const breakText = (one: Break): string =>
  [
    one.id,
    paint(one.state === 'open' ? 'yellow' : 'white', `${one.type} ${one.name}`),
    one.state,
    one.direction ?? '',
    one.rrn === null ? '' : `RRN ${one.rrn}`,
    one.amount === null ? '' : `${rupees(one.amount)}`,
    one.cycle ?? '',
    one.dueAt === null ? '' : `by ${one.dueAt.slice(0, 10)} ${clockTime(one.dueAt)}`,
    one.assignee ?? '',
  ]
    .filter((text) => text !== '')
    .join('  ')
