import { must, parseAccountNumber, parseIfsc, parseStan, type Rrn } from '../base/identifiers.ts'
import type { Beneficiary, Channel, Remitter } from '../base/party.ts'
import { randomHex } from '../base/random.ts'
import type { Institution } from '../imps/profile.ts'
import type { NameEnquiryRequest, NameEnquiryResponse } from '../imps/rail-message.ts'
import { makeRrn } from '../imps/rrn.ts'
import { wireOf } from '../imps/wire.ts'
import { freshMsgId } from '../imps/xml/identifiers.ts'
import { epochNow, type RailContext, type RailLink } from './context.ts'

/** Who is asked about, and on whose behalf. */
export type Question = {
  readonly institution: string
  readonly remitter: Remitter
  readonly beneficiary: Beneficiary
  readonly channel: Channel
}

export type Enquired =
  | {
      readonly kind: 'answered'
      readonly response: NameEnquiryResponse
      readonly reference: { readonly transactionId: string; readonly rrn: Rrn }
    }
  | { readonly kind: 'unavailable' } // the institution's wire has no name enquiry
  | { readonly kind: 'link_down' }
  | { readonly kind: 'no_answer' }

export interface Enquiries {
  /**
   * Asks the beneficiary bank by way of NPCI who owns an account; what is at the asking bank itself is answered here, on whichever wire it
   * is. Moves nothing, so it may be asked again.
   */
  enquire(question: Question): Promise<Enquired>
  /** Answers the same question about an account of the hub's. */
  answer(request: NameEnquiryRequest): Promise<NameEnquiryResponse | undefined>
}

const NO_SUCH_ACCOUNT = 'M1'
const FROZEN = 'M3'
const CLOSED = 'M5'
const STANS = 1_000_000

/** A question on nobody's behalf is asked in the bank's own name: the Payer block must have an account. */
const askedBy = ({ name, ifscPrefix }: Institution): Remitter => ({
  name,
  account: must(parseAccountNumber('0'), 'account'),
  ifsc: must(parseIfsc(`${ifscPrefix}0000000`), 'IFSC'),
})

/** @source protocol.md §2.2, §3.2; NPCI OC 119 */
export function createEnquiries(context: RailContext, links: readonly RailLink[]): Enquiries {
  const { clock, random, wire, room, counters } = context
  const refused = (responseCode: string): NameEnquiryResponse => ({
    kind: 'nameEnquiryResponse',
    result: 'FAILURE',
    responseCode,
  })
  /** Whose account it is, by what the hub has. */
  const tell = async (beneficiary: Beneficiary): Promise<NameEnquiryResponse> => {
    const [virtual] = await room.virtualAccounts.resolve([beneficiary])
    const [id] = virtual === undefined ? await room.directory.resolve([beneficiary]) : [virtual.accountId]
    if (id === 'several_accounts') return refused(wire.xml.severalAccountsCode)
    const owner = id === undefined ? undefined : await room.directory.ownerOf(id)
    if (owner === undefined) return refused(NO_SUCH_ACCOUNT)
    if (owner.status === 'frozen') return refused(FROZEN)
    if (owner.status === 'closed') return refused(CLOSED)
    return {
      kind: 'nameEnquiryResponse',
      result: 'SUCCESS',
      responseCode: '00',
      registeredName: owner.name,
      account: beneficiary.kind === 'account' ? beneficiary.account : owner.accountNumber,
      ifsc: owner.ifsc,
      accountType: 'SAVINGS',
    }
  }

  return {
    async enquire({ institution, remitter, beneficiary, channel }) {
      const bank = wire.institutions.find(({ code }) => code === institution)
      if (bank === undefined) return { kind: 'unavailable' }
      const now = clock.now()
      // No serial of the institution's: the reference of an enquiry settles nothing, and payments need all there are.
      const serial = random.next32() % STANS
      const rrn = makeRrn(now, serial)
      const transactionId = freshMsgId(bank.bank3, randomHex(random, 32))
      const reference = { transactionId, rrn }
      if (room.isOwnAddress(institution, beneficiary))
        return { kind: 'answered', response: await tell(beneficiary), reference }
      const wanted = wireOf(wire, bank, 'outward')
      const able = links.filter(({ carrier }) => carrier.wire === wanted && carrier.enquire !== undefined)
      if (able.length === 0) return { kind: 'unavailable' }
      const carrier = able.find((link) => epochNow(link) !== undefined)?.carrier
      if (carrier?.enquire === undefined) return { kind: 'link_down' }
      counters.enquiries += 1
      const response = await carrier.enquire({
        kind: 'nameEnquiryRequest',
        rrn,
        stan: must(parseStan(String(serial).padStart(6, '0')), 'STAN'),
        remitterBank: bank.remitterBank,
        transactionId,
        transmittedAt: now,
        channel,
        remitter: remitter.account === undefined ? askedBy(bank) : remitter,
        beneficiary,
      })
      if (response === undefined) return { kind: 'no_answer' }
      return { kind: 'answered', response, reference }
    },

    answer({ beneficiary }) {
      counters.inwardEnquiries += 1
      return tell(beneficiary)
    },
  }
}
