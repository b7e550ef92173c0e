import { must, parseAccountNumber, parseIfsc, parseMmid, parseMobile } from '../base/identifiers.ts'
import type { Beneficiary } from '../base/party.ts'
import type { BankDirectory } from '../imps/banks.ts'
import { defaultMmid } from '../imps/mmid.ts'
import type { Payee } from '../payment/beneficiary-store.ts'
import { Problem } from './problems.ts'

/**
 * Whom the request means, as the domain knows it: a mobile number and a bank become the bank's default MMID.
 * @returns the problem `bank_not_reachable` when no payment can go to that bank by mobile number
 * @source NPCI OC 119
 */
export function readBeneficiary(to: Payee, directory: BankDirectory): Beneficiary | Problem {
  switch (to.kind) {
    case 'account': {
      const ifsc = must(parseIfsc(to.ifsc), 'IFSC')
      const account = must(parseAccountNumber(to.account), 'account number')
      return to.name === undefined
        ? { kind: 'account', ifsc, account }
        : { kind: 'account', ifsc, account, name: to.name }
    }
    case 'mmid':
      return { kind: 'mmid', mobile: must(parseMobile(to.mobile), 'mobile'), mmid: must(parseMmid(to.mmid), 'MMID') }
    case 'mobile': {
      const bank = directory.byCode.get(to.bank)
      if (bank === undefined) return notReachable(`${to.bank} is not a bank of the directory`)
      if (!bank.takesImps) return notReachable(`${bank.name} does not take IMPS`)
      if (bank.nbin === undefined) return notReachable(`the number (NBIN) of ${bank.name} is not known to this hub`)
      const mobile = must(parseMobile(to.mobile), 'mobile')
      return { kind: 'mmid', mobile, mmid: defaultMmid(bank.nbin), bank: bank.code }
    }
  }
}

const notReachable = (why: string): Problem =>
  new Problem('bank_not_reachable', {
    detail: `The bank cannot be paid by mobile number: ${why}.`,
    errors: [{ field: 'to.bank', message: `cannot be paid by mobile number: ${why}` }],
  })
