/** Where a rule of the house has an exception. Each line is a decision; a path ending in `/` allows a folder. */

/** Casts, and why each is there. Elsewhere a value gets its type from a check. */
export const castsAllowed: Readonly<Record<string, string>> = {
  'src/base/identifiers.ts': 'a brand is earned by the check beside it',
  'src/base/money.ts': 'a brand is earned by the check beside it',
  'src/base/random.ts': 'an index below the length of a typed array',
  'packages/console/src/api/client.ts': 'one table, of the API, gives both the calls and what they answer',
  'packages/iso8583/': 'the codec: from bytes to the type its table declares',
  'packages/sdk/src/client.ts': 'one table gives both the methods and, by the document it is made from, their types',
  'src/config.ts': 'one table gives both the values and their types',
  'src/db/': 'the SQL edge, and indexes below a length',
  'src/ledger/store.ts': 'the SQL edge',
  'src/ledger/journals.ts': 'the SQL edge',
  'src/base/json.ts': 'indexes below a length, in the loop that reads every byte of a body',
  'src/http/validation.ts': 'what ajv says of a schema has no type',
  'src/payment/': 'the SQL edge, and indexes below a length',
  'src/payment-link/store.ts': 'the SQL edge',
  'src/risk/store.ts': 'the SQL edge',
  'src/risk/rules.ts': 'one table gives both the rules and their names',
  'src/rail/store.ts': 'the SQL edge',
  'src/imps/xml/table.ts': 'the codec: from a document to the type its table declares',
  'src/rail/dispatch.ts': 'an index below a length',
  'src/audit/store.ts': 'the SQL edge',
  'src/customer/customer-store.ts': 'the SQL edge',
  'src/settlement/intake/line-store.ts': 'the SQL edge: rows that were proved when they were written',
  'src/identity/rights.ts': 'one table gives both the roles and their names',
  'src/http/limits.ts': 'a change that was validated when it was asked for, and is as its digest says',
  'src/http/clients.ts': 'the same',
  'src/http/fee-rates.ts': 'the same',
  'src/http/beneficiaries.ts': 'the same',
  'src/http/people.ts': 'a change that was validated when it was asked for, and is as its digest says',
  'src/rail/iso-link.ts': 'an index below a length',
  'src/secrecy/pkcs11-worker.ts':
    'a native module that is not there at compile time, and what this thread was started with',
}

/** What pure files may import besides one another: libraries whose answer depends on nothing but what they are given. */
export const pureImportsAllowed: Readonly<Record<string, readonly string[]>> = {
  '': ['node:assert/strict'],
  'src/payment/four-eyes.ts': ['node:crypto'],
  'src/payer-page/': [
    'qrcode',
    ...['bn', 'en', 'gu', 'hi', 'kn', 'ml', 'mr', 'ta', 'te'].map((one) => `to-words/${one}-IN`),
    'to-words/ur-PK',
  ],
  'src/imps/iso8583/mac.ts': ['node:crypto', '@noble/ciphers/aes.js'],
  'src/imps/files/': ['csv-parse/sync', 'csv-stringify/sync', 'exceljs', 'node:zlib'],
  'src/imps/files/pgp.ts': ['openpgp'], // session keys and salts are its own; what is opened does not depend on them
  'src/imps/xml/': ['@xmldom/xmldom', 'xml-crypto', 'node:crypto'],
}

/** The clock and chance of the system themselves; programs that a person runs. */
export const timersAllowed: readonly string[] = [
  'src/base/clock.ts',
  'src/base/random.ts',
  'packages/sdk/src/host.ts',
  'src/cli/',
  'packages/console/src/clock.ts',
]
