import { hash } from 'node:crypto'
import type { Outbound } from '../base/outbound.ts'
import type { Vault } from '../base/vault.ts'
import { isVerdict, type RiskPort } from '../payment/risk.ts'

export type OutsideOptions = {
  readonly outbound: Outbound
  readonly url: string
  /** Sent as a bearer token. */
  readonly key: string | undefined
  readonly vault: Vault
  /** How long a call may take: no longer than anybody waits for it. */
  readonly timeoutMs: number
}

/**
 * An engine elsewhere behind the port of risk: one POST, one verdict. The beneficiary goes out as a blind index, by which an engine
 * recognises it again and learns nothing else; names, numbers and remarks stay here.
 * @throws what the call throws, and on any answer that is not 200 with a verdict
 */
export const createOutsideEngine = ({ outbound, url, key, vault, timeoutMs }: OutsideOptions): RiskPort => ({
  async assess({ tenantId, accountId, to, channel, amountPaise }, signal) {
    const beneficiary = to.kind === 'account' ? vault.index('account', to.account) : vault.index('mobile', to.mobile)
    const body = JSON.stringify({
      tenant: tenantId,
      account: accountId,
      channel,
      amount: String(amountPaise),
      beneficiary: {
        kind: to.kind,
        // Not the index itself: what is searched for in this database is nobody else's.
        token: hash('sha256', `risk:${beneficiary}`).slice(0, 32),
        bank: to.kind === 'account' ? to.ifsc.slice(0, 4) : to.mmid.slice(0, 4),
      },
    })
    signal.throwIfAborted()
    const answer = await outbound.send({
      method: 'POST',
      url,
      headers: {
        'content-type': 'application/json',
        accept: 'application/json',
        ...(key === undefined ? {} : { authorization: `Bearer ${key}` }),
      },
      body,
      timeoutMs,
    })
    if (answer.status !== 200) throw new Error(`the engine of risk answered ${answer.status}`)
    const said: unknown = JSON.parse(answer.body)
    if (!isVerdict(said)) throw new Error('the engine of risk answered something else')
    return { kind: said.kind, reasons: said.reasons, ruleSet: said.ruleSet }
  },
})
