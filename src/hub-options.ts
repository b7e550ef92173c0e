import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Clock } from './base/clock.ts'
import { createOutbound, type Outbound } from './base/outbound.ts'
import type { Vault } from './base/vault.ts'
import { type Config, ConfigError, readLayoutsText, readSmsToken } from './config.ts'
import type { AdmissionLimits } from './http/admission.ts'
import { createSimulatorClient } from './http/sandbox.ts'
import type { FileOptions, MessageOptions, RiskSettings, WebhookOptions } from './hub.ts'
import { csvProfileFor, type Layouts, shippedLayouts } from './imps/files/detect.ts'
import { readLayouts } from './imps/files/own-layouts.ts'
import { defaultProfile, onWire, parseProfile, type WireProfile } from './imps/profile.ts'
import { createMessageBox } from './message/box.ts'
import { createGateway } from './message/gateway.ts'
import { noMessenger } from './message/message.ts'
import { loadPgpKeys } from './pgp-keys.ts'
import { createOutsideEngine } from './risk/outside.ts'
import { holderName } from './sandbox.ts'
import { openFileStore } from './settlement/intake/file-store.ts'
import { createProofProcesses } from './settlement/intake/proof-process.ts'
import { askSimulator, deliverToFolder, deliverToSimulator } from './upload-delivery.ts'
import { openKafka } from './webhook/kafka.ts'
import { openNats } from './webhook/nats.ts'

/** Settings as what the rooms of the hub want. What does not fit together is a `ConfigError` that names the setting. */

/** Told of what was opened, to close it at the end. */
export type Opened = (name: string, close: () => Promise<void> | void) => void

export function readProfile(text: string | undefined): WireProfile {
  if (text === undefined) return defaultProfile
  try {
    return parseProfile(text)
  } catch (error) {
    throw new ConfigError(`TURANT_PROFILE: ${error instanceof Error ? error.message : String(error)}`)
  }
}

/** How settlement files lie: as what ships, and before it what the bank has written. Every account's profile of statements is there. */
export function layoutsOf(config: Config, { institutions }: WireProfile): Layouts {
  const text = readLayoutsText(config)
  const layouts = text === undefined ? shippedLayouts : ownLayouts(text, config.layouts ?? '')
  for (const { code, accounts = [] } of institutions) {
    for (const { csv } of accounts) {
      if (csv === undefined || csvProfileFor(csv.profile, undefined, layouts) !== undefined) continue
      const known = new Set(layouts.csvProfiles.map(({ profile }) => profile))
      throw new ConfigError(
        `TURANT_PROFILE: an account of ${code} has statements as ${csv.profile}, which is none of ${[...known].join(', ')}; TURANT_LAYOUTS may add it`,
      )
    }
  }
  return layouts
}

function ownLayouts(text: string, path: string): Layouts {
  try {
    return readLayouts(text)
  } catch (error) {
    throw new ConfigError(`TURANT_LAYOUTS: ${path}: ${error instanceof Error ? error.message : String(error)}`)
  }
}

export function railOf(profile: WireProfile, config: Config): WireProfile {
  try {
    return onWire(profile, config.rail)
  } catch (error) {
    throw new ConfigError(`TURANT_RAIL=${config.rail}: ${error instanceof Error ? error.message : String(error)}`)
  }
}

/** How settlement files come in, and where they are kept. */
export function filesOf(
  config: Config,
  dataDir: string,
  layouts: Layouts,
  at: {
    readonly inbox: string
    readonly sandboxPgp: string | undefined
    readonly url: string
    readonly simulator: string
  },
  clock: Clock,
): FileOptions {
  const { inbox, url, simulator } = at
  const pgpDir = config.pgpDir ?? at.sandboxPgp
  try {
    const pgp = pgpDir === undefined ? undefined : loadPgpKeys(pgpDir, config.pgpPassphrase)
    return {
      store: openFileStore(config.filesDir ?? join(dataDir, 'files'), holderName(dataDir)),
      inbox,
      everyMs: config.inboxMs,
      layouts,
      proofs: createProofProcesses(),
      settling: {
        folder: config.filesDir ?? join(dataDir, 'files'),
        everyMs: config.settleMs,
        threads: config.matchThreads,
        memoryMb: config.matchMemoryMb,
        tolerancePaise: BigInt(config.feeTolerancePaise),
        ...(config.coreDir === undefined ? {} : { coreDir: config.coreDir }),
        deliver:
          config.mode === 'sandbox' && config.outboxDir === undefined
            ? deliverToSimulator(createSimulatorClient(simulator))
            : deliverToFolder(config.outboxDir ?? join(dataDir, 'outbox'), clock, pgp),
        ...(config.mode === 'sandbox' && config.outboxDir === undefined
          ? { askAnswers: askSimulator(createSimulatorClient(simulator)) }
          : {}),
        url,
        ...(config.crashAt === undefined ? {} : { crashAt: config.crashAt }),
      },
      ...(pgp === undefined ? {} : { pgp }),
    }
  } catch (error) {
    throw new ConfigError(`settlement files: ${error instanceof Error ? error.message : String(error)}`)
  }
}

