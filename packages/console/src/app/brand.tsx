import { Badge, Group, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import icon from '../icon.svg'
import classes from './brand.module.css'

/** Where the hub's money is real: said in the page, which the hub makes. */
const mode = document.querySelector<HTMLMetaElement>('meta[name="hub-mode"]')?.content === 'live' ? 'live' : 'sandbox'
export const isSandbox = mode === 'sandbox'

export function Brand() {
  return (
    <Link to="/" className={classes.brand} aria-label="Turant">
      <Group gap={8} wrap="nowrap">
        <img src={icon} alt="" width={26} height={26} />
        <Text fw={700} size="lg" visibleFrom="xs">
          Turant
        </Text>
      </Group>
    </Link>
  )
}

/** In which world one is: real money, or none. */
export function ModeBadge() {
  const { t } = useTranslation()
  return (
    <Badge variant="light" color={isSandbox ? 'yellow' : 'green'} radius="sm" tt="none" className={classes.mode}>
      {t(`mode.${mode}`)}
    </Badge>
  )
}
