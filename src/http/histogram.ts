/** A histogram that costs an addition per observation: labels are looked up once, not for every value. */
export type Histogram = {
  /** One series, by the values of its labels; the number of series must be bounded by the caller. */
  readonly of: (...labels: readonly string[]) => { readonly observe: (value: number) => void }
  /** In the text format of Prometheus. */
  readonly print: () => string
}

type Series = { readonly labels: readonly string[]; readonly counts: number[]; sum: number; total: number }

export function createHistogram(
  name: string,
  help: string,
  labelNames: readonly string[],
  buckets: readonly number[],
): Histogram {
  const series = new Map<string, Series & { readonly observe: (value: number) => void }>()
  const make = (labels: readonly string[]) => {
    const one = {
      labels,
      counts: buckets.map(() => 0),
      sum: 0,
      total: 0,
      observe(value: number) {
        one.sum += value
        one.total += 1
        for (let i = 0; i < buckets.length; i += 1) {
          if (value > (buckets[i] ?? 0)) continue
          one.counts[i] = (one.counts[i] ?? 0) + 1
          break
        }
      },
    }
    return one
  }
  return {
    of(...labels) {
      const key = labels.join('|')
      let one = series.get(key)
      if (one === undefined) {
        one = make(labels)
        series.set(key, one)
      }
      return one
    },
    print() {
      const lines = [`# HELP ${name} ${help}`, `# TYPE ${name} histogram`]
      for (const { labels, counts, sum, total } of series.values()) {
        const own = labels.map((value, i) => `${labelNames[i]}="${value}"`)
        const within = (more: readonly string[]) => (more.length === 0 ? '' : `{${more.join(',')}}`)
        let below = 0
        buckets.forEach((bucket, i) => {
          below += counts[i] ?? 0
          lines.push(`${name}_bucket${within([...own, `le="${bucket}"`])} ${below}`)
        })
        lines.push(`${name}_bucket${within([...own, 'le="+Inf"'])} ${total}`)
        lines.push(`${name}_sum${within(own)} ${sum}`, `${name}_count${within(own)} ${total}`)
      }
      return `${lines.join('\n')}\n`
    },
  }
}
