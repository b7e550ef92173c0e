import { useEffect, useRef } from 'react'
import { NavLink, useLocation } from 'react-router'
import classes from './area-tabs.module.css'

/** The parts of an area, each with an address of its own. @param label  what they are parts of, for whoever hears it */
export function AreaTabs({
  label,
  tabs,
}: {
  readonly label: string
  readonly tabs: readonly { readonly to: string; readonly label: string }[]
}) {
  const nav = useRef<HTMLElement>(null)
  const { pathname } = useLocation()
  const at = tabs.findIndex(({ to }) => pathname.startsWith(to))
  // On a phone the bar is wider than the window: where one is must be in it.
  useEffect(() => {
    const here = nav.current?.children[at]
    if (nav.current === null || !(here instanceof HTMLElement)) return
    nav.current.scrollLeft = here.offsetLeft - nav.current.offsetLeft - (nav.current.clientWidth - here.offsetWidth) / 2
  }, [at])
  return (
    <nav ref={nav} aria-label={label} className={`${classes.tabs} noprint`}>
      {tabs.map(({ to, label: text }) => (
        <NavLink key={to} to={to} className={classes.tab ?? ''}>
          {text}
        </NavLink>
      ))}
    </nav>
  )
}
