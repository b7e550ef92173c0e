import { readFileSync, statSync } from 'node:fs'
import { resolve } from 'node:path'
import { parseNetwork } from './base/address.ts'

/**
 * Every setting of the hub, once: name, unit, range, default, secret or not, and what it does. The environment is read here
 * and nowhere else, once, at the start; a name nobody knows or a value out of range stops the start with one line.
 * `npm run settings` and docs/reference/settings.md are printed from this table.
 */

/** A setting that cannot be used. Its message is one line, names the setting, and never shows a secret. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError'
}

type Setting<T> = {
  readonly name: string
  /** What values look like: a unit or a range, for people. */
  readonly range: string
  /** As it would be written in the environment; undefined: not set. */
  readonly default: string | undefined
  /** Never printed, never logged. */
  readonly secret: boolean
  /** Where it may be set: production has no test dials. */
  readonly only?: 'sandbox' | undefined
  readonly what: string
  /** The value, or undefined when the text is not in range. */
  readonly read: (text: string) => T | undefined
}

type Spec = { name: string; what: string; default?: string; secret?: boolean; only?: 'sandbox' }

const setting = <T>(spec: Spec, range: string, read: (text: string) => T | undefined): Setting<T> => ({
  name: spec.name,
  range,
  default: spec.default,
  secret: spec.secret ?? false,
  only: spec.only,
  what: spec.what,
  read,
})

/** A whole number; `unit` names what is counted. */
const whole = (spec: Spec, unit: string, least: number, most: number): Setting<number> =>
  setting(spec, `${least} to ${most}${unit === '' ? '' : ` ${unit}`}`, (text) => {
    const value = /^[0-9]{1,12}$/.test(text) ? Number(text) : Number.NaN
    return value >= least && value <= most ? value : undefined
  })

const decimal = (spec: Spec, least: number, most: number): Setting<number> =>
  setting(spec, `${least} to ${most}`, (text) => {
    const value = /^[0-9]{1,6}(\.[0-9]{1,6})?$/.test(text) ? Number(text) : Number.NaN
    return value >= least && value <= most ? value : undefined
  })

const choice = <const T extends string>(spec: Spec, ...values: readonly T[]): Setting<T> =>
  setting(spec, values.join(', '), (text) => values.find((value) => value === text))

const words = (spec: Spec, range: string, form: RegExp): Setting<string> =>
  setting(spec, range, (text) => (form.test(text) ? text : undefined))

const NETWORKS = 'networks with commas between, such as 10.20.0.0/16'
const MAX_NETWORKS = 50

function readNetworks(text: string): readonly string[] | undefined {
  const parts = text === '' ? [] : text.split(',')
  const networks = parts.flatMap((part) => parseNetwork(part.trim()) ?? [])
  return networks.length === parts.length && parts.length <= MAX_NETWORKS ? networks : undefined
}

