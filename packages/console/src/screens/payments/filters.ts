import type { Body } from '../../api/shapes.ts'
import { paiseOf } from '../../components/rupees.ts'

/** What the list is filtered by: kept in the address, so that a link shows the same. Dates are days in India, amounts rupees. */
export const filterNames = ['q', 'status', 'direction', 'from', 'to', 'min', 'max'] as const
export type Filters = Readonly<Partial<Record<(typeof filterNames)[number], string>>>

export const readFilters = (search: URLSearchParams): Filters =>
  Object.fromEntries(filterNames.flatMap((name) => (search.get(name) ? [[name, search.get(name) ?? '']] : [])))

export const statuses = [
  'requires_approval',
  'requires_authentication',
  'processing',
  'deemed',
  'succeeded',
  'failed',
  'returned',
  'cancelled',
] as const
export const directions = ['outward', 'inward'] as const

const DAY_MS = 86_400_000

/** The first moment of a day in India, as an instant. @param day  YYYY-MM-DD. @param later  so many days after it */
const dayBegins = (day: string, later = 0): string =>
  new Date(Date.parse(`${day}T00:00:00+05:30`) + later * DAY_MS).toISOString()

const among = <T extends string>(all: readonly T[], text: string | undefined): T | undefined =>
  all.find((one) => one === text)

type ViewFilters = Body<'post', '/v1/people/me/views'>['filters']

const isDay = (text: string | undefined): text is string => text !== undefined && /^\d{4}-\d{2}-\d{2}$/.test(text)

/** The filters as a saved view has them; what is no date or amount yet is not in it. */
export function viewFiltersOf({ q, status, direction, from, to, min, max }: Filters): ViewFilters {
  const given = {
    q,
    inStatus: among(statuses, status),
    direction: among(directions, direction),
    from: isDay(from) ? from : undefined,
    to: isDay(to) ? to : undefined,
    minAmount: min === undefined ? undefined : paiseOf(min),
    maxAmount: max === undefined ? undefined : paiseOf(max),
  }
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined))
}

/** The filters of a saved view as the address has them. */
export function filtersOfView({ inStatus, minAmount, maxAmount, ...rest }: ViewFilters): Filters {
  const rupeesOf = (paise: string): string =>
    paise
      .padStart(3, '0')
      .replace(/(\d\d)$/, '.$1')
      .replace(/\.00$/, '')
  return {
    ...rest,
    ...(inStatus === undefined ? {} : { status: inStatus }),
    ...(minAmount === undefined ? {} : { min: rupeesOf(minAmount) }),
    ...(maxAmount === undefined ? {} : { max: rupeesOf(maxAmount) }),
  }
}

/** The filters as the API takes them; what is no date or amount yet does not filter. */
export function queryOf({ q, status, direction, from, to, min, max }: Filters) {
  return {
    q,
    status: among(statuses, status),
    direction: among(directions, direction),
    from: isDay(from) ? dayBegins(from) : undefined,
    to: isDay(to) ? dayBegins(to, 1) : undefined,
    minAmount: min === undefined ? undefined : paiseOf(min),
    maxAmount: max === undefined ? undefined : paiseOf(max),
    limit: 100,
  }
}
