import type { LinkRole, WireKind } from '../imps/profile.ts'
import type {
  ComplaintRequest,
  ComplaintResponse,
  FundTransferRequest,
  FundTransferResponse,
  NameEnquiryRequest,
  NameEnquiryResponse,
  ReversalRequest,
  VerificationRequest,
  VerificationResponse,
} from '../imps/rail-message.ts'
import type { Provider } from '../imps/xml/message.ts'
import type { StoredPayment } from '../payment/stored.ts'

/**
 * A carrier is a way to the switch in one dialect: a TCP link in ISO 8583, or the pair of HTTPS calls and callbacks in XML. What
 * stands above it (dispatch, answers, verification, inbound) thinks in canonical messages and does not know which it has.
 */

export type LinkState = 'down' | 'connecting' | 'connected' | 'loggedOn'

/** A request on its way out. Made by the carrier that will send it, and of no meaning to others. */
export type Ready = {
  /** Under which its answer will be found. */
  readonly key: string
  readonly document: Uint8Array | string
  /** How the XML wire addresses it. */
  readonly envelope?: { readonly api: 'ReqPay' | 'ReqChkTxn'; readonly transactionId: string }
}

export type CarrierStatus = {
  readonly id: string
  readonly role: LinkRole | 'both'
  readonly state: LinkState
  /** Since when it is in this state, epoch milliseconds. */
  readonly since: number
  /** When the switch last answered an echo or heartbeat; null before the first. */
  readonly lastEchoAt: number | null
  readonly counters: Readonly<Record<string, number>>
}

export interface Carrier {
  readonly id: string
  readonly wire: WireKind
  readonly role: LinkRole | 'both'
  /** How long an answer to an original is waited for, milliseconds. */
  readonly responseMs: number
  /** False where the proof of an answer leaves out whether it answers an original or a verification. */
  readonly provesKind: boolean
  state(): LinkState
  /** True when the peer takes less than comes: new payments should wait. */
  congested(): boolean
  /** The key under which the answer to a payment's original is found. */
  keyOf(payment: StoredPayment): string
  /** Writes a request in the dialect. @throws when the payment cannot be written in it */
  original(payment: StoredPayment): Ready
  verification(payment: StoredPayment): Ready
  /** @returns false when it cannot be taken; it will never be written then */
  send(ready: Ready): boolean
  /** Asks who an account belongs to; undefined when no answer came in time. Absent where the wire has no such question. */
  readonly enquire?: (request: NameEnquiryRequest) => Promise<NameEnquiryResponse | undefined>
  /**
   * Files a customer's complaint, once. What NPCI says of it comes as an event, whenever it comes. Absent where the wire has no such message.
   * @param transactionId  the complaint's own
   * @returns false when it did not leave
   */
  readonly complain?: (request: ComplaintRequest, bank3: string, transactionId: string) => boolean
  /** Asks what became of a complaint. @returns false when the question did not leave */
  readonly checkComplaint?: (
    asked: Pick<ComplaintRequest, 'rrn' | 'stan'>,
    bank3: string,
    transactionId: string,
  ) => boolean
  /** A message of this dialect for people: its type, then a line for each element, values masked as the tables say. */
  describe(message: Uint8Array | string): string
  open(): void
  /** Closes at once and stays closed. */
  close(reason: string): void
  /** Says goodbye where the dialect has a word for it, waits for at most `waitMs`, and closes. */
  logOff(waitMs: number): Promise<void>
  status(): CarrierStatus
}

/** What an answer to an inward request says, before it is in a dialect. */
export type AnswerParts = {
  readonly responseCode: string
  readonly registeredName?: string
  readonly beneficiaryAccount?: string
}

/** A request of the switch, with the way back. */
export type Asked<Request> = {
  readonly request: Request
  /** The answer in the dialect's own bytes, which the same request asked again gets again. */
  encode(parts: AnswerParts): Uint8Array
  reply(answer: Uint8Array): void
}

/** What the other side may not have said. The bytes are a view, to be copied by whoever keeps it past the call. */
export type Unproved =
  | { readonly kind: 'answer'; readonly rrn: string; readonly bytes: Uint8Array }
  | { readonly kind: 'request'; readonly asked: Asked<FundTransferRequest | VerificationRequest> }

export type ReversalOutcome = 'credited' | 'refused'

/** What a carrier tells the rail. */
export type CarrierEvents = {
  /** An answer, the key it was asked under, and its bytes: a view, to be copied by whoever keeps it past this call. */
  readonly onAnswer: (answer: FundTransferResponse | VerificationResponse, key: string, bytes: Uint8Array) => void
  readonly onRequest: (asked: Asked<FundTransferRequest | VerificationRequest>) => void
  /** A message whose MAC is bad or missing: an answer decides nothing, a request is not processed. */
  readonly onUnproved: (what: Unproved) => void
  /** The switch did not take a request and says so: it was never passed on. */
  readonly onRefused: (key: string, code: string) => void
  /** NPCI wants the remitter credited back; the answer follows from what became of it. */
  readonly onReversal: (request: ReversalRequest, reply: (outcome: ReversalOutcome) => void) => void
  /** Who owns this account of ours? Undefined is silence. */
  readonly onEnquiry: (request: NameEnquiryRequest) => Promise<NameEnquiryResponse | undefined>
  /** What NPCI says of a complaint of ours, asked for or not. */
  readonly onComplaint: (transactionId: string, answer: ComplaintResponse) => void
  readonly onProviders: (providers: readonly Provider[]) => void
  /** Bytes that are neither a message nor a request that could be refused. */
  readonly onUndecodable: (bytes: Uint8Array) => void
  readonly onState: (state: LinkState) => void
  /** A slow peer took what was waiting. */
  readonly onDrained: () => void
  /** False while another process may own the link: it is not used then. */
  readonly mayConnect: () => boolean
}
