/**
 * Where the hub says what happened. What may be said is a list: the fields below and nothing else, each with values of one form, and
 * messages that stand in the program as they are. An error is told by its name, its code and its place, never by its message:
 * PostgreSQL puts the values of a row into its own, and so does whatever parses what somebody sent.
 */
export interface Log {
  debug<M extends string>(fields: LogFields, message: Literal<M>): void
  info<M extends string>(fields: LogFields, message: Literal<M>): void
  warn<M extends string>(fields: LogFields, message: Literal<M>): void
  error<M extends string>(fields: LogFields, message: Literal<M>): void
}

/** A text that the compiler knows to the letter: one with a value in it does not compile. */
type Literal<M extends string> = Record<never, never> extends Record<M, 1> ? never : M

/** The fields that may be logged; for others the program does not compile, and at run time they are dropped. */
export type LogFields = { readonly [K in keyof typeof forms]?: unknown }

type Form = (value: unknown) => unknown

/** What stands in the place of a value that is not of its field's form. */
export const HIDDEN = '[hidden]'

/** What is never told, whatever field it is in: more digits in a row than a code has, a key, a token, a cookie, a PEM. */
const never = /[0-9]{9}|trnt_|tsk_|eyJ|__Host|-----|Bearer/
const matching =
  (pattern: RegExp): Form =>
  (value) =>
    typeof value === 'string' && pattern.test(value) ? value : HIDDEN
const short =
  (pattern: RegExp): Form =>
  (value) =>
    typeof value === 'string' && pattern.test(value) && !never.test(value) ? value : HIDDEN

/** A number that counts or measures something; nothing as long as an account number. */
const number: Form = (value) => (typeof value === 'number' && Math.abs(value) < 1e9 ? value : HIDDEN)
/** One of a few words that the program itself has. */
const word = short(/^[A-Za-z0-9][\w.:+-]{0,79}$/)
/** Why something ended or was left: the sentences that the program has for it, and what `faultOf` says of an error. */
const sentences: ReadonlySet<unknown> = new Set([
  'closed by the other side',
  'no answer to the echo',
  'half a frame and silence',
  'a frame that the hub fails on',
  'logged off',
  'the lease went to another process',
  'the lease of the link is in doubt',
  'it was answered on the other wire',
  'its original is under way',
  'the original had another amount',
  'the original had another beneficiary',
  'too many requests at once',
  'a copy without proof of what came before',
  'another process has the link',
  'its check value is another',
  'it was a key of this link before',
])
const why: Form = (value) =>
  sentences.has(value) ||
  (typeof value === 'string' &&
    /^(unknown_reference|amount_mismatch|undecodable|unproved|PostgreSQL ended by itself \((code [0-9]{1,3}|SIG[A-Z]{1,8})\))$/.test(
      value,
    ))
    ? value
    : fault(value)
const fault = short(/^[A-Za-z]{0,40}Error( [A-Za-z0-9_-]{1,60})?( at [\w@./:+-]{1,200})?$/)
/** An id that the hub gave. */
const id = matching(/^((?!tsk)[a-z]{3}_[0-9a-z-]{1,40}|[0-9a-f-]{32,36})$/)
const place = short(/^(\/|\.|[A-Za-z]:)[\w@%.:/\\ -]{0,400}$/)
const list =
  (form: Form): Form =>
  (value) =>
    Array.isArray(value) ? value.slice(0, 100).map(form) : HIDDEN

/** Every field that may be logged, and the form of its values. */
const forms = {
  // what it is about
  payment: id,
  whose: word, // of our certificates: signing, tls, pinned
  rrn: matching(/^[0-9]{12}$/),
  requestId: short(/^(req_)?[0-9A-Za-z_-]{1,60}$/),
  tenant: number,
  actor: id,
  address: short(/^[0-9a-fA-F.:]{2,45}$/), // of a connection
  kid: number,
  link: word,
  institution: word, // the code of a bank of this hub
  cycle: short(/^20\d{2}-\d{2}-\d{2}\/(\d{1,2}|DC\d)$/),
  file: id, //           of a settlement cycle
  fileKind: word,
  dueAt: matching(/^20\d{2}-\d{2}-\d{2}T[\d:.]{8,12}Z$/),
  onFull: word, //      what becomes of payments when its net debit cap is used up
  checkValue: matching(/^[0-9A-F]{6}$/), // of a key: it tells keys apart and nothing about them
  api: word,
  msgId: matching(/^[0-9A-Za-z]{35}$/),
  epoch: number,
  method: word,
  route: short(/^\/[\w/:.*{}-]{0,199}$/),
  // what became of it
  state: word,
  fact: word,
  proof: word,
  from: word,
  to: word,
  posted: word,
  responseCode: word,
  reason: why,
  why,
  // what went wrong
  err: (value: unknown) => reduce(value),
  error: (value: unknown) => reduce(value),
  fault,
  code: (value: unknown) => (typeof value === 'number' || value === null ? number(value ?? 0) : word(value)),
  path: word,
  said: framesOf,
  // how much, how long
  percent: number,
  tries: number,
  answers: number, //   owed to NPCI
  warning: number, //   1: at 12:00. 2: at 16:00
  badFrames: number,
  badMacs: number,
  badDocuments: number,
  badSignatures: number,
  unsigned: number,
  unansweredInARow: number,
  missed: number,
  turnedAway: number,
  refused: number,
  exhausted: number,
  lapsed: number,
  offByMs: number,
  daysLeft: number,
  level: number,
  ms: number,
  keys: number,
  // the process
  applied: list(word),
  signal: word,
  folder: place,
  baseUrl: short(/^https?:\/\/[\w.:[\]-]{1,200}$/),
  pid: number,
  port: number,
  reattached: (value: unknown) => value === true,
} as const satisfies Record<string, Form>