/** How messages reach customers: by the gateway that is set, in a sandbox without one by nobody's phone, else not at all. */
export function messagesOf(config: Config, outbound: Outbound, clock: Clock): MessageOptions {
  const { smsUrl, smsSender, smsEntityId, customerOrigin } = config
  const common = {
    perDay: config.messagesPerDay,
    hubPerDay: config.messagesBudget,
    ...(customerOrigin === undefined ? {} : { customerOrigin }),
  }
  if (smsUrl === undefined) {
    if (config.mode !== 'sandbox') return { messenger: noMessenger, ...common }
    const box = createMessageBox(clock)
    return { messenger: box, box, ...common }
  }
  const token = readSmsToken(config)
  if (token === undefined || smsSender === undefined || smsEntityId === undefined)
    throw new ConfigError('TURANT_SMS_URL needs TURANT_SMS_TOKEN_FILE, TURANT_SMS_SENDER and TURANT_SMS_ENTITY_ID')
  try {
    outbound.check(smsUrl)
  } catch (error) {
    throw new ConfigError(`TURANT_SMS_URL: ${error instanceof Error ? error.message : String(error)}`)
  }
  const templates = config.smsTemplates ?? {}
  return {
    messenger: createGateway({ outbound, url: smsUrl, token, sender: smsSender, entityId: smsEntityId, templates }),
    ...common,
  }
}

/** Requests a second that nobody reaches by hand, and a benchmark may. */
const SANDBOX_RATE = 100_000
/** Requests under way, before a process that is late refuses any. */
const SHED_FROM = 32

export function admissionOf(config: Config): AdmissionLimits {
  const { keyAtOnce, tenantAtOnce, atOnce, failuresPerMinute } = config
  const rate = (given: number | undefined, usual: number): number =>
    given ?? (config.mode === 'sandbox' ? SANDBOX_RATE : usual)
  return {
    perKey: rate(config.ratePerKey, 1_000),
    perTenant: rate(config.ratePerTenant, 2_000),
    perAddress: rate(config.ratePerAddress, 2_000),
    keyAtOnce,
    tenantAtOnce,
    atOnce,
    failuresPerMinute,
    shedFrom: SHED_FROM,
  }
}

/** Who judges payments: the rules of the tenants, and an engine elsewhere where one is named. */
export function riskOf(config: Config, vault: Vault, clock: Clock, opened: Opened): RiskSettings {
  const { riskUrl: url, riskBudgetMs: budgetMs, riskOnFailure: onFailure } = config
  const settings = { on: config.risk !== 'off', budgetMs, onFailure }
  if (config.risk !== 'http' || url === undefined) return settings
  const outbound = createOutbound({
    clock,
    networks: config.outboundNetworks,
    ports: config.outboundPorts,
    connections: 64, // that they open may take longer than a payment waits: the next one has them
    maxWaiting: 1_000,
  })
  opened('engine of risk', () => outbound.close())
  try {
    outbound.check(url)
  } catch (error) {
    throw new ConfigError(`TURANT_RISK_URL: ${error instanceof Error ? error.message : String(error)}`)
  }
  return {
    ...settings,
    outside: createOutsideEngine({ outbound, url, key: config.riskKey, vault, timeoutMs: budgetMs }),
  }
}

/** Connections to one host of receivers, and requests to it that run or wait: a receiver has its own limit of tries before these. */
const WEBHOOK_CONNECTIONS = 64
const WEBHOOK_WAITING = 512

/** Where all events are published. */
function streamsOf(config: Config): WebhookOptions['streams'] {
  const { natsUrl, natsPrefix, natsCredentials, kafkaBrokers, kafkaTopic, kafkaTls, kafkaUser, kafkaPassword } = config
  const streams: WebhookOptions['streams'][number][] = []
  if (natsUrl !== undefined) {
    const credentials = natsCredentials === undefined ? {} : { credentials: readCredentials(natsCredentials) }
    streams.push({ reader: 'nats', sink: openNats({ url: natsUrl, prefix: natsPrefix, ...credentials }) })
  }
  if (kafkaBrokers !== undefined) {
    const user =
      kafkaUser === undefined || kafkaPassword === undefined ? {} : { user: kafkaUser, password: kafkaPassword }
    const isSecure = kafkaTls === 'on'
    streams.push({ reader: 'kafka', sink: openKafka({ brokers: kafkaBrokers, topic: kafkaTopic, isSecure, ...user }) })
  }
  return streams
}

function readCredentials(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    throw new ConfigError('TURANT_NATS_CREDENTIALS cannot be read')
  }
}

/** How receivers of webhooks are called: with connections of their own, so that slow ones take none from gateways. */
export function webhooksOf(config: Config, clock: Clock, opened: Opened): WebhookOptions {
  const sandbox = config.mode === 'sandbox'
  const outbound = createOutbound({
    clock,
    networks: config.webhookNetworks,
    ports: config.outboundPorts,
    loopback: sandbox,
    timeoutMs: config.webhookTimeoutMs,
    connections: WEBHOOK_CONNECTIONS,
    maxWaiting: WEBHOOK_WAITING,
  })
  opened('webhooks', () => outbound.close())
  return {
    outbound,
    timeoutMs: config.webhookTimeoutMs,
    stepBackAt: config.webhookStepBack,
    timerScale: sandbox ? config.timerScale : 1,
    streams: streamsOf(config),
  }
}