export const settings = {
  mode: choice(
    {
      name: 'TURANT_MODE',
      default: 'sandbox',
      what: 'The sandbox brings its own switch, demo accounts and key. Production needs TURANT_PROFILE, TURANT_API_KEY and DATABASE_URL.',
    },
    'sandbox',
    'production',
  ),
  host: words(
    { name: 'TURANT_HOST', default: '127.0.0.1', what: 'The address the hub listens on.' },
    'a host name or address',
    /^[A-Za-z0-9._:-]{1,255}$/,
  ),
  port: whole(
    {
      name: 'TURANT_PORT',
      default: '8080',
      what: 'The HTTP port; 0 takes a free one. When it is not set and 8080 is taken, the next free port is used; when it is set and taken, the hub does not start.',
    },
    '',
    0,
    65_535,
  ),
  dataDir: words(
    {
      name: 'TURANT_DATA_DIR',
      default: '.turant',
      what: 'The folder of the database that the hub brings, its password, and sandbox.json. One hub per folder.',
    },
    'a path of 1 to 1000 characters',
    /^[^\0]{1,1000}$/,
  ),
  baseUrl: words(
    {
      name: 'TURANT_BASE_URL',
      what: 'What the hub is called from outside, behind whatever stands before it. Signatures of requests are for this name. Not set: http://127.0.0.1 and http://localhost with its port.',
    },
    'https://host or http://host:port',
    /^https?:\/\/[a-z0-9.-]{1,253}(:[0-9]{1,5})?$/,
  ),
  outboundNetworks: setting(
    {
      name: 'TURANT_OUTBOUND_NETWORKS',
      default: '',
      what: 'Networks that are not public and may be called all the same: gateways inside the bank. Everything else that is private, local or reserved is never called.',
    },
    NETWORKS,
    readNetworks,
  ),
  outboundPorts: setting(
    {
      name: 'TURANT_OUTBOUND_PORTS',
      default: '443',
      what: 'The ports that gateways and webhooks may be on; always with TLS.',
    },
    'ports with commas between',
    (text) => {
      const ports = text.split(',').map((part) => (/^[0-9]{1,5}$/.test(part.trim()) ? Number(part) : 0))
      return ports.length <= 20 && ports.every((port) => port >= 1 && port <= 65_535) ? ports : undefined
    },
  ),
  webhookNetworks: setting(
    {
      name: 'TURANT_WEBHOOK_NETWORKS',
      default: '',
      what: 'Networks that are not public and that webhooks may be sent to all the same. Whoever may make an endpoint chooses its address: name no network here whose servers believe everything inside it.',
    },
    NETWORKS,
    readNetworks,
  ),
  webhookTimeoutMs: whole(
    {
      name: 'TURANT_WEBHOOK_TIMEOUT_MS',
      default: '15000',
      what: 'How long a receiver of a webhook has to answer. Then it has not, and is told again.',
    },
    'ms',
    100,
    30_000,
  ),
  webhookStepBack: whole(
    {
      name: 'TURANT_WEBHOOK_STEP_BACK',
      default: '2000',
      what: 'From so many steps of payments a second in one process, or when payments wait for one another, webhooks step back: three events are told for a hundred steps, and the rest when there is less to do. Where other processes of the hub have room, they tell them.',
    },
    'steps a second',
    1,
    1_000_000,
  ),
  natsUrl: words(
    {
      name: 'TURANT_NATS_URL',
      what: 'A NATS server with JetStream, to which every event of every tenant is published (docs/guides/webhooks.md). Not set: none is.',
    },
    'nats://host:port or tls://host:port',
    /^(nats|tls):\/\/[a-z0-9.-]{1,253}:[0-9]{1,5}$/,
  ),
  natsPrefix: words(
    {
      name: 'TURANT_NATS_PREFIX',
      default: 'turant.events',
      what: 'What the subjects of events begin with; the type and the id of the payment follow.',
    },
    'letters, digits and dots',
    /^[A-Za-z0-9]+(\.[A-Za-z0-9]+){0,9}$/,
  ),
  natsCredentials: words(
    { name: 'TURANT_NATS_CREDENTIALS', what: 'The file with the credentials for TURANT_NATS_URL, as nsc writes it.' },
    'a path of 1 to 1000 characters',
    /^[^\0]{1,1000}$/,
  ),
  kafkaBrokers: setting(
    {
      name: 'TURANT_KAFKA_BROKERS',
      what: 'Brokers of Kafka, to one topic of which every event of every tenant is published (docs/guides/webhooks.md). Not set: none is.',
    },
    'host:port with commas between',
    (text) => {
      const brokers = text.split(',').map((part) => part.trim())
      return brokers.length <= 20 && brokers.every((one) => /^[a-z0-9.-]{1,253}:[0-9]{1,5}$/.test(one))
        ? brokers
        : undefined
    },
  ),
  kafkaTopic: words(
    { name: 'TURANT_KAFKA_TOPIC', default: 'turant.events', what: 'The topic of TURANT_KAFKA_BROKERS.' },
    '1 to 200 letters, digits, dots, dashes and underscores',
    /^[A-Za-z0-9._-]{1,200}$/,
  ),
  kafkaTls: choice(
    { name: 'TURANT_KAFKA_TLS', default: 'on', what: 'Whether the brokers are spoken to by TLS.' },
    'on',
    'off',
  ),
  kafkaUser: words(
    { name: 'TURANT_KAFKA_USER', what: 'Who the hub is at the brokers (SASL SCRAM-SHA-512). Not set: nobody.' },
    '1 to 100 visible ASCII characters',
    /^[!-~]{1,100}$/,
  ),
  kafkaPassword: words(
    { name: 'TURANT_KAFKA_PASSWORD', secret: true, what: 'The password of TURANT_KAFKA_USER.' },
    '1 to 500 visible ASCII characters',
    /^[!-~]{1,500}$/,
  ),
  tlsCert: words(
    {
      name: 'TURANT_TLS_CERT',
      what: "The certificate of the hub's own port, PEM with those that vouch for it behind it: with it the port speaks HTTPS and nothing else. Read again on SIGHUP.",
    },
    'a path of 1 to 1000 characters',
    /^[^\0]{1,1000}$/,
  ),
  tlsKey: words(
    {
      name: 'TURANT_TLS_KEY',
      what: 'The private key of TURANT_TLS_CERT, PEM without a password. Read again on SIGHUP.',
    },
    'a path of 1 to 1000 characters',
    /^[^\0]{1,1000}$/,
  ),
  tlsClientCa: words(
    {
      name: 'TURANT_TLS_CLIENT_CA',
      what: 'Who vouches for certificates of clients, PEM: with it they are asked for, and tokens can be bound to them. Nobody needs one. Read again on SIGHUP.',
    },
    'a path of 1 to 1000 characters',
    /^[^\0]{1,1000}$/,
  ),
  trustedProxies: setting(
    {
      name: 'TURANT_TRUSTED_PROXIES',
      default: '',
      what: 'Networks of the proxies in front of the hub: from them, and from nobody else, X-Forwarded-For is believed. Limits and networks of keys are about the address that is found there.',
    },
    NETWORKS,
    readNetworks,
  ),
  dpopNonce: choice(
    {
      name: 'TURANT_DPOP_NONCE',
      default: 'required',
      what: 'Whether a DPoP proof must repeat a nonce that the hub gave out within ten minutes, so that none can be made ahead.',
    },
    'required',
    'optional',
  ),
  databaseUrl: words(
    {
      name: 'DATABASE_URL',
      secret: true,
      what: 'A PostgreSQL 15 or later; `?host=/folder` goes to its socket file on this machine. Not set: the hub starts the PostgreSQL that came with it, in the data folder.',
    },
    'postgres://user:password@host:port/database',
    /^postgres(ql)?:\/\/[^\s]{1,1000}$/,
  ),
  ownerUrl: words(
    {
      name: 'TURANT_OWNER_URL',
      secret: true,
      what: 'The same database as the role that owns the tables: for migrations and nothing else. Not set: DATABASE_URL. With it DATABASE_URL can be a role that owns nothing (docs/operating/running.md).',
    },
    'postgres://user:password@host:port/database',
    /^postgres(ql)?:\/\/[^\s]{1,1000}$/,
  ),
  databaseConnections: whole(
    {
      name: 'TURANT_DATABASE_CONNECTIONS',
      default: '24',
      what: 'Connections to PostgreSQL: two thirds for the doors that move money, one third for reading.',
    },
    'connections',
    6,
    500,
  ),
  rail: choice(
    {
      name: 'TURANT_RAIL',
      default: 'iso8583',
      what: "The wire that carries payments where no institution's own is named in the profile: ISO 8583 or NPCI's XML. Payments under way are asked about on the wire that carried them.",
    },
    'iso8583',
    'xml',
  ),
  keys: words(
    {
      name: 'TURANT_KEYS',
      what: 'The folder with the keys and certificates of the XML wire (docs/operating/keys.md). Not set in the sandbox: made in the data folder at the first start. Read again on SIGHUP.',
    },
    'a path of 1 to 1000 characters',
    /^[^\0]{1,1000}$/,
  ),
  keyFile: words(
    {
      name: 'TURANT_KEY_FILE',
      what: 'The file of the key-encryption keys: without it nothing personal in the database can be read. All processes of one hub share it; keep a copy elsewhere. Not set: kek.json in the data folder, made at the first start.',
    },
    'a path of 1 to 1000 characters',
    /^[^\0]{1,1000}$/,
  ),
  keyPassphrase: words(
    {
      name: 'TURANT_KEY_PASSPHRASE',
      secret: true,
      what: 'What the key file is sealed under. Not set: nothing, and the file says so. Needed in production.',
    },
    '12 to 1000 characters',
    /^[^\0]{12,1000}$/,
  ),
  keyStore: choice(
    {
      name: 'TURANT_KEY_STORE',
      default: 'file',
      what: 'Where the key-encryption keys are: in TURANT_KEY_FILE, or in a hardware security module that speaks PKCS#11 (docs/operating/secrecy.md).',
    },
    'file',
    'pkcs11',
  ),
  pkcs11Module: words(
    {
      name: 'TURANT_PKCS11_MODULE',
      what: "The library of the hardware module's maker, such as /usr/lib/softhsm/libsofthsm2.so. Needed when TURANT_KEY_STORE is pkcs11, as are the next two.",
    },
    'a path of 1 to 1000 characters',
    /^[^\0]{1,1000}$/,
  ),
  pkcs11Token: words(
    { name: 'TURANT_PKCS11_TOKEN', what: 'The label of the token in it.' },
    '1 to 32 characters',
    /^[ -~]{1,32}$/,
  ),
  pkcs11PinFile: words(
    {
      name: 'TURANT_PKCS11_PIN_FILE',
      what: 'A file that holds the PIN of the token and nothing else, which not everybody can read. A PIN that is refused is not tried again until this file changes.',
    },
    'a path of 1 to 1000 characters',
    /^[^\0]{1,1000}$/,
  ),
  profile: words(
    {
      name: 'TURANT_PROFILE',
      what: 'The wire profile, a JSON file: links, formats, timers, institutions, response codes. Not set: the profile of the sandbox, with the switch that it starts; when it is set, the links are the ones it names.',
    },
    'a path of 1 to 1000 characters',
    /^[^\0]{1,1000}$/,
  ),
  apiKey: words(
    {
      name: 'TURANT_API_KEY',
      secret: true,
      what: 'The key that callers send as "Authorization: Bearer …". Not set in the sandbox: one is made and kept in the data folder.',
    },
    '32 to 200 visible ASCII characters',
    /^[!-~]{32,200}$/,
  ),
  timerScale: decimal(
    {
      name: 'TURANT_TIMER_SCALE',
      default: '1',
      only: 'sandbox',
      what: 'What every protocol time is multiplied by: 0.05 makes all of them 20 times shorter.',
    },
    0.001,
    3,
  ),
  simulatorPort: whole(
    {
      name: 'TURANT_SIMULATOR_PORT',
      default: '8090',
      only: 'sandbox',
      what: 'The control port of the simulated switch; 0 takes a free one. Not set and taken: the next free one is used.',
    },
    '',
    0,
    65_535,
  ),
  simulator: choice(
    {
      name: 'TURANT_SIMULATOR',
      default: 'own',
      only: 'sandbox',
      what: 'own: the sandbox starts a simulated switch and connects to it. external: one runs already (npm run simulate); the links are those of the profile, and TURANT_SIMULATOR_PORT is its control port.',
    },
    'own',
    'external',
  ),
  sandboxLinks: choice(
    {
      name: 'TURANT_SANDBOX_LINKS',
      default: 'plain',
      only: 'sandbox',
      what: 'How the sandbox talks to its own switch on ISO 8583. secure: mutual TLS, and MACs with keys that the switch hands out, as on a real link; the keys are made in the data folder.',
    },
    'plain',
    'secure',
  ),
  logLevel: choice(
    { name: 'TURANT_LOG_LEVEL', default: 'info', what: 'The least that is logged.' },
    'debug',
    'info',
    'warn',
    'error',
    'silent',
  ),
  batchSize: whole(
    { name: 'TURANT_BATCH_SIZE', default: '256', what: 'Payments that share one commit at most.' },
    'payments',
    1,
    1_024,
  ),
  batchPartitions: whole(
    {
      name: 'TURANT_BATCH_PARTITIONS',
      default: '1',
      what: 'Batches of one door that run at the same time. More than one pays only where PostgreSQL has cores of its own: fewer calls share a commit.',
    },
    'batches',
    1,
    8,
  ),
  batchGatherMs: whole(
    {
      name: 'TURANT_BATCH_GATHER_MS',
      default: '5',
      what: 'How long a batch of a door that comes behind one of eight calls or more waits for others to share its commit. A call that comes alone never waits. 0: none does.',
    },
    'milliseconds',
    0,
    100,
  ),
  maxWaiting: whole(
    {
      name: 'TURANT_MAX_WAITING',
      default: '10000',
      what: 'Calls that wait at one door; more are refused as too_busy.',
    },
    'calls',
    16,
    1_000_000,
  ),
  maxHeld: whole(
    {
      name: 'TURANT_MAX_HELD',
      default: '10000',
      what: 'Payments that may wait for a link; more are refused as too_busy.',
    },
    'payments',
    0,
    10_000_000,
  ),
  maxInFlight: whole(
    {
      name: 'TURANT_MAX_IN_FLIGHT',
      default: '20000',
      what: 'Originals that one link may have under way without an answer; more stay held.',
    },
    'payments',
    1,
    100_000,
  ),
  ratePerKey: whole(
    {
      name: 'TURANT_RATE_PER_KEY',
      what: 'Requests that one key or person may make, in the long run; twice as many at once after a silence. More are answered 429. 0: no limit. Not set: 1000, and in the sandbox 100000.',
    },
    'requests a second',
    0,
    1_000_000,
  ),
  ratePerTenant: whole(
    {
      name: 'TURANT_RATE_PER_TENANT',
      what: 'Requests that all keys and people of a tenant together may make, in the long run; twice as many at once after a silence. More are answered 429. 0: no limit. Not set: 2000, and in the sandbox 100000.',
    },
    'requests a second',
    0,
    1_000_000,
  ),
  ratePerAddress: whole(
    {
      name: 'TURANT_RATE_PER_ADDRESS',
      what: 'Requests that one address, or one IPv6 /64, may make, in the long run; twice as many at once after a silence. More are answered 429. 0: no limit. Not set: 2000, and in the sandbox 100000.',
    },
    'requests a second',
    0,
    1_000_000,
  ),
  keyAtOnce: whole(
    {
      name: 'TURANT_AT_ONCE_PER_KEY',
      default: '2000',
      what: 'Requests of one key or person that may be under way, those that wait for a final state among them. 0: no limit.',
    },
    'requests',
    0,
    1_000_000,
  ),
  tenantAtOnce: whole(
    {
      name: 'TURANT_AT_ONCE_PER_TENANT',
      default: '5000',
      what: 'Requests of one tenant that may be under way. 0: no limit.',
    },
    'requests',
    0,
    1_000_000,
  ),
  atOnce: whole(
    {
      name: 'TURANT_AT_ONCE',
      default: '10000',
      what: 'Requests of all that may be under way in this process. A fifth of it is for payments: when four fifths are taken, reads and lists are answered 503 first.',
    },
    'requests',
    10,
    1_000_000,
  ),
  failuresPerMinute: whole(
    {
      name: 'TURANT_FAILURES_PER_MINUTE',
      default: '60',
      what: 'Wrong keys from one address, or one IPv6 /64, before unknown keys from there are not looked at for a while. 0: no limit.',
    },
    'a minute',
    0,
    1_000_000,
  ),
  connections: whole(
    {
      name: 'TURANT_CONNECTIONS',
      default: '20000',
      what: 'HTTP connections that may be open; more are closed at once.',
    },
    'connections',
    16,
    1_000_000,
  ),
  streamsPerTenant: whole(
    {
      name: 'TURANT_STREAMS_PER_TENANT',
      default: '200',
      what: 'Streams of events that one tenant may have open; there are 1000 in all.',
    },
    'streams',
    1,
    1_000,
  ),
  nameMatchMin: whole(
    {
      name: 'TURANT_NAME_MATCH_MIN',
      default: '80',
      what: 'How alike the given and the registered name must be for a payment with verifyName, of 100.',
    },
    'points',
    1,
    100,
  ),
  nameMismatch: choice(
    {
      name: 'TURANT_NAME_MISMATCH',
      default: 'refuse',
      what: 'What becomes of a payment with verifyName to another name. refuse: it is not taken. approve: it waits, with the money held, until somebody approves it.',
    },
    'refuse',
    'approve',
  ),
  nameMask: choice(
    {
      name: 'TURANT_NAME_MASK',
      default: 'partial',
      what: 'How a registered name is stored and shown before a payment. partial: first and last letter of each word. none: as the beneficiary bank told it.',
    },
    'partial',
    'none',
  ),
  approvalHours: whole(
    {
      name: 'TURANT_APPROVAL_HOURS',
      default: '24',
      what: 'How long a payment may wait for approval; then the money goes back.',
    },
    'hours',
    1,
    720,
  ),
  customerOrigin: words(
    {
      name: 'TURANT_CUSTOMER_ORIGIN',
      what: 'The origin of the pages where customers type codes and use passkeys. Messages then end with the line by which a browser fills the code in there and nowhere else. Not set: TURANT_BASE_URL, for passkeys.',
    },
    'https://host or http://host:port',
    /^https?:\/\/[a-z0-9.-]{1,253}(:[0-9]{1,5})?$/,
  ),
  smsUrl: words(
    {
      name: 'TURANT_SMS_URL',
      what: 'The gateway that takes messages to customers (docs/guides/two-factors.md). Not set: a sandbox keeps them for GET /sandbox/messages; production sends none.',
    },
    'https://host/path',
    /^https?:\/\/[!-~]{1,1000}$/,
  ),
  smsTokenFile: words(
    { name: 'TURANT_SMS_TOKEN_FILE', what: 'The file with the token that the gateway knows the hub by.' },
    'a path of 1 to 1000 characters',
    /^[^\0]{1,1000}$/,
  ),
  smsSender: words(
    { name: 'TURANT_SMS_SENDER', what: 'The header of messages, as it is registered on DLT.' },
    '3 to 11 letters and digits',
    /^[A-Za-z0-9]{3,11}$/,
  ),
  smsEntityId: words(
    { name: 'TURANT_SMS_ENTITY_ID', what: 'The DLT id of the entity that sends messages.' },
    '1 to 30 digits',
    /^[0-9]{1,30}$/,
  ),
  smsTemplates: setting(
    {
      name: 'TURANT_SMS_TEMPLATES',
      what: 'The DLT ids of the templates: payment_code:en=1107…,enrolment_code:en=1107…,sign_in_code:en=1107…, and the same with :hi. A message without one is not sent.',
    },
    'kind:language=digits with commas between',
    (text) => {
      const found = text
        .split(',')
        .map((part) => /^\s*((?:payment|enrolment)_code:(?:en|hi))=([0-9]{1,30})\s*$/.exec(part))
      const ids = found.flatMap((one) => (one === null ? [] : [[one[1] ?? '', one[2] ?? ''] as const]))
      return ids.length === found.length ? Object.fromEntries(ids) : undefined
    },
  ),
  messagesPerDay: whole(
    {
      name: 'TURANT_MESSAGES_PER_DAY',
      default: '20000',
      what: 'Messages to the customers of one tenant in a day, UTC; a twentieth of it in ten minutes. By number (for factors 5 in ten minutes and 20 in a day, to sign in 5 and 15) and range of numbers (60 in ten minutes) the limits are fixed.',
    },
    'messages',
    1,
    100_000_000,
  ),
  messagesBudget: whole(
    {
      name: 'TURANT_MESSAGES_BUDGET',
      default: '100000',
      what: 'Messages of all tenants in a day, UTC: then no more are sent until the day is over.',
    },
    'messages',
    1,
    1_000_000_000,
  ),
  verificationsPerSecond: whole(
    {
      name: 'TURANT_VERIFICATIONS_PER_SECOND',
      default: '50',
      what: 'Verification requests that leave in one second, over all links.',
    },
    'requests',
    1,
    10_000,
  ),
  drainMs: whole(
    {
      name: 'TURANT_DRAIN_MS',
      default: '5000',
      what: 'How long a stop waits for payments under way; what is left is asked about after the restart.',
    },
    'milliseconds',
    0,
    300_000,
  ),
  risk: choice(
    {
      name: 'TURANT_RISK',
      default: 'rules',
      what: 'Who judges payments before they are taken. rules: the rules of each tenant (/v1/risk/rules), which has none at first. http: an engine elsewhere too (TURANT_RISK_URL), and the strictest holds. off: nobody.',
    },
    'off',
    'rules',
    'http',
  ),
  disputeMs: whole(
    {
      name: 'TURANT_DISPUTE_MS',
      default: '60000',
      what: 'How often the clocks of disputes are looked at.',
    },
    'milliseconds',
    1_000,
    3_600_000,
  ),
  positionMs: whole(
    {
      name: 'TURANT_POSITION_MS',
      default: '1000',
      what: 'How often the use of the net debit cap is counted.',
    },
    'milliseconds',
    100,
    60_000,
  ),
  todayMs: whole(
    {
      name: 'TURANT_TODAY_MS',
      default: '2000',
      what: 'How often what was paid today is counted, for the overview.',
    },
    'milliseconds',
    500,
    60_000,
  ),
  inboxDir: words(
    {
      name: 'TURANT_INBOX_DIR',
      what: 'The folder that settlement files are put into, by NPCI, a bank or whoever fetches them. Not set: inbox in the data folder.',
    },
    'a path of 1 to 1000 characters',
    /^[^\0]{1,1000}$/,
  ),
  inboxMs: whole(
    {
      name: 'TURANT_INBOX_MS',
      default: '2000',
      what: 'How often the inbox is looked at. A file is taken when it has not changed from one look to the next.',
    },
    'milliseconds',
    100,
    600_000,
  ),
  outboxDir: words(
    {
      name: 'TURANT_OUTBOX_DIR',
      what: 'The folder that files for NPCI are put into when people have let them go; encrypted where the folder of OpenPGP keys has NPCI’s. Not set: outbox in the data folder. A sandbox hands them to its simulated switch instead.',
    },
    'a path of 1 to 1000 characters',
    /^[^\0]{1,1000}$/,
  ),
  filesDir: words(
    {
      name: 'TURANT_FILES_DIR',
      what: 'The folder where the hub keeps the settlement files it took, encrypted. All processes of one hub share it. Not set: files in the data folder.',
    },
    'a path of 1 to 1000 characters',
    /^[^\0]{1,1000}$/,
  ),
  layouts: words(
    {
      name: 'TURANT_LAYOUTS',
      what: "Layouts of settlement files and bank statements of the bank's own, a JSON file (docs/guides/settlement-files.md); read at the start. Not set: what ships.",
    },
    'a path of 1 to 1000 characters',
    /^[^\0]{1,1000}$/,
  ),
  coreDir: words(
    {
      name: 'TURANT_CORE_DIR',
      what: "The folder that a core banking system puts its rows of each cycle into, as BANK-2026-11-27-5.csv (docs/operating/reconciliation.md). Not set: the core is the hub's own ledger.",
    },
    'a path of 1 to 1000 characters',
    /^[^\0]{1,1000}$/,
  ),
  settleMs: whole(
    {
      name: 'TURANT_SETTLE_MS',
      default: '5000',
      what: 'How often cycles whose files are here are looked for, to be matched and booked, and disputes and compensation are looked after.',
    },
    'milliseconds',
    100,
    3_600_000,
  ),
  matchThreads: whole(
    { name: 'TURANT_MATCH_THREADS', default: '2', what: 'Threads that a run of the reconciliation may use.' },
    'threads',
    1,
    64,
  ),
  matchMemoryMb: whole(
    {
      name: 'TURANT_MATCH_MEMORY',
      default: '2048',
      what: 'Memory that a run of the reconciliation may use before it spills to disk.',
    },
    'megabytes',
    128,
    1_000_000,
  ),
  feeTolerancePaise: whole(
    {
      name: 'TURANT_FEE_TOLERANCE',
      default: '100',
      what: 'A fee or tax of a settlement statement that differs from the hub’s own computation by no more is booked as NPCI has it; a greater difference stands in suspense beside a break.',
    },
    'paise',
    0,
    10_000_000,
  ),
  pgpDir: words(
    {
      name: 'TURANT_PGP_DIR',
      what: "The folder of OpenPGP keys, armored: own*.asc the hub's, from/*.asc NPCI's. Not set: encrypted settlement files are refused; the sandbox makes keys of its own.",
    },
    'a path of 1 to 1000 characters',
    /^[^\0]{1,1000}$/,
  ),
  pgpPassphrase: words(
    { name: 'TURANT_PGP_PASSPHRASE', secret: true, what: "What the hub's OpenPGP keys are locked with." },
    '1 to 200 characters',
    /^[^\0\r\n]{1,200}$/,
  ),
  riskBudgetMs: whole(
    { name: 'TURANT_RISK_BUDGET_MS', default: '50', what: 'How long a payment waits to be judged.' },
    'milliseconds',
    1,
    5_000,
  ),
  riskOnFailure: choice(
    {
      name: 'TURANT_RISK_ON_FAILURE',
      default: 'allow',
      what: 'What a payment gets that could not be judged in time. allow: it goes on, and limits hold all the same. review: it waits for people. refuse: risk_unavailable.',
    },
    'allow',
    'review',
    'refuse',
  ),
  tracesUrl: words(
    {
      name: 'TURANT_TRACES_URL',
      what: 'Who takes traces over OTLP/HTTP, such as a collector on this machine; not set: nothing is traced (docs/operating/watching.md).',
    },
    'http(s)://host/path',
    /^https?:\/\/[!-~]{1,500}$/,
  ),
  tracesRatio: decimal({ name: 'TURANT_TRACES_RATIO', default: '1', what: 'How many of the traces are kept.' }, 0, 1),
  riskUrl: words(
    { name: 'TURANT_RISK_URL', what: 'Where TURANT_RISK=http asks, by POST (docs/guides/risk.md).' },
    'https://host/path',
    /^https:\/\/[!-~]{1,500}$/,
  ),
  riskKey: words(
    { name: 'TURANT_RISK_KEY', secret: true, what: 'What the engine of TURANT_RISK_URL is sent as a bearer token.' },
    '16 to 500 visible ASCII characters',
    /^[!-~]{16,500}$/,
  ),
  crashAt: setting(
    {
      name: 'TURANT_CRASH_AT',
      only: 'sandbox',
      what: 'For crash tests: the process kills itself when it passes the named point for the n-th time.',
    },
    'point:n',
    (text) => {
      const found = /^([a-z][a-z:-]{0,60}):([1-9][0-9]{0,8})$/.exec(text)
      return found === null ? undefined : { point: found[1] ?? '', nth: Number(found[2]) }
    },
  ),
} as const satisfies Record<string, Setting<unknown>>

