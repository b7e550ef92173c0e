import { NavLink } from 'react-router'
import classes from './area-tabs.module.css'

/** The parts of an area, each with an address of its own. @param label  what they are parts of, for whoever hears it */
export function AreaTabs({
  label,
  tabs,
}: {
  readonly label: string
  readonly tabs: readonly { readonly to: string; readonly label: string }[]
}) {
  return (
    <nav aria-label={label} className={`${classes.tabs} noprint`}>
      {tabs.map(({ to, label: text }) => (
        <NavLink key={to} to={to} className={classes.tab ?? ''}>
          {text}
        </NavLink>
      ))}
    </nav>
  )
}
