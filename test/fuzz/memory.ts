import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

const garbage: () => void = (() => {
  setFlagsFromString('--expose-gc')
  return runInNewContext('gc')
})()

/** What one collection leaves to the next (buffers freed only after it, marking that had begun before) was 5 MB at most, once. */
const COLLECTIONS = 3

/** Bytes in use after everything that can go has gone. */
export function memoryInUse(): number {
  for (let i = 0; i < COLLECTIONS; i += 1) garbage()
  const { heapUsed, arrayBuffers } = process.memoryUsage()
  return heapUsed + arrayBuffers
}
