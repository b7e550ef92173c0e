import { Command } from 'commander'
import { exitCodes } from '../hub.ts'
import { dayAndTime, paint, rupees } from '../show.ts'
import { type ConnectionOptions, connect, say, withConnection } from './connection.ts'
import { tableOf } from './table.ts'

type Options = ConnectionOptions & { readonly limit: string; readonly json?: true }

/** `turant accounts`. @param end  takes the exit code */
export function accountsCommand(end: (code: number) => void): Command {
  const command = new Command('accounts')
    .description('Shows accounts with what is in them; or one account with its entries.')
    .argument('[account]', 'acc_…: its entries, newest first')
    .option('--limit <number>', 'how many, at most 1000', '20')
    .option('--json', 'print JSON, one a line')
    .addHelpText(
      'after',
      `
Examples:
  turant accounts
  turant accounts acc_100001 --limit 5

Exit codes: ${exitCodes.done} shown, ${exitCodes.usage} no such account, ${exitCodes.unreachable} no hub.`,
    )
  return withConnection(command).action(async (account: string | undefined, options: Options) => {
    const { turant } = connect(options)
    const limit = Math.min(1_000, Math.max(1, Math.trunc(Number(options.limit)) || 20))
    const query = { limit: Math.min(limit, 100) }
    if (account === undefined) {
      const found = await turant.accounts.list(query).toArray(limit)
      if (options.json === true) for (const one of found) say(JSON.stringify(one))
      else {
        const rows = found.map(({ id, name, ifsc, accountNumber, status, balance, available }) => [
          id,
          name,
          `${ifsc} ${accountNumber}`,
          status,
          rupees(balance),
          rupees(available),
        ])
        say(tableOf(['id', 'name', 'account', 'status', 'balance', 'available'], rows, [4, 5]))
      }
    } else {
      const one = await turant.accounts.get(account)
      const found = await turant.accounts.entries.list(account, query).toArray(limit)
      if (options.json === true) for (const entry of found) say(JSON.stringify(entry))
      else {
        say(`${paint('bold', one.name)}  ${one.ifsc} ${one.accountNumber}  ${one.status}`)
        say(`  ${rupees(one.balance)}, of which ${rupees(one.available)} can be used`)
        const rows = found.map(({ number, at, kind, amount, balanceAfter, paymentId }) => [
          number,
          dayAndTime(at),
          kind,
          rupees(amount),
          rupees(balanceAfter),
          paymentId ?? '',
        ])
        say(tableOf(['entry', 'when (IST)', 'kind', 'amount', 'balance', 'payment'], rows, [3, 4]))
      }
    }
    end(exitCodes.done)
  })
}
