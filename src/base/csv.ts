/** One line of CSV, quoted as RFC 4180 has it; what a spreadsheet would take for a formula begins with an apostrophe. */
export const csvLine = (fields: readonly string[]): string =>
  `${fields
    .map((field) => (/^[=+\-@\t\r\0]/.test(field) ? `'${field}` : field))
    .map((field) => `"${field.replaceAll('"', '""')}"`)
    .join(',')}\r\n`
