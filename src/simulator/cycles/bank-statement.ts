import { DOMImplementation, XMLSerializer } from '@xmldom/xmldom'
import { stringify } from 'csv-stringify/sync'
import { formatCycle } from '../../imps/cycles.ts'
import type { FileCycle } from '../../imps/files/rows.ts'

/**
 * What the Reserve Bank says of a member's settlement account: the money of a cycle really moved. One statement a cycle, opening plus
 * movement is closing. @source settlement.md §7.6
 */

export const statementForms = ['mt940', 'camt053', 'csv'] as const
export type StatementForm = (typeof statementForms)[number]

export type AccountStatement = {
  /** Settlement code of the member. */
  readonly bank: string
  readonly account: string
  readonly cycle: FileCycle
  /** Statements of an account are numbered without gaps. */
  readonly number: number
  readonly openingPaise: bigint
  /** What the cycle moved: more than zero is a credit. */
  readonly movedPaise: bigint
}

/** Where every settlement account of the sandbox begins: 500 crore rupees. */
export const OPENING_PAISE = 500_000_000_000n

const size = (amount: bigint): bigint => (amount < 0n ? -amount : amount)
const rupees = (amount: bigint, point: string): string =>
  `${size(amount) / 100n}${point}${String(size(amount) % 100n).padStart(2, '0')}`
const mark = (amount: bigint): 'C' | 'D' => (amount < 0n ? 'D' : 'C')

/** `NTSLTRN20261127C5`: 16 characters at most, as MT940 has room for. */
const referenceOf = ({ bank, cycle }: AccountStatement): string =>
  `${bank}${cycle.settlementDate.replaceAll('-', '')}C${cycle.number}`

const narrationOf = ({ bank, cycle }: AccountStatement): string => `IMPS NTSL ${bank} ${formatCycle(cycle)}`

const endings = { mt940: 'sta', camt053: 'xml', csv: 'csv' } as const satisfies Record<StatementForm, string>

export function writeAccountStatement(
  form: StatementForm,
  statement: AccountStatement,
): { name: string; text: string } {
  const { bank, cycle } = statement
  const [year = '', month = '', day = ''] = cycle.settlementDate.split('-')
  const number = /^\d/.test(cycle.number) ? `${cycle.number}C` : cycle.number
  const name = `RBISTMT${bank}${day}${month}${year.slice(2)}_${number}.${endings[form]}`
  const write = { mt940, camt053, csv }[form]
  return { name, text: write(statement) }
}

function mt940(statement: AccountStatement): string {
  const { account, cycle, number, openingPaise, movedPaise } = statement
  const date = cycle.settlementDate.slice(2).replaceAll('-', '')
  const balance = (tag: string, amount: bigint) => `:${tag}:${mark(amount)}${date}INR${rupees(amount, ',')}`
  return [
    `:20:${referenceOf(statement)}`,
    `:25:${account}`,
    `:28C:${number}/1`,
    balance('60F', openingPaise),
    `:61:${date}${date.slice(2)}${mark(movedPaise)}${rupees(movedPaise, ',')}NTRF${referenceOf(statement)}`,
    `:86:${narrationOf(statement)}`,
    balance('62F', openingPaise + movedPaise),
    '-',
    '',
  ].join('\r\n')
}

function csv(statement: AccountStatement): string {
  const { cycle, openingPaise, movedPaise } = statement
  const [debit, credit] = movedPaise < 0n ? [rupees(movedPaise, '.'), ''] : ['', rupees(movedPaise, '.')]
  const signed = (amount: bigint): string => `${amount < 0n ? '-' : ''}${rupees(amount, '.')}`
  return stringify([
    ['Value Date', 'Reference', 'Narration', 'Debit', 'Credit', 'Balance'],
    [cycle.settlementDate, '', 'Opening Balance', '', '', signed(openingPaise)],
    [
      cycle.settlementDate,
      referenceOf(statement),
      narrationOf(statement),
      debit,
      credit,
      signed(openingPaise + movedPaise),
    ],
    [cycle.settlementDate, '', 'Closing Balance', '', '', signed(openingPaise + movedPaise)],
  ])
}

const NAMESPACE = 'urn:iso:std:iso:20022:tech:xsd:camt.053.001.02'

/** An element: its text, or what is in it. */
type Part = readonly [name: string, inside: string | readonly Part[], attributes?: Readonly<Record<string, string>>]

function camt053(statement: AccountStatement): string {
  const { account, cycle, number, openingPaise, movedPaise } = statement
  const made = `${cycle.settlementDate}T23:59:59+05:30`
  const id = referenceOf(statement)
  const amount = (paise: bigint): Part => ['Amt', rupees(paise, '.'), { Ccy: 'INR' }]
  const sign = (paise: bigint): Part => ['CdtDbtInd', paise < 0n ? 'DBIT' : 'CRDT']
  const balance = (code: string, paise: bigint): Part => [
    'Bal',
    [['Tp', [['CdOrPrtry', [['Cd', code]]]]], amount(paise), sign(paise), ['Dt', [['Dt', cycle.settlementDate]]]],
  ]
  const entry: Part = [
    'Ntry',
    [
      amount(movedPaise),
      sign(movedPaise),
      ['Sts', 'BOOK'],
      ['BookgDt', [['Dt', cycle.settlementDate]]],
      ['ValDt', [['Dt', cycle.settlementDate]]],
      ['AcctSvcrRef', id],
      ['BkTxCd', [['Prtry', [['Cd', 'NTRF']]]]],
      [
        'NtryDtls',
        [
          [
            'TxDtls',
            [
              ['Refs', [['EndToEndId', id]]],
              ['RmtInf', [['Ustrd', narrationOf(statement)]]],
            ],
          ],
        ],
      ],
    ],
  ]
  const document = new DOMImplementation().createDocument(NAMESPACE, 'Document')
  const build = ([name, inside, attributes = {}]: Part) => {
    const element = document.createElementNS(NAMESPACE, name)
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value)
    if (typeof inside === 'string') element.appendChild(document.createTextNode(inside))
    else for (const part of inside) element.appendChild(build(part))
    return element
  }
  document.documentElement?.appendChild(
    build([
      'BkToCstmrStmt',
      [
        [
          'GrpHdr',
          [
            ['MsgId', id],
            ['CreDtTm', made],
          ],
        ],
        [
          'Stmt',
          [
            ['Id', id],
            ['ElctrncSeqNb', String(number)],
            ['CreDtTm', made],
            [
              'Acct',
              [
                ['Id', [['Othr', [['Id', account]]]]],
                ['Ccy', 'INR'],
              ],
            ],
            balance('OPBD', openingPaise),
            balance('CLBD', openingPaise + movedPaise),
            entry,
          ],
        ],
      ],
    ]),
  )
  return `<?xml version="1.0" encoding="UTF-8"?>\n${new XMLSerializer().serializeToString(document)}\n`
}