type Settings = typeof settings
type ValueOf<S> = S extends Setting<infer T> ? T : never
type Optional =
  | 'baseUrl'
  | 'natsUrl'
  | 'natsCredentials'
  | 'kafkaBrokers'
  | 'kafkaUser'
  | 'kafkaPassword'
  | 'tlsCert'
  | 'tlsKey'
  | 'tlsClientCa'
  | 'databaseUrl'
  | 'ownerUrl'
  | 'keyFile'
  | 'keyPassphrase'
  | 'pkcs11Module'
  | 'pkcs11Token'
  | 'pkcs11PinFile'
  | 'keys'
  | 'profile'
  | 'apiKey'
  | 'tracesUrl'
  | 'riskUrl'
  | 'riskKey'
  | 'crashAt'
  | 'customerOrigin'
  | 'smsUrl'
  | 'inboxDir'
  | 'coreDir'
  | 'outboxDir'
  | 'filesDir'
  | 'pgpDir'
  | 'pgpPassphrase'
  | 'smsTokenFile'
  | 'smsSender'
  | 'smsEntityId'
  | 'smsTemplates'
  | 'ratePerKey'
  | 'ratePerTenant'
  | 'ratePerAddress'

/** The settings as values, read once and frozen. */
export type Config = Readonly<
  { [K in Exclude<keyof Settings, Optional>]: ValueOf<Settings[K]> } & {
    [K in Optional]: ValueOf<Settings[K]> | undefined
  } & {
    /** What was set, rather than left at its default. */
    given: ReadonlySet<keyof Settings>
  }
