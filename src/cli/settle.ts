import { readFileSync, statSync, writeFileSync } from 'node:fs'
import { basename } from 'node:path'
import { Command } from 'commander'
import { sleep, systemClock } from '../base/clock.ts'
import { exitCodes, Failure, findHub, type HubOptions, readJson, send } from './hub.ts'
import { dayAndTime, paint, runCommand, rupees } from './show.ts'

type Options = HubOptions & { readonly json?: boolean }

/** The parts of a file that a terminal shows. */
type File = {
  readonly id: string
  readonly fileName: string
  readonly kind: string | null
  readonly cycle: string | null
  readonly settlementDate: string | null
  readonly state: string
  readonly rows: number | null
  readonly amount: string | null
  readonly receivedAt: string
  readonly refusal: {
    readonly fault: string
    readonly sheet: string | null
    readonly row: number | null
    readonly column: string | null
    readonly expected: string
    readonly found: string
  } | null
}
type Cycle = {
  readonly cycle: string
  readonly state: string
  readonly settled: boolean
  readonly fault: {
    readonly state: string
    readonly step: string
    readonly tries: number
    readonly reason: string
  } | null
  readonly waitsFor: string | null
  readonly dueAt: string
  readonly files: readonly { readonly kind: string; readonly state: string }[]
}

/** What `POST /sandbox/cycle` answers. */
type Cut = { readonly cycle: string; readonly files: readonly { readonly name: string; readonly bytes: number }[] }

const POLL_MS = 250
const MOST_WAITED_MS = 60_000

type Upload = {
  readonly id: string
  readonly fileName: string
  readonly purpose: string
  readonly state: string
  readonly rows: number
  readonly dueAt: string | null
}

type Line = {
  readonly reference: string
  readonly flag: string
  readonly reason: string
  readonly rrn: string
  readonly amount: string
  readonly takenOut: { readonly reason: string } | null
}

/** What the API takes; larger files are put into the inbox. */
const MOST_BYTES = 16 * 1024 * 1024

const print = (line: string): void => {
  process.stdout.write(`${line}\n`)
}

const program = new Command('npm run settle --')
  .description('Settlement files: hand them in, and see what became of them.')
  .option('--base-url <url>', 'the hub (default: the sandbox in the data folder)')
  .option('--api-key <key>', 'its API key')
  .option('--data-dir <folder>', 'the data folder of the sandbox (default: TURANT_DATA_DIR or .turant)')
  .option('--json', 'print JSON, one thing a line')
  .allowExcessArguments(false)
  .showHelpAfterError('(--help shows all options)')
  .exitOverride()

let job: (() => Promise<number>) | undefined
const options = (): Options => program.opts<Options>()

program
  .command('file <paths...>')
  .description('hand in files under the names that they have; the same file again changes nothing')
  .option('--replaces <id>', 'the file in use that this one takes the place of')
  .exitOverride()
  .action((paths: readonly string[], { replaces }: { readonly replaces?: string }) => {
    job = async () => {
      if (replaces !== undefined && paths.length > 1) {
        throw new Failure(exitCodes.usage, 'one file replaces one file')
      }
      let refused = 0
      for (const path of paths) if (!(await handIn(path, replaces))) refused += 1
      return refused === 0 ? exitCodes.done : exitCodes.failed
    }
  })

program
  .command('give-back <id>')
  .description('write a refused file into this folder, as it came; that you have it is written down')
  .option('--to <path>', 'the file to write; it must not be there')
  .exitOverride()
  .action((id: string, { to }: { readonly to?: string }) => {
    job = async () => {
      const path = `/v1/settlement-files/${encodeURIComponent(id)}/content`
      const response = await send(findHub(options()), { method: 'GET', path })
      const bytes = Buffer.from(await response.arrayBuffer())
      const written = to ?? basename(nameOf(response.headers.get('content-disposition')) ?? id)
      try {
        writeFileSync(written, bytes, { mode: 0o600, flag: 'wx' })
      } catch (error) {
        const why = error instanceof Error && 'code' in error ? String(error.code) : 'not writable'
        throw new Failure(exitCodes.usage, `${written} cannot be written (${why}): --to names another`)
      }
      print(options().json === true ? JSON.stringify({ id, path: written }) : `${written}  ${bytes.length} bytes`)
      return exitCodes.done
    }
  })

