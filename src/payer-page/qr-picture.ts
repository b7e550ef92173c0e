import { create } from 'qrcode'
import { Markup } from '../base/markup.ts'

/** Light modules around the code, as scanners need them. @source ISO/IEC 18004 §9.1 */
const QUIET = 4

/**
 * A QR code as an SVG element, black on white whatever the page's colours are; no script, no style.
 * @param label  what a screen reader says of it
 */
export function qrPicture(text: string, label: Markup): Markup {
  const { modules } = create(text, { errorCorrectionLevel: 'M' })
  const { size } = modules
  const runs: string[] = []
  for (let row = 0; row < size; row += 1) {
    for (let column = 0; column < size; column += 1) {
      if (modules.get(row, column) === 0) continue
      const start = column
      while (column + 1 < size && modules.get(row, column + 1) === 1) column += 1
      runs.push(`M${start + QUIET} ${row + QUIET}h${column + 1 - start}v1H${start + QUIET}z`)
    }
  }
  const side = size + 2 * QUIET
  return new Markup(
    `<svg class="code" role="img" aria-label="${label.text}" viewBox="0 0 ${side} ${side}" shape-rendering="crispEdges">` +
      `<path fill="#fff" d="M0 0h${side}v${side}H0z"/><path d="${runs.join('')}"/></svg>`,
  )
}
