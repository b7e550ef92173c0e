import { ActionIcon, Menu, Text, useMantineColorScheme } from '@mantine/core'
import {
  IconCheck,
  IconDeviceDesktop,
  IconKeyboard,
  IconLanguage,
  IconLogout,
  IconMoon,
  IconSun,
  IconUserCircle,
} from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { languages, speak } from '../i18n.ts'
import { useSession, useSigning } from '../session/session.tsx'
import { openShortcuts } from './shortcuts.tsx'

const schemes = [
  ['light', IconSun],
  ['dark', IconMoon],
  ['auto', IconDeviceDesktop],
] as const

/** Who one is, how the console looks and speaks, and the way out. */
export function OwnMenu() {
  const { t, i18n } = useTranslation()
  const { person } = useSession()
  const { signOut } = useSigning()
  const { colorScheme, setColorScheme } = useMantineColorScheme()
  return (
    <Menu width={240} position="bottom-end">
      <Menu.Target>
        <ActionIcon variant="subtle" size="lg" color="gray" aria-label={t('own.label')}>
          <IconUserCircle size={22} stroke={1.6} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>
          <Text size="sm" fw={600} c="var(--mantine-color-text)">
            {person.name}
          </Text>
          {person.login} · {person.roles.map((role) => t(`role.${role}`)).join(', ')}
        </Menu.Label>
        <Menu.Item component={Link} to="/own" leftSection={<IconUserCircle size={16} />}>
          {t('own.account')}
        </Menu.Item>
        <Menu.Divider />
        <Menu.Label>{t('own.appearance')}</Menu.Label>
        {schemes.map(([scheme, Icon]) => (
          <Menu.Item
            key={scheme}
            leftSection={<Icon size={16} />}
            rightSection={colorScheme === scheme ? <IconCheck size={14} /> : null}
            onClick={() => setColorScheme(scheme)}
          >
            {t(`own.${scheme}`)}
          </Menu.Item>
        ))}
        <Menu.Label>{t('own.language')}</Menu.Label>
        {[...languages].map(([language, name]) => (
          <Menu.Item
            key={language}
            lang={language}
            leftSection={<IconLanguage size={16} />}
            rightSection={i18n.language === language ? <IconCheck size={14} /> : null}
            onClick={() => void speak(language)}
          >
            {name}
          </Menu.Item>
        ))}
        <Menu.Divider />
        <Menu.Item leftSection={<IconKeyboard size={16} />} onClick={openShortcuts}>
          {t('own.shortcuts')}
        </Menu.Item>
        <Menu.Item leftSection={<IconLogout size={16} />} onClick={() => void signOut()}>
          {t('own.signOut')}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}