>

export type Environment = Readonly<Record<string, string | undefined>>

/** Where a secret may be read from instead: what is in the environment is shown to every program that may look at this one. */
const fileOf = (one: Setting<unknown>): string => `${one.name}_FILE`

/**
 * @param env  a secret may also be in a file that `<name>_FILE` names, as a vault's agent or an orchestrator writes it
 * @throws {ConfigError} naming the first setting that is unknown, out of range, missing, or not for this mode
 */
export function readConfig(env: Environment): Config {
  const all = Object.values<Setting<unknown>>(settings)
  const known = new Set<string>(all.flatMap((one) => (one.secret ? [one.name, fileOf(one)] : [one.name])))
  for (const name of Object.keys(env)) {
    if (name.startsWith('TURANT_') && !known.has(name)) {
      throw new ConfigError(`${name} is not a setting${similar(name, known)}; npm run settings lists them`)
    }
  }
  const given = new Set<keyof Settings>()
  const values: Record<string, unknown> = {}
  for (const key of keysOf(settings)) {
    const one: Setting<unknown> = settings[key]
    const text = one.secret ? readSecret(one, env) : env[one.name]
    // An empty DATABASE_URL is how many tools write "none"; anything else empty is a mistake.
    if (text !== undefined && !(text === '' && key === 'databaseUrl')) given.add(key)
    const source = given.has(key) ? text : one.default
    if (source === undefined) continue
    const value = one.read(source)
    if (value === undefined) throw new ConfigError(outOfRange(one, source))
    values[key] = value
  }
  const config = Object.freeze({ ...values, given }) as unknown as Config
  checkMode(config)
  return config
}

