import type { ComponentType } from 'react'
import { createBrowserRouter, Navigate } from 'react-router'
import { type Area, areas, areasFor } from '../screens.ts'
import { useSession } from '../session/session.tsx'
import { SignInPage } from '../session/sign-in-page.tsx'
import { Broken } from './broken.tsx'
import { Frame } from './frame.tsx'
import { NotFound } from './not-found.tsx'
import { Waiting } from './waiting.tsx'

/** Where somebody begins: at the first area that they may see. */
function Start() {
  const [first] = areasFor(useSession().rights)
  return first === undefined ? <NotFound /> : <Navigate to={`/${first.name}`} replace />
}

/** A screen, for whoever may see its area; nothing of it for anybody else, whatever address they typed. */
function seenBy(area: Area, Screen: ComponentType): ComponentType {
  return function Seen() {
    return areasFor(useSession().rights).includes(area) ? <Screen /> : <NotFound />
  }
}

export const router = createBrowserRouter(
  [
    { path: '/sign-in', Component: SignInPage, errorElement: <Broken />, HydrateFallback: Waiting },
    {
      path: '/invitation',
      HydrateFallback: Waiting,
      errorElement: <Broken />,
      lazy: async () => ({ Component: (await import('../session/invitation-page.tsx')).InvitationPage }),
    },
    {
      path: '/',
      Component: Frame,
      HydrateFallback: Waiting,
      errorElement: <Broken />,
      children: [
        { index: true, Component: Start },
        ...areas.map((area) => ({
          path: `${area.name}/*`,
          errorElement: <Broken />,
          lazy: async () => ({ Component: seenBy(area, (await area.load()).Screen) }),
        })),
        {
          path: 'own',
          errorElement: <Broken />,
          lazy: async () => ({ Component: (await import('../screens/own/index.tsx')).Screen }),
        },
        { path: '*', Component: NotFound },
      ],
    },
  ],
  { basename: '/console' },
)
