/** A field of a CSV file (RFC 4180); what a spreadsheet would take for a formula gets a quote before it. */
export function csvField(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) && !/^-?[0-9][0-9.,]*$/.test(text) ? `'${text}` : text
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}

type CsvColumn<T> = { readonly header: string; readonly text?: (row: T) => string }

export function csvOf<T>(columns: readonly CsvColumn<T>[], rows: readonly T[]): string {
  const written = columns.flatMap(({ header, text }) => (text === undefined ? [] : [{ header, text }]))
  const lines = [
    written.map(({ header }) => csvField(header)),
    ...rows.map((row) => written.map(({ text }) => csvField(text(row)))),
  ]
  return lines.map((fields) => `${fields.join(',')}\r\n`).join('')
}

/** Gives the rows that are here to the browser as a file. */
export function downloadCsv<T>(name: string, columns: readonly CsvColumn<T>[], rows: readonly T[]): void {
  // With its mark, Excel reads it as UTF-8.
  download(`${name}.csv`, new Blob(['\uFEFF', csvOf(columns, rows)], { type: 'text/csv;charset=utf-8' }))
}

/** Gives a file to the browser. */
export function download(name: string, file: Blob): void {
  const url = URL.createObjectURL(file)
  const link = document.createElement('a')
  link.href = url
  link.download = name
  link.click()
  URL.revokeObjectURL(url)
}