program
  .command('files')
  .description('what came, the latest first')
  .option('--cycle <cycle>', 'of one cycle, such as 2026-11-27/5')
  .option('--state <state>', 'accepted, superseded or refused')
  .option('--limit <number>', 'how many, at most 100', '25')
  .exitOverride()
  .action((filters: { readonly cycle?: string; readonly state?: string; readonly limit: string }) => {
    job = async () => {
      const query = new URLSearchParams(Object.entries(filters))
      const response = await send(findHub(options()), { method: 'GET', path: `/v1/settlement-files?${query}` })
      const { data } = await readJson<{ data: File[] }>(response)
      for (const file of data) print(options().json === true ? JSON.stringify(file) : lineOf(file))
      return exitCodes.done
    }
  })

program
  .command('cycles')
  .description('which files the cycles of a day should have, and have')
  .option('--institution <code>', 'a bank of this hub; the first when it is left out')
  .option('--date <day>', 'a settlement date, such as 2026-11-27; today when it is left out')
  .option('--missing', 'the cycles of the last 45 days whose files are missing')
  .exitOverride()
  .action((filters: { readonly institution?: string; readonly date?: string; readonly missing?: true }) => {
    job = async () => {
      const query = new URLSearchParams(Object.entries(filters).map(([name, value]) => [name, String(value)]))
      const response = await send(findHub(options()), { method: 'GET', path: `/v1/settlement-cycles?${query}` })
      const { data } = await readJson<{ data: Cycle[] }>(response)
      for (const cycle of data) print(options().json === true ? JSON.stringify(cycle) : cycleLine(cycle))
      return exitCodes.done
    }
  })

program
  .command('retry <cycle>')
  .description('try a cycle again that fails, such as 2026-11-27/5')
  .option('--institution <code>', 'a bank of this hub; the first when it is left out')
  .exitOverride()
  .action((cycle: string, { institution }: { readonly institution?: string }) => {
    job = async () => {
      const body = { cycle, ...(institution === undefined ? {} : { institution }) }
      const response = await send(findHub(options()), { method: 'POST', path: '/v1/settlement-cycles/retry', body })
      const taken = await readJson<{ readonly institution: string; readonly cycle: string }>(response)
      print(options().json === true ? JSON.stringify(taken) : `${taken.institution} ${taken.cycle} is tried again`)
      return exitCodes.done
    }
  })

program
  .command('uploads')
  .description('files for NPCI, the latest first')
  .option('--state <state>', 'waiting, released, sent, accepted, refused or withdrawn')
  .option('--limit <number>', 'how many, at most 100', '25')
  .exitOverride()
  .action((filters: { readonly state?: string; readonly limit: string }) => {
    job = async () => {
      const query = new URLSearchParams(Object.entries(filters))
      const response = await send(findHub(options()), { method: 'GET', path: `/v1/upload-files?${query}` })
      const { data } = await readJson<{ data: Upload[] }>(response)
      for (const file of data) print(options().json === true ? JSON.stringify(file) : uploadLine(file))
      return exitCodes.done
    }
  })

program
  .command('upload <id>')
  .description('a file for NPCI with its rows, each by the reference that the file has')
  .exitOverride()
  .action((id: string) => {
    job = async () => {
      const response = await send(findHub(options()), {
        method: 'GET',
        path: `/v1/upload-files/${encodeURIComponent(id)}`,
      })
      const file = await readJson<Upload & { readonly lines: readonly Line[] }>(response)
      if (options().json === true) print(JSON.stringify(file))
      else for (const line of [uploadLine(file), ...file.lines.map(rowLine)]) print(line)
      return exitCodes.done
    }
  })

