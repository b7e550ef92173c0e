import {
  IconAdjustments,
  IconBuildingBank,
  IconChecks,
  IconCode,
  IconHome,
  IconHourglass,
  IconListSearch,
  IconScale,
  IconSend,
  IconUsers,
} from '@tabler/icons-react'
import type { ComponentType } from 'react'
import type { Right } from '../../../src/identity/rights.ts'

/** One area of the console: its first word in the address, who sees it, and where its code is. */
export type Area = {
  /** The area's address under /console, its namespace of texts, and its name in the menu (`common:nav.…`). */
  readonly name: string
  readonly icon: ComponentType<{ readonly size?: number; readonly stroke?: number }>
  /** Seen by whoever has one of these. */
  readonly rights: readonly Right[]
  /** Pressed after `g`. */
  readonly key: string
  readonly load: () => Promise<{ readonly Screen: ComponentType }>
}

/** In the order of the menu. The first that somebody may see is where they begin. */
export const areas: readonly Area[] = [
  { name: 'home', icon: IconHome, key: 'h', rights: ['payments:read'], load: () => import('./screens/home/index.tsx') },
  { name: 'pay', icon: IconSend, key: 'p', rights: ['payments:create'], load: () => import('./screens/pay/index.tsx') },
  {
    name: 'payments',
    icon: IconListSearch,
    key: 'y',
    rights: ['payments:read'],
    load: () => import('./screens/payments/index.tsx'),
  },
  {
    name: 'unconfirmed',
    icon: IconHourglass,
    key: 'u',
    rights: ['payments:read'],
    load: () => import('./screens/unconfirmed/index.tsx'),
  },
  {
    name: 'approvals',
    icon: IconChecks,
    key: 'a',
    rights: ['approvals:read'],
    load: () => import('./screens/approvals/index.tsx'),
  },
  {
    name: 'beneficiaries',
    icon: IconUsers,
    key: 'b',
    rights: ['beneficiaries:read'],
    load: () => import('./screens/beneficiaries/index.tsx'),
  },
  {
    name: 'accounts',
    icon: IconBuildingBank,
    key: 'c',
    rights: ['accounts:read'],
    load: () => import('./screens/accounts/index.tsx'),
  },
  {
    name: 'settlement',
    icon: IconScale,
    key: 's',
    rights: ['settlement:read'],
    load: () => import('./screens/settlement/index.tsx'),
  },
  {
    name: 'developers',
    icon: IconCode,
    key: 'd',
    rights: ['webhooks:read', 'clients:read', 'sandbox:use'],
    load: () => import('./screens/developers/index.tsx'),
  },
  {
    name: 'administration',
    icon: IconAdjustments,
    key: 'm',
    rights: ['people:read', 'limits:read', 'audit:read'],
    load: () => import('./screens/administration/index.tsx'),
  },
]

/** The areas that somebody with these rights sees. */
export const areasFor = (rights: readonly string[]): readonly Area[] =>
  areas.filter((area) => area.rights.some((right) => rights.includes(right)))
