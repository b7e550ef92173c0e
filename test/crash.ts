import { parseArgs } from 'node:util'
import { createSystemRandom } from '../src/base/random.ts'
import { line, run } from './crash/run.ts'

/** `npm run crash -- --cycles 200`: kill -9 under load, restart, compare the witnesses. Exits 1 on a violation. */

/** NPCI takes nothing about a payment after 45 days, and each kill is a cycle, ten to the day. */
const MOST_SETTLED = 380

const help = `npm run crash -- [--cycles N] [--seed S] [--rail R] [--postgres] [--settlement] [--every-point]

Starts the hub, the simulated switch and PostgreSQL (fsync on) as real processes, pays through the hub's API and receives through
the switch, kills the hub with SIGKILL at named points and at any instant, starts it again, and checks that nothing that was
acknowledged is lost, nothing is sent or credited twice, hub and switch agree, and the books balance.

  --cycles N    how many kills (default 20)
  --seed S      draws the same plan of kills again; printed with every run
  --rail R      iso8583, xml, or changing: another one at each start. By the seed when it is not given
  --postgres    PostgreSQL is stopped at once as well: alone, or together with the hub
  --settlement  the switch cuts a cycle for each kill, and the hub is killed while it takes in the files and settles them; checked
                too: no file, journal or upload twice, every cycle settled, the invariants of settlement. At most ${MOST_SETTLED} cycles
  --every-point the hub is killed at its points alone, until it has died at each of them once; at most as many cycles as --cycles
                says (default 100). A point where it never died is a violation

Ctrl-C ends the run after the cycle under way, with its checks and its report.
`

const fail = (message: string): never => {
  process.stderr.write(`${message}\n`)
  process.exit(2)
}

function readArgs() {
  try {
    return parseArgs({
      options: {
        cycles: { type: 'string' },
        seed: { type: 'string' },
        rail: { type: 'string' },
        postgres: { type: 'boolean', default: false },
        settlement: { type: 'boolean', default: false },
        'every-point': { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    }).values
  } catch (error) {
    return fail(error instanceof Error ? error.message : String(error))
  }
}

const whole = (flag: string, text: string, least: number, most: number): number => {
  const value = /^[0-9]{1,10}$/.test(text) ? Number(text) : Number.NaN
  return value >= least && value <= most ? value : fail(`--${flag} must be a whole number from ${least} to ${most}`)
}

const args = readArgs()
if (args.help) {
  process.stdout.write(help)
  process.exit(0)
}
const { settlement } = args
const everyPoint = args['every-point']
const cycles = whole('cycles', args.cycles ?? (everyPoint ? '100' : '20'), 1, settlement ? MOST_SETTLED : 1_000_000)
if (args.postgres && (settlement || everyPoint)) fail('--postgres is a run of its own')
const seed = args.seed === undefined ? createSystemRandom().next32() : whole('seed', args.seed, 0, 0xffff_ffff)
const rails = ['iso8583', 'xml', 'changing'] as const
const rail =
  args.rail === undefined
    ? (rails[seed % rails.length] ?? 'iso8583')
    : (rails.find((one) => one === args.rail) ?? fail(`--rail must be ${rails.join(', ')}`))
const say = (text: string): void => {
  process.stdout.write(`${text}\n`)
}

/** The middle and the largest of some durations, in seconds. */
const spread = (durations: readonly number[]): string => {
  const sorted = durations.toSorted((a, b) => a - b)
  const at = (share: number) => ((sorted[Math.floor((sorted.length - 1) * share)] ?? 0) / 1000).toFixed(2)
  return `p50 ${at(0.5)} s, p99 ${at(0.99)} s, most ${at(1)} s`
}
const table = (counts: Readonly<Record<string, number>>): string =>
  Object.entries(counts)
    .map(([name, count]) => `${name} ${count}`)
    .join(', ')

say(
  `crash: ${everyPoint ? 'every point, in at most ' : ''}${cycles} cycles${args.postgres ? ' with PostgreSQL' : settlement ? ' of settlement' : ''}, wire ${rail}, seed ${seed}`,
)
const report = await run({ cycles, seed, postgres: args.postgres, rail, settlement, everyPoint, say })
const { found, load } = report
say(
  `hub killed ${report.hubKills} times, PostgreSQL stopped ${report.postgresKills} times, in ${report.seconds.toFixed(0)} s`,
)
if (!args.postgres) say(`points: ${table(report.points)}`)
say(`from start to the first payment taken: ${spread(report.recoveredMs)}`)
if (args.postgres) say(`from losing PostgreSQL to the next payment taken: ${spread(report.postgresBackMs)}`)
say(
  `callers: ${load.acknowledged} times 2xx, ${load.replayed} of them replays, ${load.unanswered} not answered, ${load.cancelled} cancelled`,
)
if (Object.keys(load.unavailable).length > 0) say(`503: ${table(load.unavailable)}`)
if (found !== undefined) {
  say(`outward: ${table(found.outward)}`)
  say(`inward: ${table(found.inward)}; ${found.repeatedInward} came more than once`)
  say(`steps: ${table(found.steps)}`)
  say(`${found.unconfirmed} were unconfirmed for a while, ${found.askedAbout} of them were asked about`)
}
if (report.settled !== undefined) {
  say(`settled: ${table(report.settled.sums)}`)
  say(`breaks: ${table(report.settled.breaks)}`)
}
const missed = Object.entries(report.points).flatMap(([point, count]) => (count === 0 ? [point] : []))
if (everyPoint && missed.length > 0) report.violations.push(`the hub never died at ${missed.join(', ')}`)
for (const violation of report.violations) say(`VIOLATION ${violation}`)
say(line(report))
process.exit(report.violations.length === 0 ? 0 : 1)
