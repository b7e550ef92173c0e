import { createFramer, DecodeError, type Framer, frame } from '@turant/iso8583'
import type { Cancel, Clock } from '../base/clock.ts'
import { must, parseStan, type Stan } from '../base/identifiers.ts'
import type { Log } from '../base/log.ts'
import type { Connection, Dial } from '../base/network.ts'
import type { Random } from '../base/random.ts'
import type { IsoDialect } from '../imps/iso8583/dialect.ts'
import type { LinkProfile, WireProfile } from '../imps/profile.ts'
import type { NetworkFunction, NetworkRequest, NetworkResponse, RailMessage, WrappedKey } from '../imps/rail-message.ts'
import { createBackOff } from './back-off.ts'
import type { CarrierStatus, LinkState } from './carrier.ts'
import type { LinkMac } from './link-mac.ts'
import { faultOf, LOGGED_EVERY, type RailOptions } from './options.ts'

/** What a link counts; only goes up. */
export type LinkCounters = {
  framesIn: number
  framesOut: number
  bytesIn: number
  bytesOut: number
  connects: number
  /** Frames that were no message: answered with 30 (or 12, 13), or kept when they were answers themselves. */
  badFrames: number
  /** Streams closed because a length could not be true, or half a frame was never finished. */
  lostFraming: number
  echoesMissed: number
  /** Messages that were not written because the queue was full, the link was down, or there was no key for their MAC. */
  notWritten: number
  /** Financial messages whose MAC is not the switch's, and those without one. None of them decides anything. */
  badMacs: number
  missingMacs: number
  keysTaken: number
  keysRefused: number
  /** Times that so many bad MACs came in a row that the key was given up. */
  keyAlarms: number
}

export type LinkStatus = CarrierStatus & { readonly counters: Readonly<LinkCounters> }

export type FinancialMessage = Exclude<RailMessage, NetworkRequest | NetworkResponse>

export type LinkEvents = {
  /** A financial message with the bytes it came in: a view, to be copied by whoever keeps it past this call. */
  readonly onMessage: (message: FinancialMessage, bytes: Uint8Array) => void
  /** One that nothing proves to be the switch's, or that goes the wrong way: it may not move money. Views, as above. */
  readonly onUnproved: (message: FinancialMessage, bytes: Uint8Array) => void
  /** Bytes that are neither a message nor a request that could be refused. */
  readonly onUndecodable: (bytes: Uint8Array) => void
  readonly onState: (state: LinkState) => void
  /** A slow peer took what was waiting. */
  readonly onDrained: () => void
  /** False while another process may own the link: it is not connected then. */
  readonly mayConnect: () => boolean
}

/** One link to the switch: a TCP client that logs on, echoes, and comes back by itself. It knows frames and network messages, not payments. */
export interface IsoLink {
  readonly profile: LinkProfile
  state(): LinkState
  /** True when the peer takes bytes more slowly than they come: new payments should wait. */
  congested(): boolean
  /**
   * Puts one message in the write that ends this turn of the event loop, with its MAC where the link has those.
   * @returns false when the link cannot take it; it will never be written then
   */
  send(message: Uint8Array): boolean
  /** The same without a MAC: what is said to somebody who proved nothing must prove nothing either. */
  sendBare(message: Uint8Array): boolean
  open(): void
  /** Closes at once and stays closed. */
  close(reason: string): void
  /** Logs off, waits for the answer for at most `waitMs`, and closes. */
  logOff(waitMs: number): Promise<void>
  status(): LinkStatus
}

export type IsoLinkDeps = {
  readonly clock: Clock
  readonly random: Random
  readonly dial: Dial
  readonly wire: WireProfile
  readonly dialect: IsoDialect
  readonly log: Log
  readonly options: RailOptions
  /** MACs and their keys; absent where the link has none. */
  readonly mac?: LinkMac
  /** Where a crash test stops the process. */
  readonly crashPoint?: (name: 'link:after-write') => void
}

/** How long a closing connection may take to send what is queued. */
const LINGER_MS = 1_000

/** @source protocol.md §4 */
const NO_SUCH_REQUEST = '12'

const isAnswer = ({ kind }: FinancialMessage): boolean =>
  kind === 'fundTransferResponse' || kind === 'verificationResponse'