/** @throws {ConfigError} when it is set twice, or its file cannot be read, or can be by everybody */
function readSecret(one: Setting<unknown>, env: Environment): string | undefined {
  const path = env[fileOf(one)]
  if (path === undefined) return env[one.name]
  if (env[one.name] !== undefined) throw new ConfigError(`${one.name} and ${fileOf(one)} are both set: one is enough`)
  try {
    if ((statSync(path).mode & 0o007) !== 0)
      throw new ConfigError(`${fileOf(one)}: everybody may read ${resolve(path)}`)
    return readFileSync(path, 'utf8').replace(/\r?\n$/, '')
  } catch (error) {
    if (error instanceof ConfigError) throw error
    const why = error instanceof Error && 'code' in error ? String(error.code) : 'unreadable'
    throw new ConfigError(`${fileOf(one)}: ${resolve(path)} cannot be read (${why})`)
  }
}

/** True when what goes there stays on this machine, or is encrypted to whoever proves to be the database. */
function isPrivate(databaseUrl: string): boolean {
  const { hostname, searchParams } = new URL(databaseUrl)
  return /^(localhost|127(\.[0-9]+){3}|\[::1\]|)$/.test(hostname) || searchParams.get('sslmode') === 'verify-full'
}

function checkMode(config: Config): void {
  for (const key of keysOf(settings)) {
    const one: Setting<unknown> = settings[key]
    if (config.mode !== 'sandbox' && one.only === 'sandbox' && config.given.has(key)) {
      throw new ConfigError(`${one.name} is for the sandbox only, and TURANT_MODE is ${config.mode}`)
    }
  }
  if ((config.tlsCert === undefined) !== (config.tlsKey === undefined))
    throw new ConfigError('TURANT_TLS_CERT and TURANT_TLS_KEY must be set together')
  if (config.tlsClientCa !== undefined && config.tlsCert === undefined)
    throw new ConfigError('TURANT_TLS_CLIENT_CA needs TURANT_TLS_CERT')
  if (config.tlsCert !== undefined && config.baseUrl?.startsWith('http:') === true)
    throw new ConfigError('TURANT_BASE_URL must begin with https:// when TURANT_TLS_CERT is set')
  if ((config.kafkaUser === undefined) !== (config.kafkaPassword === undefined))
    throw new ConfigError('TURANT_KAFKA_USER and TURANT_KAFKA_PASSWORD go together')
  if (config.risk === 'http' && config.riskUrl === undefined)
    throw new ConfigError('TURANT_RISK_URL must be set when TURANT_RISK is http')
  if (config.keyStore === 'pkcs11')
    for (const key of ['pkcs11Module', 'pkcs11Token', 'pkcs11PinFile'] as const) {
      if (config[key] === undefined)
        throw new ConfigError(`${settings[key].name} must be set when TURANT_KEY_STORE is pkcs11`)
    }
  if (config.mode !== 'production') return
  for (const key of ['profile', 'apiKey', 'databaseUrl', 'keyPassphrase'] as const) {
    if (config[key] === undefined && !(key === 'keyPassphrase' && config.keyStore !== 'file'))
      throw new ConfigError(`${settings[key].name} must be set when TURANT_MODE is production`)
  }
  for (const key of ['databaseUrl', 'ownerUrl'] as const) {
    const url = config[key]
    if (url !== undefined && !isPrivate(url))
      throw new ConfigError(`${settings[key].name} must have sslmode=verify-full when its host is not this machine`)
  }
  if (config.tlsCert === undefined && config.baseUrl?.startsWith('https:') !== true)
    throw new ConfigError(
      'TURANT_TLS_CERT must be set when TURANT_MODE is production, or TURANT_BASE_URL to the https:// address of what speaks TLS in front',
    )
}