program
  .command('answer <id>')
  .description('NPCI took the file, and these rows of it not; without --refused it took all')
  .option('--refused <reference=reason...>', 'a row, and NPCI’s code or words')
  .option('--again', 'say them once more in the next file; without it people decide')
  .exitOverride()
  .action((id: string, { refused = [], again }: { readonly refused?: readonly string[]; readonly again?: true }) => {
    job = async () => {
      const rows = refused.map((text) => {
        const [, reference, reason] = /^([0-9a-f]{32})=(.+)$/s.exec(text) ?? []
        if (reference === undefined || reason === undefined)
          throw new Failure(exitCodes.usage, `--refused is a reference of 32 hex digits, = and a reason, not ${text}`)
        return { reference, reason, ...(again === undefined ? {} : { again }) }
      })
      const response = await send(findHub(options()), {
        method: 'POST',
        path: `/v1/upload-files/${encodeURIComponent(id)}/answer`,
        body: { refused: rows },
      })
      const file = await readJson<Upload>(response)
      print(options().json === true ? JSON.stringify(file) : uploadLine(file))
      return exitCodes.done
    }
  })

program
  .command('release <id>')
  .description('ask that a file may leave for NPCI; somebody else approves it')
  .exitOverride()
  .action((id: string) => {
    job = async () => {
      const response = await send(findHub(options()), {
        method: 'POST',
        path: `/v1/upload-files/${encodeURIComponent(id)}/release`,
        body: {},
      })
      const approval = await readJson<{ id: string }>(response)
      print(options().json === true ? JSON.stringify(approval) : `asked for: ${approval.id}`)
      return exitCodes.done
    }
  })

program
  .command('withdraw <id>')
  .description('take a file back that has not left for NPCI')
  .requiredOption('--reason <words>', 'why it does not leave')
  .exitOverride()
  .action((id: string, { reason }: { readonly reason: string }) => {
    job = async () => {
      const response = await send(findHub(options()), {
        method: 'POST',
        path: `/v1/upload-files/${encodeURIComponent(id)}/withdraw`,
        body: { reason },
      })
      const file = await readJson<Upload>(response)
      print(options().json === true ? JSON.stringify(file) : uploadLine(file))
      return exitCodes.done
    }
  })

program
  .command('cut')
  .description('in a sandbox: NPCI closes the next cycle and sends its files; waits until they are matched and booked')
  .exitOverride()
  .action(() => {
    job = async () => {
      const cut = await readJson<Cut>(
        await send(findHub(options()), { method: 'POST', path: '/sandbox/cycle', body: {} }),
      )
      for (const { name, bytes } of cut.files) print(`  ${name}  ${bytes} bytes`)
      for (let waited = 0; waited < MOST_WAITED_MS; waited += POLL_MS) {
        const found = await cycleOf(cut.cycle)
        if (found?.settled === true) {
          print(options().json === true ? JSON.stringify(found) : `${paint('green', 'settled')}  ${cycleLine(found)}`)
          return exitCodes.done
        }
        await sleep(systemClock, POLL_MS)
      }
      throw new Failure(
        exitCodes.failed,
        `${cut.cycle} is not settled after a minute: npm run settle -- cycles, npm run reconcile -- breaks`,
      )
    }
  })

/** The name that a file came under. */
const nameOf = (disposition: string | null): string | undefined => {
  const said = /filename\*=UTF-8''(\S+)$/.exec(disposition ?? '')?.[1]
  return said === undefined ? undefined : decodeURIComponent(said)
}

async function cycleOf(name: string): Promise<Cycle | undefined> {
  const query = new URLSearchParams({ date: name.slice(0, 10) })
  const response = await send(findHub(options()), { method: 'GET', path: `/v1/settlement-cycles?${query}` })
  return (await readJson<{ data: Cycle[] }>(response)).data.find(({ cycle }) => cycle === name)
}

