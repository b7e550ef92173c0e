import { readFileSync, writeFileSync } from 'node:fs'
import { chromium } from 'playwright-core'
import { chromiumHere } from './support/chromium.ts'

// `npm run icons`: draws the wallet's icon in the sizes that phones ask for. iOS takes no SVG, and Android none for the screen on which an
// installed page starts. What is drawn is committed: a hub needs no browser.

const folder = new URL('../src/wallet-page/', import.meta.url)
const svg = readFileSync(new URL('icon.svg', folder), 'utf8')

const browser = await chromium.launch({ executablePath: chromiumHere(), args: ['--no-sandbox'] })
for (const size of [180, 192, 512]) {
  const page = await browser.newPage({ viewport: { width: size, height: size } })
  await page.setContent(
    `<style>body{margin:0}svg{display:block}</style>${svg.replace('<svg ', `<svg width="${size}" height="${size}" `)}`,
  )
  writeFileSync(new URL(`icon-${size}.png`, folder), await page.screenshot())
  await page.close()
}
await browser.close()
