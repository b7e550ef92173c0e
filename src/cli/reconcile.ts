import { Command } from 'commander'
import { explainPayment } from './explain.ts'
import { exitCodes, Failure, findHub, type HubOptions } from './hub.ts'
import {
  assignBreak,
  commentOnBreak,
  type ListOptions,
  listBreaks,
  type RunOptions,
  resolveBreak,
  rollBack,
  runCycle,
  showBreak,
} from './reconcile-runs.ts'
import { runCommand } from './show.ts'

type Options = HubOptions & { readonly explain?: string; readonly json?: boolean }

let exitCode: number = exitCodes.done

const program = new Command('npm run reconcile --')
  .description('What the files of a settlement cycle say, against what the hub and the core say.')
  .option('--explain <rrn>', 'tell the whole story of the payments with this RRN')
  .option('--json', 'print JSON')
  .option('--base-url <url>', 'the hub (default: the sandbox in the data folder)')
  .option('--api-key <key>', 'its API key')
  .option('--data-dir <folder>', 'the data folder of the sandbox (default: TURANT_DATA_DIR or .turant)')
  .addHelpText(
    'after',
    `\nExit codes: ${exitCodes.done} done, ${exitCodes.failed} held or failed, ${exitCodes.usage} not a question the hub understands, ${exitCodes.unreachable} no hub.`,
  )
  .allowExcessArguments(false)
  .showHelpAfterError('(--help shows all options)')
  .exitOverride()
  .action(async (options: Options) => {
    if (options.explain === undefined)
      throw new Failure(exitCodes.usage, 'say what is to be done: --explain RRN, or run, breaks, break, roll-back ...')
    exitCode = await explainPayment(findHub(options), options.explain, options.json === true)
  })

program
  .command('run <cycle>')
  .description('matches a cycle, such as 2026-11-27/5, and waits until it is done; a cycle that is matched is shown')
  .option('--institution <code>', 'the bank (default: yours)')
  .option('--no-wait', 'only begin')
  .action(async (cycle: string, _: unknown, command: Command) => {
    const options = command.optsWithGlobals<Options & RunOptions>()
    exitCode = await runCycle(findHub(options), cycle, options)
  })

program
  .command('breaks')
  .description('lists breaks, the latest first')
  .option('--institution <code>', 'of this bank')
  .option('--cycle <cycle>', 'found in this cycle')
  .option('--type <type>', 'B01 to B30')
  .option('--state <state>', 'open, assigned, resolved or carried')
  .option('--rrn <digits>', 'with this RRN')
  .option('--overdue', 'what should have been settled by now')
  .option('--limit <number>', 'how many, at most 1000', '50')
  .action(async (_: unknown, command: Command) => {
    const options = command.optsWithGlobals<Options & ListOptions>()
    exitCode = await listBreaks(findHub(options), options)
  })

program
  .command('break <id>')
  .description('tells one break: what each source says, what follows, and what people said')
  .action(async (id: string, _: unknown, command: Command) => {
    const options = command.optsWithGlobals<Options>()
    exitCode = await showBreak(findHub(options), id, options.json === true)
  })

program
  .command('assign <id>')
  .description('takes a break, or gives it to somebody')
  .option('--to <person>', 'a person id, or nobody')
  .action(async (id: string, _: unknown, command: Command) => {
    const options = command.optsWithGlobals<Options & { readonly to?: string }>()
    exitCode = await assignBreak(findHub(options), id, options.to, options.json === true)
  })

program
  .command('comment <id> <text>')
  .description('says something of a break')
  .action(async (id: string, text: string, _: unknown, command: Command) => {
    const options = command.optsWithGlobals<Options>()
    exitCode = await commentOnBreak(findHub(options), id, text, options.json === true)
  })

program
  .command('resolve <id>')
  .description('says how a break is settled; somebody else must agree')
  .requiredOption('--as <resolution>', 'corrected, accepted or forced')
  .requiredOption('--reference <text>', 'where it is seen: a journal, a file and line, a letter')
  .option('--note <text>', 'what it says')
  .option('--with <ids...>', 'forced: the breaks that it is matched with')
  .action(async (id: string, _: unknown, command: Command) => {
    const options = command.optsWithGlobals<
      Options & { readonly as: string; readonly reference: string; readonly note?: string; readonly with?: string[] }
    >()
    exitCode = await resolveBreak(findHub(options), id, options, options.json === true)
  })

program
  .command('roll-back <run>')
  .description('takes a run back: what it found is gone, and what waited waits again')
  .option('--journals', 'turn round what was booked about the cycle itself')
  .action(async (run: string, _: unknown, command: Command) => {
    const options = command.optsWithGlobals<Options & { readonly journals?: boolean }>()
    exitCode = await rollBack(findHub(options), run, options.journals === true, options.json === true)
  })

await runCommand(async () => {
  await program.parseAsync()
  return exitCode
})