/** @returns whether it was taken, or is here already */
async function handIn(path: string, replaces: string | undefined): Promise<boolean> {
  const content = read(path)
  const query = new URLSearchParams({ name: basename(path), ...(replaces === undefined ? {} : { replaces }) })
  try {
    const response = await send(findHub(options()), {
      method: 'POST',
      path: `/v1/settlement-files?${query}`,
      content,
    })
    const file = await readJson<File>(response)
    const said = response.status === 200 ? 'here already' : 'taken'
    print(options().json === true ? JSON.stringify(file) : `${paint('green', said)}  ${lineOf(file)}`)
    return true
  } catch (error) {
    if (!(error instanceof Failure) || error.exitCode !== exitCodes.failed) throw error
    print(`${paint('red', 'refused')}  ${error.message}`)
    return false
  }
}

function read(path: string): Uint8Array<ArrayBuffer> {
  try {
    if (statSync(path).size > MOST_BYTES) {
      throw new Failure(exitCodes.usage, `${path} has more than 16 MiB: put it into the inbox of the hub`)
    }
    return Uint8Array.from(readFileSync(path))
  } catch (error) {
    if (error instanceof Failure) throw error
    const why = error instanceof Error && 'code' in error ? String(error.code) : 'unreadable'
    throw new Failure(exitCodes.usage, `${path} cannot be read (${why})`)
  }
}

const uploadLine = ({ id, fileName, purpose, state, rows, dueAt }: Upload): string =>
  [state.padEnd(9), purpose.padEnd(14), `${fileName} (${rows})`, dueAt === null ? '' : `until ${dayAndTime(dueAt)}`, id]
    .filter((part) => part !== '')
    .join('  ')

const rowLine = ({ reference, flag, reason, rrn, amount, takenOut }: Line): string =>
  `  ${reference}  ${flag} ${reason}  ${rrn}  ${rupees(amount)}${takenOut === null ? '' : `  ${takenOut.reason}`}`

function lineOf({ fileName, kind, cycle, settlementDate, state, rows, receivedAt, id, refusal }: File): string {
  const what = [dayAndTime(receivedAt), state.padEnd(10), (kind ?? 'unknown').padEnd(15)]
  const of = (cycle ?? settlementDate ?? '').padEnd(13)
  const about = [...what, of, fileName, ...(rows === null ? [] : [`${rows} rows`]), id].join('  ')
  if (refusal === null) return about
  const { fault, sheet, row, column, expected, found } = refusal
  const place = [
    ...(sheet === null ? [] : [`sheet ${sheet}`]),
    ...(row === null ? [] : [`row ${row}`]),
    ...(column === null ? [] : [`column ${column}`]),
  ]
  return `${about}\n    ${[...place, fault].join(', ')}: expected ${expected}, found ${found}`
}

function cycleLine({ cycle, state, settled, dueAt, files, fault, waitsFor }: Cycle): string {
  const late = files.filter((file) => file.state !== 'here').map((file) => `${file.kind} ${file.state}`)
  const rest = late.length === 0 ? '' : `  ${late.join(', ')}`
  const due = state === 'open' || state === 'awaited' ? `  due ${dayAndTime(dueAt)}` : ''
  const fails = fault === null ? '' : `  ${fault.state}: ${fault.step} failed ${fault.tries} times, ${fault.reason}`
  const waits = waitsFor === null ? '' : `  its report waits for ${waitsFor}`
  return `${cycle.padEnd(13)}  ${state.padEnd(10)}  ${settled ? 'settled' : 'not settled'}${due}${rest}${fails}${waits}`
}

await runCommand(async () => {
  program.parse()
  if (job === undefined) throw new Failure(exitCodes.usage, 'say what is to be done: --help lists the commands')
  return job()
})
