import { AppShell, Burger, Group, NavLink, ScrollArea, Skeleton } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { Suspense } from 'react'
import { useTranslation } from 'react-i18next'
import { Link, Navigate, Outlet, useLocation } from 'react-router'
import { ProblemAlert } from '../components/problem-alert.tsx'
import { areasFor } from '../screens.ts'
import { IdleWatch } from '../session/idle-watch.tsx'
import { ProofDialog } from '../session/proof-dialog.tsx'
import { useSession, useSigning } from '../session/session.tsx'
import { Brand, ModeBadge } from './brand.tsx'
import classes from './frame.module.css'
import { OwnMenu } from './own-menu.tsx'
import { SearchBox } from './search-box.tsx'
import { Shortcuts } from './shortcuts.tsx'
import { Waiting } from './waiting.tsx'

/** What is around every screen; and nobody is inside who is not signed in. */
export function Frame() {
  const { presence, retry } = useSigning()
  const { pathname, search } = useLocation()
  switch (presence.kind) {
    case 'unknown':
      return <Skeleton height="100vh" radius={0} />
    case 'away':
      return <ProblemAlert problem={presence.problem} again={retry} />
    case 'signed_out':
      return <Navigate to="/sign-in" replace state={{ back: `${pathname}${search}` }} />
    case 'signed_in':
      return <SignedInFrame />
  }
}

function SignedInFrame() {
  const { t } = useTranslation()
  const [menuOpen, menu] = useDisclosure(false)
  const { rights } = useSession()
  const { pathname } = useLocation()
  const seen = areasFor(rights)
  return (
    <AppShell
      header={{ height: 56 }}
      navbar={{ width: 220, breakpoint: 'sm', collapsed: { mobile: !menuOpen } }}
      padding="md"
    >
      <a href="#main" className={classes.skip}>
        {t('skip')}
      </a>
      <AppShell.Header>
        <Group h="100%" px="md" gap="sm" wrap="nowrap">
          <Burger
            opened={menuOpen}
            onClick={menu.toggle}
            hiddenFrom="sm"
            size="sm"
            aria-label={menuOpen ? t('menu.close') : t('menu.open')}
          />
          <Brand />
          <ModeBadge />
          {rights.includes('payments:read') ? <SearchBox /> : <div className={classes.gap} />}
          <OwnMenu />
        </Group>
      </AppShell.Header>
      <AppShell.Navbar p="xs" component="nav" aria-label={t('menu.label')}>
        <ScrollArea>
          {seen.map(({ name, icon: Icon }) => (
            <NavLink
              key={name}
              component={Link}
              to={`/${name}`}
              label={t(`nav.${name}`)}
              leftSection={<Icon size={18} stroke={1.6} />}
              active={pathname === `/${name}` || pathname.startsWith(`/${name}/`)}
              aria-current={pathname.startsWith(`/${name}`) ? 'page' : undefined}
              onClick={menu.close}
              className={classes.link}
            />
          ))}
        </ScrollArea>
      </AppShell.Navbar>
      <AppShell.Main id="main" tabIndex={-1} className={classes.main}>
        <Suspense fallback={<Waiting />}>
          <Outlet />
        </Suspense>
      </AppShell.Main>
      <Shortcuts areas={seen} />
      <ProofDialog />
      <IdleWatch />
    </AppShell>
  )
}
