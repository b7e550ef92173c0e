import type { FastifyInstance } from 'fastify'
import { type Static, Type } from 'typebox'
import { must, parseIfsc } from '../base/identifiers.ts'
import { type Bank, type BankDirectory, bankOfIfsc, describeIfsc } from '../imps/banks.ts'
import { branchOf, type IfscList } from '../imps/ifsc.ts'
import { invalidCursor, textCursor, toPage } from './page.ts'
import { needs } from './policy.ts'
import { Problem } from './problems.ts'
import { answers, Cursor, IfscWord, Limit, nullable, pageOf, strict } from './schemas.ts'

export type DirectoryDeps = {
  readonly directory: BankDirectory
  /** Every branch that the Reserve Bank lists; without it nothing is known about branches. */
  readonly ifscList?: IfscList
}

const BankDocument = strict({
  code: Type.String({
    description: 'the first four letters of its IFSCs, or what a sub-member without any is known by',
  }),
  name: Type.String(),
  nbin: nullable(
    Type.String({ description: "NPCI's number of the bank; without it nobody there is paid by mobile number" }),
  ),
  takesImps: Type.Boolean(),
  source: Type.Unsafe<Bank['source']>({
    type: 'string',
    enum: ['profile', 'npci', 'dataset'],
    description:
      "who says whether it takes IMPS: the wire profile, NPCI's list of members, or the public dataset, which assumes it of every bank",
  }),
})

const IfscDocument = strict({
  ifsc: IfscWord,
  branch: Type.String({ description: 'the code of the branch' }),
  bank: BankDocument,
  behind: nullable(
    strict(
      { code: nullable(Type.String()), name: Type.String() },
      'the bank whose branch this is, where it uses an IFSC of another bank',
    ),
  ),
  listed: nullable(
    Type.Boolean({
      description: 'whether the Reserve Bank lists the branch; null where the list does not have the bank',
    }),
  ),
  takesImps: nullable(
    Type.Boolean({
      description:
        'false: the bank or the code is known not to take IMPS; null: nobody knows, the branch is not listed; else as the bank',
    }),
  ),
})

const BankFilters = strict({
  q: Type.Optional(Type.String({ minLength: 1, maxLength: 64, description: 'a part of a name or code' })),
  limit: Limit,
  cursor: Cursor,
})

const IfscPath = strict({ code: IfscWord })

/** Who can be paid. */
export function directoryRoutes(app: FastifyInstance, { directory, ifscList }: DirectoryDeps): void {
  app.get<{ Querystring: Static<typeof BankFilters> }>(
    '/v1/banks',
    {
      config: needs('directory:read'),
      schema: {
        tags: ['Directory'],
        summary: 'Banks, by code',
        querystring: BankFilters,
        response: answers(200, pageOf(BankDocument), ['invalid_request', 'invalid_cursor', 'unauthorized']),
      },
    },
    async ({ query }) => {
      const limit = query.limit ?? 25
      const after = query.cursor === undefined ? '' : Buffer.from(query.cursor, 'base64url').toString('latin1')
      if (query.cursor !== undefined && !directory.byCode.has(after)) throw invalidCursor()
      const wanted = query.q?.toLowerCase() ?? ''
      const rest = directory.all.filter(
        ({ code, name }) =>
          code > after && (name.toLowerCase().includes(wanted) || code.toLowerCase().includes(wanted)),
      )
      return toPage(rest, limit, bankView, ({ code }) => textCursor(code))
    },
  )

  app.get<{ Params: Static<typeof IfscPath> }>(
    '/v1/ifsc/:code',
    {
      config: needs('directory:read'),
      schema: {
        tags: ['Directory'],
        summary: 'The bank behind an IFSC',
        description:
          'From the public list of the Reserve Bank that comes with the hub. Nobody publishes which branches take IMPS: see `takesImps`.',
        params: IfscPath,
        response: answers(200, IfscDocument, ['invalid_request', 'unauthorized', 'not_found']),
      },
    },
    async ({ params }) => {
      const ifsc = must(parseIfsc(params.code), 'IFSC')
      const bank = bankOfIfsc(directory, ifsc)
      if (bank === undefined)
        throw new Problem('not_found', { detail: `The directory has no bank ${ifsc.slice(0, 4)}.` })
      const { behind, listed, takesImps } = describeIfsc(directory, ifscList, ifsc, bank)
      return { ifsc, branch: branchOf(ifsc), bank: bankView(bank), behind, listed, takesImps }
    },
  )
}

const bankView = ({ code, name, nbin, takesImps, source }: Bank) => ({
  code,
  name,
  nbin: nbin ?? null,
  takesImps,
  source,
})
