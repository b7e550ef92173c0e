import { MantineProvider } from '@mantine/core'
import { ModalsProvider } from '@mantine/modals'
import { Notifications } from '@mantine/notifications'
import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { Suspense } from 'react'
import { useTranslation } from 'react-i18next'
import { RouterProvider } from 'react-router'
import { Problem } from '../api/problem.ts'
import { SessionProvider } from '../session/session.tsx'
import { router } from './router.tsx'
import { readable, theme } from './theme.ts'
import { Waiting } from './waiting.tsx'

/** A refusal does not get better by asking again; only a hub that was away may be there now. */
const mayHelp = new Set(['offline', 'not_a_hub', 'database_unavailable', 'too_busy'])

const queries = new QueryClient({
  defaultOptions: {
    queries: {
      retry: (failures, error) => failures < 2 && error instanceof Problem && mayHelp.has(error.code),
      staleTime: 2_000,
    },
    mutations: { retry: false },
  },
})

export function App({ nonce }: { readonly nonce: string }) {
  return (
    <MantineProvider
      theme={theme}
      cssVariablesResolver={readable}
      defaultColorScheme="auto"
      getStyleNonce={() => nonce}
    >
      <QueryClientProvider client={queries}>
        <Suspense fallback={<Waiting />}>
          <Inside />
        </Suspense>
      </QueryClientProvider>
    </MantineProvider>
  )
}

/** What needs texts. */
function Inside() {
  const { t } = useTranslation()
  return (
    <ModalsProvider modalProps={{ closeButtonProps: { 'aria-label': t('close') } }}>
      <Notifications position="top-right" />
      <SessionProvider>
        <Suspense fallback={<Waiting />}>
          <RouterProvider router={router} />
        </Suspense>
      </SessionProvider>
    </ModalsProvider>
  )
}
