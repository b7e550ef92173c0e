import {
  keepPreviousData,
  type UseQueryResult,
  useInfiniteQuery,
  useMutation,
  useQuery,
  useQueryClient,
} from '@tanstack/react-query'
import { call } from './client.ts'
import type { Problem } from './problem.ts'
import type { Answer, Call, Item, Method, Path, Query } from './shapes.ts'

type More = {
  /** False: it is not asked for yet. */
  readonly enabled?: boolean
  /** Asked for again every so many milliseconds, while the page is looked at. */
  readonly everyMs?: number
  /** Another one: what is kept is old, and asked for again. */
  readonly stamp?: string
}

/** What the API answers to a GET, kept and shared by path and query. Refused: `error` is the problem. */
export function useApi<P extends Path<'get'>>(
  path: P,
  given: Call<'get', P>,
  { enabled = true, everyMs, stamp }: More = {},
): UseQueryResult<Answer<'get', P>, Problem> {
  return useQuery<Answer<'get', P>, Problem>({
    queryKey: [path, given.params ?? null, given.query ?? null, ...(stamp === undefined ? [] : [stamp])],
    queryFn: ({ signal }) => call('get', path, { ...given, signal }),
    enabled,
    placeholderData: keepPreviousData,
    ...(everyMs === undefined ? {} : { refetchInterval: everyMs }),
  })
}

type Page<P extends Path<'get'>> = {
  readonly data: readonly Item<P>[]
  readonly hasMore: boolean
  readonly nextCursor: string | null
}

/** So many pages without a row one after the other, and it is not gone on by itself: what is looked for may be nowhere. */
const PAUSE_PAGES = 4

const none: readonly never[] = []

type Pages<T> = { readonly pages: readonly { readonly data: readonly T[] }[] }

/** One function for ever: with a new one at each drawing all rows would be compared with themselves each time. */
const gather = <T>({ pages }: Pages<T>): { readonly rows: readonly T[]; readonly empties: number } => ({
  rows: pages.flatMap(({ data }) => data),
  empties: pages.length - 1 - pages.findLastIndex(({ data }) => data.length > 0),
})

/**
 * A list of the API, a page at a time: `rows` are all that came so far, `more` asks for the next ones. A page may be empty and not the last, where
 * the hub has looked through all that one call may look through.
 */
export function useList<P extends Path<'get'>>(
  path: P,
  given: Call<'get', P> & { readonly query?: Omit<Query<'get', P>, 'cursor'> },
  { enabled = true, everyMs }: More = {},
) {
  const found = useInfiniteQuery<
    Page<P>,
    Problem,
    ReturnType<typeof gather<Item<P>>>,
    readonly unknown[],
    string | undefined
  >({
    queryKey: [path, given.params ?? null, given.query ?? null, 'list'],
    queryFn: async ({ signal, pageParam }) => {
      const query = { ...Object(given.query), ...(pageParam === undefined ? {} : { cursor: pageParam }) }
      return pageOf<P>(await call('get', path, { ...given, query, signal }))
    },
    initialPageParam: undefined,
    getNextPageParam: (last) => (last.hasMore ? (last.nextCursor ?? undefined) : undefined),
    select: gather,
    placeholderData: keepPreviousData,
    enabled,
    ...(everyMs === undefined ? {} : { refetchInterval: everyMs }),
  })
  const { rows = none, empties = 0 } = found.data ?? {}
  return {
    rows,
    problem: found.error,
    isLoading: found.isPending,
    /** Shown rows are those of the filters before. */
    isStale: found.isPlaceholderData,
    hasMore: found.hasNextPage,
    isLoadingMore: found.isFetchingNextPage,
    /** There may be more, but the last pages had nothing: a person says whether to go on. */
    isPaused: found.hasNextPage && empties > 0 && empties % PAUSE_PAGES === 0,
    more: () => void found.fetchNextPage(),
    again: () => void found.refetch(),
  }
}

/** Lists of the API that have no pages are a page that is the last. */
function pageOf<P extends Path<'get'>>(answer: unknown): Page<P> {
  const { data, hasMore = false, nextCursor = null } = Object(answer)
  return { data, hasMore, nextCursor }
}

/**
 * A call that changes something. What is shown of the paths in `touches` is asked for again when it is done.
 * @param touches  beginnings of paths
 */
export function useChange<M extends Exclude<Method, 'get'>, P extends Path<M>>(
  method: M,
  path: P,
  { touches = [] }: { readonly touches?: readonly string[] } = {},
) {
  const client = useQueryClient()
  return useMutation<Answer<M, P>, Problem, Call<M, P>>({
    mutationFn: (given) => call(method, path, given),
    onSuccess: () =>
      client.invalidateQueries({
        predicate: ({ queryKey: [first] }) => touches.some((one) => String(first).startsWith(one)),
      }),
  })
}
