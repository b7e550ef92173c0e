import { createFramer, frame } from '@turant/iso8583'
import type { Clock } from '../../src/base/clock.ts'
import { must, parseAccountNumber, parseIfsc, parseMmid, parseMobile, parseStan } from '../../src/base/identifiers.ts'
import { type Paise, parsePaise } from '../../src/base/money.ts'
import type { Connection } from '../../src/base/network.ts'
import type { Beneficiary } from '../../src/base/party.ts'
import { createIsoDialect } from '../../src/imps/iso8583/dialect.ts'
import { defaultProfile } from '../../src/imps/profile.ts'
import type { FundTransferRequest, NetworkFunction, RailMessage } from '../../src/imps/rail-message.ts'
import { makeRrn, stanOfRrn } from '../../src/imps/rrn.ts'

/** The hub's end of one connection, with no hub behind it: a test says every word. */
export interface StubLink {
  /** Everything that came, oldest first; `undefined` for what does not decode. */
  readonly heard: (RailMessage | undefined)[]
  readonly heardBytes: Uint8Array[]
  isOpen(): boolean
  /** True after a header that cannot be true, as a hub would see it. */
  isBroken(): boolean
  send(message: RailMessage): void
  sendBytes(message: Uint8Array): void
  /** Bytes as they are, with no length in front. */
  sendRaw(bytes: Uint8Array): void
  ask(what: NetworkFunction): void
  /** Called for each message, after it is in `heard`. */
  onMessage: (message: RailMessage | undefined, bytes: Uint8Array) => void
  /** Closes this end. */
  close(): void
}

export const dialect = createIsoDialect(defaultProfile)

export function createStubLink(connection: Connection, clock: Clock): StubLink {
  let open = true
  let broken = false
  const heard: (RailMessage | undefined)[] = []
  const heardBytes: Uint8Array[] = []
  const link: StubLink = {
    heard,
    heardBytes,
    isOpen: () => open,
    isBroken: () => broken,
    send: (message) => link.sendBytes(dialect.encode(message)),
    sendBytes: (message) => link.sendRaw(frame(message, 'binary2')),
    sendRaw: (bytes) => {
      connection.write(bytes)
    },
    ask: (what) =>
      link.send({
        kind: 'networkRequest',
        function: what,
        stan: must(parseStan('000001'), 'STAN'),
        transmittedAt: clock.now(),
      }),
    onMessage: () => undefined,
    close: () => connection.destroy(),
  }
  const framer = createFramer({
    header: 'binary2',
    max: 4096,
    onFrame: (bytes) => {
      const copy = new Uint8Array(bytes)
      let message: RailMessage | undefined
      try {
        message = dialect.decode(copy, clock.now())
      } catch {
        message = undefined
      }
      heard.push(message)
      heardBytes.push(copy)
      link.onMessage(message, copy)
    },
    onError: () => {
      broken = true
    },
  })
  connection.onData((bytes) => framer.push(bytes))
  connection.onClose(() => {
    open = false
  })
  return link
}

export const rupees = (text: string): Paise => must(parsePaise(text.replace('.', '').replace(/^0+/, '')), 'amount')

export const asha: Beneficiary = {
  kind: 'account',
  ifsc: must(parseIfsc('HDFC0000123'), 'IFSC'),
  account: must(parseAccountNumber('50100123456789'), 'account'),
  name: 'Asha Devi',
}

/** An original of the sandbox's demo bank; `serial` makes its RRN. */
export function original(
  clock: Clock,
  serial: number,
  amountPaise: Paise,
  beneficiary: Beneficiary = asha,
): FundTransferRequest {
  const rrn = makeRrn(clock.now(), serial)
  return {
    kind: 'fundTransferRequest',
    rrn,
    stan: stanOfRrn(rrn),
    remitterBank: '700001',
    amountPaise,
    transmittedAt: Math.floor(clock.now() / 1000) * 1000,
    channel: 'internet',
    remitter: {
      name: 'RAMESH KUMAR',
      account: must(parseAccountNumber('000112233445'), 'account'),
      mobile: must(parseMobile('9876543210'), 'mobile'),
      mmid: must(parseMmid('7001000'), 'MMID'),
    },
    beneficiary,
    remarks: 'RENT MARCH',
  }
}
