import { Center } from '@mantine/core'
import { create } from 'qrcode'
import classes from './qr-code.module.css'

/** A QR code, drawn: dark on light in either scheme, with the quiet zone that scanners need. */
export function QrCode({ text, label }: { readonly text: string; readonly label: string }) {
  const { modules } = create(text, { errorCorrectionLevel: 'M' })
  const { size, data } = modules
  const path = Array.from(data, (dark, i) =>
    dark ? `M${(i % size) + 4} ${Math.floor(i / size) + 4}h1v1h-1z` : '',
  ).join('')
  return (
    <Center>
      <svg viewBox={`0 0 ${size + 8} ${size + 8}`} className={classes.code} role="img" aria-label={label}>
        <rect width="100%" height="100%" fill="#fff" />
        <path d={path} fill="#000" shapeRendering="crispEdges" />
      </svg>
    </Center>
  )
}