const formOf: ReadonlyMap<string, Form> = new Map(Object.entries(forms))

/** What may be told of these fields: those of the list, and values of their form. */
export function allowed(fields: object): Readonly<Record<string, unknown>> {
  const told: Record<string, unknown> = {}
  for (const [key, value] of Object.entries(fields)) {
    const form = formOf.get(key)
    if (form !== undefined && value !== undefined) told[key] = form(value)
  }
  return told
}

/** The log over whatever writes lines: nothing reaches it but what the list has. */
export function createLog(
  write: (level: 'debug' | 'info' | 'warn' | 'error', fields: object, message: string) => void,
): Log {
  const at =
    (level: 'debug' | 'info' | 'warn' | 'error') =>
    (fields: object, message: string): void =>
      write(level, allowed(fields), message.length <= 200 && !/[0-9]{4}/.test(message) ? message : HIDDEN)
  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') }
}

/** For whoever is not interested. */
export const silentLog: Log = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
}

const plain = (value: unknown, pattern = /^[A-Za-z_][\w.-]{0,62}$/): string | undefined =>
  typeof value === 'string' && pattern.test(value) && !never.test(value) ? value : undefined

/** A line of a stack: the file from our own folders on, line and column; without the name of the function. */
const frame =
  /^ {1,8}at [^\n]*?((?:(?:src|packages|node_modules|test|bench)(?:\/[\w@.+-]{1,60}){1,10}|node:[\w/]{1,80}):[0-9]{1,6}:[0-9]{1,6})\)?$/gm

function framesOf(stack: unknown): string[] {
  const text = typeof stack === 'string' ? stack : ''
  return [...text.slice(0, 20_000).matchAll(frame)]
    .map((found) => found[1] ?? '')
    .filter((place) => !never.test(place))
    .slice(0, 12)
}

/** What may be told of an error: what it is, its code, where it came from, and what of the database it names; never its message. */
export function reduce(error: unknown, depth = 0): Readonly<Record<string, unknown>> {
  if (!(error instanceof Error)) return { name: typeof error }
  const of: Readonly<Record<string, unknown>> = Object.fromEntries(Object.entries(error))
  const { stack = '', message } = error
  const after = message === '' ? 0 : stack.indexOf(message)
  const told = {
    name: plain(error.name, /^[A-Za-z]{0,40}Error$/) ?? 'Error',
    code: plain(of.code, /^[\w-]{1,60}$/),
    path: plain(of.path),
    table: plain(of.table_name),
    column: plain(of.column_name),
    constraint: plain(of.constraint_name),
    syscall: plain(of.syscall),
    address: plain(of.address, /^[0-9a-fA-F.:]{2,45}$/),
    port: typeof of.port === 'number' ? of.port : undefined,
    // The message is the first part of the stack, and whoever wrote it could have made it look like the rest.
    at: after === -1 ? [] : framesOf(stack.slice(after + message.length)),
    cause: error.cause instanceof Error && depth < 3 ? reduce(error.cause, depth + 1) : undefined,
  }
  return Object.fromEntries(Object.entries(told).filter(([, value]) => value !== undefined))
}

/** An error in a few words, for a line that has no room for more: `PostgresError 23505`, `Error at src/rail/lease.ts:88`. */
export function faultOf(error: unknown): string {
  const { name, code, address, port, at } = reduce(error)
  const [first] = Array.isArray(at) ? at : []
  const where = address === undefined ? (code === undefined ? first : undefined) : `${address}:${port ?? ''}`
  return [name, code, where === undefined ? undefined : `at ${where}`].filter((part) => part !== undefined).join(' ')
}
