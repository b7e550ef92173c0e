import { randomUUID } from 'node:crypto'
import { Turant } from '@turant/sdk'
import { findHub } from '../hub.ts'
import { openShop } from './shop.ts'

/** `npm run example:shop`; Ctrl-C ends it and its endpoint at the hub. */

const hub = findHub('sandbox.json')
const account = process.env.SHOP_ACCOUNT ?? hub.accounts?.merchant ?? ''
const nextOrder = (): string => `ORDER-${randomUUID().slice(0, 8)}`
const shop = await openShop({ turant: new Turant(hub), account, nextOrder }, Number(process.env.PORT ?? 0))
console.log(`the shop is open at ${shop.url}`)
process.once('SIGINT', () => shop.close())
