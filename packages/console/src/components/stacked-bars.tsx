import 'uplot/dist/uPlot.min.css'
import { Box, useComputedColorScheme, VisuallyHidden } from '@mantine/core'
import { useElementSize } from '@mantine/hooks'
import { useEffect, useRef } from 'react'
import uPlot from 'uplot'
import { counted } from './counted.ts'
import classes from './stacked-bars.module.css'

export type Bars = {
  readonly name: string
  /** A colour of the kit: `green-7`. */
  readonly color: string
  /** One for each label. */
  readonly values: readonly number[]
}

const HEIGHT = 240
const WIDEST_BAR = 48

/** Bars on top of one another, what they are under the pointer beneath; a table for whoever does not see them. */
export function StackedBars({
  title,
  head,
  labels,
  bars,
}: {
  readonly title: string
  /** What the labels are. */
  readonly head: string
  readonly labels: readonly string[]
  readonly bars: readonly Bars[]
}) {
  const { ref: sized, width } = useElementSize()
  const scheme = useComputedColorScheme()
  const holder = useRef<HTMLDivElement>(null)
  const plot = useRef<uPlot>(null)
  const shown = useRef({ head, labels, bars, width })
  shown.current = { head, labels, bars, width }
  const isSized = width > 0

  // biome-ignore lint/correctness/useExhaustiveDependencies: the ink is that of the scheme, and the words those of the series
  useEffect(() => {
    if (!isSized || holder.current === null) return
    plot.current = draw(holder.current, () => shown.current)
    return () => {
      plot.current?.destroy()
      plot.current = null
    }
  }, [isSized, scheme, bars.map(({ name }) => name).join()])
  useEffect(() => {
    plot.current?.setSize({ width, height: HEIGHT })
  }, [width])
  useEffect(() => {
    plot.current?.setData(piled(labels, bars))
  }, [labels, bars])

  return (
    <Box ref={sized}>
      <div ref={holder} className={classes.bars} aria-hidden="true" />
      <VisuallyHidden>
        <table>
          <caption>{title}</caption>
          <thead>
            <tr>
              <th scope="col">{head}</th>
              {bars.map(({ name }) => (
                <th key={name} scope="col">
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {labels.map((label, i) => (
              <tr key={label}>
                <th scope="row">{label}</th>
                {bars.map(({ name, values }) => (
                  <td key={name}>{values[i]}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </VisuallyHidden>
    </Box>
  )
}

type Shown = {
  readonly head: string
  readonly labels: readonly string[]
  readonly bars: readonly Bars[]
  readonly width: number
}

/** Each bar with those beneath it, the whole pile first: what is drawn later stands in front. */
function piled(labels: readonly string[], bars: readonly Bars[]): uPlot.AlignedData {
  const piles = bars.map((_, last) =>
    labels.map((_label, i) => bars.slice(0, last + 1).reduce((sum, { values }) => sum + (values[i] ?? 0), 0)),
  )
  return [labels.map((_, i) => i), ...piles.reverse()]
}

function draw(into: HTMLElement, now: () => Shown): uPlot {
  const style = getComputedStyle(into)
  const colorOf = (name: string): string => style.getPropertyValue(`--mantine-color-${name}`)
  const { head, labels, bars, width } = now()
  const axis = { stroke: colorOf('dimmed'), ticks: { show: false } }
  const paths = uPlot.paths.bars?.({ size: [0.6, WIDEST_BAR] })
  const grid = { stroke: colorOf('default-border'), width: 1, dash: [4, 4] }
  return new uPlot(
    {
      width,
      height: HEIGHT,
      scales: {
        x: { time: false, range: () => [-0.5, Math.max(now().labels.length, 1) - 0.5] },
        y: { range: (_plot, _min, most) => [0, Math.max(most, 1) * 1.1] },
      },
      axes: [
        {
          ...axis,
          grid: { show: false },
          splits: () => now().labels.map((_, i) => i),
          values: (_plot, splits) => splits.map((i) => now().labels[i] ?? ''),
        },
        {
          ...axis,
          grid,
          incrs: WHOLE,
          values: (_plot, splits) => splits.map(counted),
        },
      ],
      cursor: { y: false, drag: { x: false, y: false }, points: { show: false } },
      series: [
        { label: head, value: (_plot, i) => (i === null ? '' : (now().labels[i] ?? '')) },
        ...bars
          .map(({ name, color }, own) => ({
            label: name,
            fill: colorOf(color),
            stroke: colorOf(color),
            width: 0,
            points: { show: false },
            ...(paths === undefined ? {} : { paths }),
            value: (_plot: uPlot, _pile: number, _series: number, i: number | null) =>
              i === null ? '' : counted(now().bars[own]?.values[i] ?? 0),
          }))
          .reverse(),
      ],
    },
    piled(labels, bars),
    into,
  )
}

/** Steps of the axis: payments are whole. */
const WHOLE = [
  1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 20_000, 50_000, 100_000, 200_000, 500_000, 1_000_000,
]
