import { useQueryClient } from '@tanstack/react-query'
import { createContext, type ReactNode, use, useCallback, useEffect, useMemo, useState } from 'react'
import type { Right } from '../../../../src/identity/rights.ts'
import { call, session as clientSession } from '../api/client.ts'
import { Problem } from '../api/problem.ts'
import type { Answer } from '../api/shapes.ts'

export type OwnSession = Answer<'get', '/v1/sessions/current'>

export type Presence =
  | { readonly kind: 'unknown' } //                                   the hub was not asked yet
  | { readonly kind: 'away'; readonly problem: Problem } //           it did not answer
  | { readonly kind: 'signed_out' }
  | { readonly kind: 'signed_in'; readonly session: OwnSession }

type Signing = {
  readonly presence: Presence
  /** A session began, or went on under another token. */
  readonly begun: (session: OwnSession) => void
  readonly signOut: () => Promise<void>
  readonly retry: () => void
}

const Context = createContext<Signing | undefined>(undefined)

/** Who is signed in, for everything below it. */
export function SessionProvider({ children }: { readonly children: ReactNode }) {
  const [presence, setPresence] = useState<Presence>({ kind: 'unknown' })
  const queries = useQueryClient()

  const begun = useCallback((session: OwnSession) => {
    clientSession.csrfToken = session.csrfToken
    setPresence({ kind: 'signed_in', session })
  }, [])
  const ended = useCallback(() => {
    clientSession.csrfToken = ''
    queries.clear()
    setPresence({ kind: 'signed_out' })
  }, [queries])
  const retry = useCallback(() => {
    call('get', '/v1/sessions/current', {}).then(begun, (error: unknown) => {
      if (!(error instanceof Problem)) throw error
      if (error.code !== 'unauthorized') setPresence({ kind: 'away', problem: error })
    })
  }, [begun])
  const signOut = useCallback(async () => {
    await call('delete', '/v1/sessions/current', {}).catch(() => undefined)
    ended()
  }, [ended])

  useEffect(() => {
    clientSession.ended = ended
    retry()
  }, [ended, retry])

  const signing = useMemo(() => ({ presence, begun, signOut, retry }), [presence, begun, signOut, retry])
  return <Context value={signing}>{children}</Context>
}

export function useSigning(): Signing {
  const found = use(Context)
  if (found === undefined) throw new Error('useSigning is for what is inside SessionProvider')
  return found
}

/** The session of whoever is signed in; for screens, which are shown to nobody else. */
export function useSession(): OwnSession {
  const { presence } = useSigning()
  if (presence.kind !== 'signed_in') throw new Error('useSession is for screens')
  return presence.session
}

/** Whether whoever is signed in has a right. */
export function useRight(right: Right): boolean {
  return useSession().rights.includes(right)
}
