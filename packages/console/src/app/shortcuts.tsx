import { Kbd, Table } from '@mantine/core'
import { useHotkeys } from '@mantine/hooks'
import { modals } from '@mantine/modals'
import i18next from 'i18next'
import { useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { useNavigate } from 'react-router'
import { now } from '../clock.ts'
import { type Area, areas } from '../screens.ts'

/** `g` and the letter after it belong together for so long, milliseconds. */
const CHORD_MS = 1_500

/** The keys of the console: `?` lists them, `g` and a letter goes to an area. */
export function Shortcuts({ areas: seen }: { readonly areas: readonly Area[] }) {
  const navigate = useNavigate()
  const armedAt = useRef(0)
  useHotkeys([
    ['shift+?', openShortcuts],
    ['?', openShortcuts],
    [
      'g',
      () => {
        armedAt.current = now()
      },
    ],
    ...seen.map(({ name, key }): [string, () => void] => [
      key,
      () => {
        if (now() - armedAt.current > CHORD_MS) return
        armedAt.current = 0
        void navigate(`/${name}`)
      },
    ]),
  ])
  return null
}

export function openShortcuts(): void {
  modals.open({ modalId: 'shortcuts', title: i18next.t('common:own.shortcuts'), children: <List /> })
}

function List() {
  const { t } = useTranslation()
  return (
    <Table>
      <Table.Tbody>
        {[
          ['/', t('shortcut.search')],
          ['?', t('shortcut.help')],
          ['Esc', t('shortcut.close')],
          ...areas.map(({ name, key }) => [`g ${key}`, t('shortcut.go', { area: t(`nav.${name}`) })]),
        ].map(([keys = '', text]) => (
          <Table.Tr key={keys}>
            <Table.Td w={90}>
              {keys.split(' ').map((one) => (
                <Kbd key={one} mr={4}>
                  {one}
                </Kbd>
              ))}
            </Table.Td>
            <Table.Td>{text}</Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  )
}