const keysOf = (table: Settings): (keyof Settings)[] => Object.keys(table) as (keyof Settings)[]

function outOfRange(one: Setting<unknown>, text: string): string {
  return one.secret
    ? `${one.name} must be ${one.range}`
    : `${one.name} must be ${one.range}, not ${JSON.stringify(text.slice(0, 80))}`
}

/** The known name that was most likely meant, if one is near. */
function similar(name: string, known: ReadonlySet<string>): string {
  const near = [...known].find((one) => one.startsWith(name) || name.startsWith(one) || distance(one, name) <= 2)
  return near === undefined ? '' : ` (did you mean ${near}?)`
}

/** Levenshtein: how many letters must change to make one word the other. */
function distance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, i) => i)
  for (let i = 1; i <= a.length; i += 1) {
    const row = [i]
    for (let j = 1; j <= b.length; j += 1) {
      const change = (previous[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1)
      row.push(Math.min(change, (previous[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1))
    }
    previous = row
  }
  return previous[b.length] ?? 0
}

/** The settings of this process. */
export const readEnvironment = (): Config => readConfig(process.env)

/** The text of the wire profile the settings name; undefined for the sandbox's own. */
export const readProfileText = ({ profile }: Config): string | undefined => readText('TURANT_PROFILE', profile)

/** The text of the bank's own layouts; undefined when no file is named. */
export const readLayoutsText = ({ layouts }: Config): string | undefined => readText('TURANT_LAYOUTS', layouts)

/** The text of a file that a setting names. A file that cannot be read stops the start. */
function readText(setting: string, path: string | undefined): string | undefined {
  if (path === undefined) return undefined
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    const why = error instanceof Error && 'code' in error ? String(error.code) : 'unreadable'
    throw new ConfigError(`${setting}: ${resolve(path)} cannot be read (${why})`)
  }
}

/** The token of the message gateway; undefined when no file is named. A file that cannot be read stops the start. */
export function readSmsToken(config: Config): string | undefined {
  if (config.smsTokenFile === undefined) return undefined
  try {
    const token = readFileSync(config.smsTokenFile, 'utf8').trim()
    if (/^[!-~]{1,4096}$/.test(token)) return token
  } catch (error) {
    const why = error instanceof Error && 'code' in error ? String(error.code) : 'unreadable'
    throw new ConfigError(`TURANT_SMS_TOKEN_FILE: ${resolve(config.smsTokenFile)} cannot be read (${why})`)
  }
  throw new ConfigError(`TURANT_SMS_TOKEN_FILE: ${resolve(config.smsTokenFile)} must hold one token and nothing else`)
}

/** docs/reference/settings.md. */
export function settingsDocument(): string {
  const rows = Object.values<Setting<unknown>>(settings).map((one) => {
    const notes = `${one.secret ? ` Secret; or in the file that \`${fileOf(one)}\` names.` : ''}${one.only === undefined ? '' : ` Only in the ${one.only}.`}`
    return `| \`${one.name}\` | ${one.range} | ${one.default === undefined || one.default === '' ? '' : `\`${one.default}\``} | ${one.what}${notes} |`
  })
  return [
    '# Settings',
    '',
    'Environment variables, read once at the start. A name that is not in this table, or a value out of range, stops the start',
    'with one line that names it. Made from `src/config.ts` by `npm run settings -- --write`.',
    '',
    '| Setting | Values | Default | What it does |',
    '|---|---|---|---|',
    ...rows,
    '',
  ].join('\n')
}