/** @source protocol.md §1.1, §1.3 */
export function createIsoLink(deps: IsoLinkDeps, profile: LinkProfile, events: LinkEvents): IsoLink {
  const { clock, random, dial, dialect, log, options, mac } = deps
  const { iso, timers } = deps.wire
  const { netMgmt } = iso
  const backOff = createBackOff(random, options.reconnectFirstMs, options.reconnectMaxMs)
  const counters: LinkCounters = {
    framesIn: 0,
    framesOut: 0,
    bytesIn: 0,
    bytesOut: 0,
    connects: 0,
    badFrames: 0,
    lostFraming: 0,
    echoesMissed: 0,
    notWritten: 0,
    badMacs: 0,
    missingMacs: 0,
    keysTaken: 0,
    keysRefused: 0,
    keyAlarms: 0,
  }
  const waits = new Set<Cancel>()
  let wanted = false
  let state: LinkState = 'down'
  let since = clock.now()
  let lastEchoAt: number | null = null
  let connection: Connection | undefined
  let framer: Framer | undefined
  let queued: Uint8Array[] = []
  let queuedBytes = 0
  let slow = false
  let nextStan = random.next32() % 1_000_000
  let reconnect: Cancel | undefined
  let stallTimer: Cancel | undefined
  let loggedOnAt = 0
  let echoWait: Cancel | undefined
  let onLoggedOff: (() => void) | undefined
  /** The switch has taken our log-on, or logged on itself, and nobody has logged off since. */
  let accepted = false
  /** Keys being taken: what is sent before that is over would have a MAC of the one before. */
  let taking = 0
  let keyWait: Cancel | undefined
  /** A key has been asked for, or has come, on this connection. */
  let asked = false

  const enter = (next: LinkState): void => {
    if (state === next) return
    log.info({ link: profile.id, from: state, to: next }, 'link state')
    state = next
    since = clock.now()
    if (next === 'loggedOn') loggedOnAt = clock.monotonicMs()
    events.onState(next)
  }

  /** A timer of this connection: forgotten when it closes. */
  const later = (ms: number, fn: () => void): Cancel => {
    const cancel = clock.after(ms, () => {
      waits.delete(cancel)
      fn()
    })
    waits.add(cancel)
    return () => {
      waits.delete(cancel)
      cancel()
    }
  }

  const forgetTimers = (): void => {
    for (const cancel of waits) cancel()
    waits.clear()
    echoWait = undefined
    stallTimer = undefined
    keyWait = undefined
  }

  const stan = (): Stan => {
    nextStan = (nextStan + 1) % 1_000_000
    return must(parseStan(String(nextStan).padStart(6, '0')), 'STAN')
  }

  const flush = (): void => {
    if (queued.length === 0) return
    const frames = queued
    queued = []
    queuedBytes = 0
    if (connection === undefined) return
    const bytes = frames.length === 1 ? (frames[0] as Uint8Array) : Buffer.concat(frames)
    counters.framesOut += frames.length
    counters.bytesOut += bytes.length
    if (!connection.write(bytes)) slow = true
    deps.crashPoint?.('link:after-write')
  }

  /** Frames of one turn of the event loop leave in one write. While the peer is slow they wait for it, up to a limit. */
  const enqueue = (message: Uint8Array): boolean => {
    if (connection === undefined || queuedBytes + message.length > options.maxQueuedBytes) {
      counters.notWritten += 1
      return false
    }
    const framed = frame(message, iso.lengthHeader, iso.lengthIncludesHeader)
    if (queued.length === 0 && !slow) clock.soon(flush)
    queued.push(framed)
    queuedBytes += framed.length
    return true
  }

  const ask = (what: NetworkFunction): void => {
    enqueue(dialect.encode({ kind: 'networkRequest', function: what, stan: stan(), transmittedAt: clock.now() }))
  }

  const logOn = (retryMs: number): void => {
    if (state !== 'connected' || !wanted || accepted) return
    ask('logOn')
    later(retryMs, () => logOn(netMgmt.logonRetryMs))
  }

  /** Logged on in the eyes of both, and with a key where MACs are made: only then may money go over the link. */
  const rise = (): void => {
    if (!accepted || connection === undefined || taking > 0) return
    if (mac === undefined || (mac.ready() && !isKeyDue())) enter('loggedOn')
    else askForKey()
  }

  /** Where keys are to be had for the asking, each log-on begins with a new one: so both sides have the same, whoever forgot what. */
  const isKeyDue = (): boolean => iso.mac.askForKey && !asked

  const askForKey = (): void => {
    if (keyWait !== undefined) return
    asked = true
    if (iso.mac.askForKey) ask('keyExchange')
    keyWait = later(netMgmt.replyMs, () => {
      keyWait = undefined
      void mac?.load().then(rise)
    })
  }

  const takeKey = async (key: WrappedKey, say: (responseCode: string) => void): Promise<void> => {
    if (mac === undefined) return say(NO_SUCH_REQUEST)
    const over = connection
    taking += 1
    const { responseCode, adopt } = await mac.take(key)
    taking -= 1
    // Kept, but nobody was told: the next connection takes it up, and the switch sends it again or another.
    if (connection !== over) return
    if (responseCode === '00') counters.keysTaken += 1
    else counters.keysRefused += 1
    say(responseCode)
    adopt()
    if (responseCode === '00') {
      asked = true
      keyWait?.()
      keyWait = undefined
    }
    // One that was refused is asked for again when the wait is over: not at once, for it will be the same.
    rise()
  }

  /** What is on its way may still be answered; nothing new is sent until another key is there. */
  const giveUpKey = (): void => {
    counters.keyAlarms += 1
    log.error({ link: profile.id, badMacs: counters.badMacs }, 'bad MACs in a row: the key is not used any more')
    if (state === 'loggedOn') enter('connected')
    rise()
  }

  const echo = (): void => {
    ask('echo')
    echoWait?.()
    echoWait = later(netMgmt.replyMs, () => {
      counters.echoesMissed += 1
      drop('no answer to the echo')
    })
    later(netMgmt.echoMs, echo)
  }

  const drop = (reason: string): void => {
    const closing = connection
    if (closing === undefined) return
    lost(closing, reason)
    closing.destroy()
  }

  /** The connection is gone, however: what was queued is not written any more, and never again. */
  const lost = (which: Connection, reason: string): void => {
    if (connection !== which) return
    connection = undefined
    accepted = false
    asked = false
    framer?.close()
    framer = undefined
    forgetTimers()
    counters.notWritten += queued.length
    queued = []
    queuedBytes = 0
    slow = false
    if (state === 'loggedOn' && clock.monotonicMs() - loggedOnAt >= options.stableMs) backOff.reset()
    log.warn({ link: profile.id, reason }, 'link down')
    enter('down')
    onLoggedOff?.()
    tryLater()
  }

  const tryLater = (): void => {
    if (!wanted || reconnect !== undefined) return
    reconnect = clock.after(backOff.next(), () => {
      reconnect = undefined
      void tryNow()
    })
  }

  const tryNow = async (): Promise<void> => {
    if (!wanted || connection !== undefined || state === 'connecting') return
    if (!events.mayConnect()) {
      tryLater()
      return
    }
    enter('connecting')
    try {
      const opened = await dial({ host: profile.host, port: profile.port, link: profile.id }, timers.connectMs)
      if (!wanted) {
        opened.onClose(() => undefined)
        opened.destroy()
        enter('down')
        return
      }
      use(opened)
    } catch (error) {
      log.warn({ link: profile.id, fault: faultOf(error) }, 'link cannot connect')
      enter('down')
      tryLater()
    }
  }

  const use = (opened: Connection): void => {
    connection = opened
    counters.connects += 1
    const cutting = createFramer({
      header: iso.lengthHeader,
      inclusive: iso.lengthIncludesHeader,
      max: iso.maxFrameBytes,
      onFrame,
      onError: (error) => {
        counters.lostFraming += 1
        drop(faultOf(error))
      },
    })
    framer = cutting
    opened.onData((bytes) => {
      if (connection !== opened) return
      counters.bytesIn += bytes.length
      cutting.push(bytes)
      watchForStall(cutting)
    })
    opened.onDrain(() => {
      if (connection !== opened) return
      slow = false
      flush()
      if (!slow) events.onDrained()
    })
    opened.onClose((reason) => lost(opened, reason))
    enter('connected')
    const begin = (): void => {
      if (connection !== opened) return
      logOn(netMgmt.logonFirstRetryMs)
      later(netMgmt.echoMs, echo)
    }
    // The key first: from the log-on on the switch may send what must be proved.
    if (mac === undefined) begin()
    else void mac.load().then(begin)
  }

  /** Half a frame and silence: after the wait for a reply nobody believes in the rest any more. */
  const watchForStall = (cutting: Framer): void => {
    stallTimer?.()
    stallTimer = undefined
    if (connection === undefined || cutting.pending === 0) return
    const seen = counters.framesIn
    stallTimer = later(netMgmt.replyMs, () => {
      if (counters.framesIn !== seen) return
      counters.lostFraming += 1
      drop('half a frame and silence')
    })
  }

  const onFrame = (bytes: Uint8Array): void => {
    counters.framesIn += 1
    try {
      take(bytes)
    } catch (error) {
      // Not even a bug of ours may let a stranger's bytes end the process: this link is closed, the others go on.
      log.error({ link: profile.id, fault: faultOf(error) }, 'a frame could not be worked on')
      drop('a frame that the hub fails on')
    }
  }

  const take = (bytes: Uint8Array): void => {
    let message: RailMessage
    try {
      message = dialect.decode(bytes, clock.now())
    } catch (error) {
      if (!(error instanceof DecodeError)) throw error
      counters.badFrames += 1
      refuse(bytes, error)
      return
    }
    if (message.kind === 'networkRequest') onNetworkRequest(message)
    else if (message.kind === 'networkResponse') onNetworkResponse(message)
    else if (isProved(message, bytes)) events.onMessage(message, bytes)
    else events.onUnproved(message, bytes)
  }

  /**
   * Both sides have the same key, so a MAC does not say who made it: what we sent could be sent back to us. So a port takes
   * nothing but what belongs on it.
   */
  const isProved = (message: FinancialMessage, bytes: Uint8Array): boolean => {
    if (mac === undefined) return true
    const proof = mac.prove(bytes)
    if (proof === 'good') return isAnswer(message) === (profile.role === 'remitter')
    if (proof === 'missing') counters.missingMacs += 1
    else counters.badMacs += 1
    if ((counters.missingMacs + counters.badMacs) % LOGGED_EVERY === 1) {
      log.warn({ link: profile.id, rrn: message.rrn, proof }, 'a message does not prove that it is from the switch')
    }
    if (mac.lostFaith()) giveUpKey()
    return false
  }

  const refuse = (bytes: Uint8Array, error: DecodeError): void => {
    if (counters.badFrames % LOGGED_EVERY === 1) {
      const { code, path } = error
      log.warn({ link: profile.id, code, path, badFrames: counters.badFrames }, 'a frame is not a message')
    }
    const answer = dialect.refuse(bytes)
    if (answer === undefined) events.onUndecodable(bytes)
    else enqueue(answer)
  }

  const onNetworkRequest = (request: NetworkRequest): void => {
    if (request.function === 'keyExchange') {
      const say = (responseCode: string): void => {
        enqueue(dialect.answerNetwork(request, responseCode))
      }
      // A switch asks nobody for a key.
      if (request.key === undefined) say(NO_SUCH_REQUEST)
      else void takeKey(request.key, say)
      return
    }
    enqueue(dialect.answerNetwork(request, '00'))
    if (request.function === 'logOn') {
      accepted = true
      rise()
    }
    if (request.function === 'logOff') {
      // Until the switch logs on again or closes; it asked for quiet, so no retries and no echoes of ours.
      accepted = false
      forgetTimers()
      enter('connected')
    }
  }

  const onNetworkResponse = (response: NetworkResponse): void => {
    const approved = response.responseCode === '00'
    switch (response.function) {
      case 'logOn':
        if (approved && wanted && state === 'connected') {
          accepted = true
          rise()
        }
        if (!approved) log.warn({ link: profile.id, responseCode: response.responseCode }, 'log-on refused')
        break
      case 'logOff':
        onLoggedOff?.()
        break
      case 'echo':
        echoWait?.()
        echoWait = undefined
        lastEchoAt = clock.now()
        break
      case 'keyExchange':
        if (response.key !== undefined) void takeKey(response.key, () => undefined)
        break
      case 'cutOver':
        break
    }
  }

  const close = (reason: string): void => {
    wanted = false
    reconnect?.()
    reconnect = undefined
    drop(reason)
  }

  return {
    profile,
    state: () => state,
    congested: () => slow,
    send(message) {
      const sealed = mac === undefined ? message : mac.seal(message)
      if (sealed !== undefined) return enqueue(sealed)
      counters.notWritten += 1
      return false
    },
    sendBare: enqueue,
    open() {
      if (wanted) return
      wanted = true
      void tryNow()
    },
    close,
    async logOff(waitMs) {
      wanted = false
      reconnect?.()
      reconnect = undefined
      const closing = connection
      if (closing === undefined) return
      if (state === 'loggedOn') {
        // From here on nothing financial may follow: the switch would not hear it.
        accepted = false
        enter('connected')
        await new Promise<void>((resolve) => {
          onLoggedOff = resolve
          ask('logOff')
          later(waitMs, resolve)
        })
        onLoggedOff = undefined
      }
      if (connection !== closing) return
      closing.end()
      lost(closing, 'logged off')
      clock.after(LINGER_MS, () => closing.destroy())
    },
    status: () => ({ id: profile.id, role: profile.role, state, since, lastEchoAt, counters: { ...counters } }),
  }
}
