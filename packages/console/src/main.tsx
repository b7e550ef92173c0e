import '@mantine/core/styles.css'
import '@mantine/notifications/styles.css'
import './app/app.css'
import { createRoot } from 'react-dom/client'
import { App } from './app/app.tsx'
import { startSpeaking } from './i18n.ts'

/**
 * console: what people see of the hub. It promises that it shows only what the public API answers to whoever is signed in, that nothing
 * which moves money happens without a confirmed wish, and that a wish is sent under one idempotency key however often it is tried.
 */

const nonce = document.querySelector<HTMLMetaElement>('meta[name="style-nonce"]')?.content ?? ''
// The page's policy lets in style elements with this nonce only; what locks scrolling under a dialog finds it here.
Object.assign(globalThis, { __webpack_nonce__: nonce })

await startSpeaking()
const root = document.getElementById('root')
if (root === null) throw new Error('index.html has no #root')
createRoot(root).render(<App nonce={nonce} />)
