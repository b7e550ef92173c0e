import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

const garbage: () => void = (() => {
  setFlagsFromString('--expose-gc')
  return runInNewContext('gc')
})()

/** Bytes in use after everything that can go has gone. */
export function memoryInUse(): number {
  garbage()
  const { heapUsed, arrayBuffers } = process.memoryUsage()
  return heapUsed + arrayBuffers
}
