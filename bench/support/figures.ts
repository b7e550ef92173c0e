import { execFileSync } from 'node:child_process'
import { cpus, totalmem } from 'node:os'

/** One measured figure and the gate it must pass; no gate means it is only shown. */
export type Figure = {
  readonly what: string
  readonly value: number
  readonly unit: string
  readonly gate?: { readonly kind: 'atLeast' | 'atMost'; readonly value: number }
  readonly note?: string
}

export const passes = (figure: Figure): boolean =>
  figure.gate === undefined ||
  (figure.gate.kind === 'atLeast' ? figure.value >= figure.gate.value : figure.value <= figure.gate.value)

const shown = (value: number): string =>
  value >= 1000 ? Math.round(value).toLocaleString('en-IN') : value.toPrecision(3).replace(/\.0+$/, '')

/** Figures as a Markdown table. */
export function table(figures: readonly Figure[]): string {
  const rows = figures.map((figure) => {
    const gate =
      figure.gate === undefined ? '' : `${figure.gate.kind === 'atLeast' ? '≥' : '≤'} ${shown(figure.gate.value)}`
    const verdict = figure.gate === undefined ? '' : passes(figure) ? 'yes' : '**no**'
    return `| ${figure.what} | ${shown(figure.value)} ${figure.unit} | ${gate} | ${verdict} | ${figure.note ?? ''} |`
  })
  return ['| What | Measured | Gate | Passed | Note |', '| --- | --- | --- | --- | --- |', ...rows].join('\n')
}

/** The machine, the date and the commit that figures belong to. */
export function circumstances(): string {
  const [cpu] = cpus()
  const commit = execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).trim()
  const date = new Date().toISOString().slice(0, 10)
  return `${cpus().length} cores (${cpu?.model.trim() ?? 'unknown'}), ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.version}, ${date}, commit ${commit}`
}
