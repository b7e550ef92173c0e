import { writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { problems } from './http/problems.ts'

/** docs/reference/errors.md, from the table of problems: `node src/print-errors.ts` writes it, a test compares it. */
export function errorsDocument(): string {
  const rows = Object.entries(problems)
    .sort(([, [a]], [, [b]]) => a - b)
    .map(([code, [status, title]]) => `| ${status} | \`${code}\` | ${title} |`)
  return [
    '# Errors',
    '',
    'Every error is an RFC 9457 problem document, `application/problem+json`: `type`, `title`, `status`, `detail`, and a `code` that never changes. Branch on',
    'the `code`. What was refused with 4xx was not done; after 503 the same request with the same `Idempotency-Key` may be sent again.',
    '',
    '| Status | Code | Means |',
    '|---|---|---|',
    ...rows,
    '',
    'This page is made from `src/http/problems.ts`.',
    '',
  ].join('\n')
}

if (process.argv[1] === fileURLToPath(import.meta.url))
  writeFileSync(fileURLToPath(new URL('../docs/reference/errors.md', import.meta.url)), errorsDocument())
