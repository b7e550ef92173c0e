import type { Cancel, Clock } from '../base/clock.ts'
import { faultOf, type Log } from '../base/log.ts'
import type { OpenVault } from './vault.ts'

/** How long a hub may go on with a key that somebody destroyed. */
const LOOK_EVERY_MS = 1_000

/** Looks every second whether keys were retired or destroyed, so that a running hub lets go of them without a restart. */
export function watchKeys(clock: Clock, vault: OpenVault, log: Log): Cancel {
  let stopped = false
  let failing = false
  let cancel: Cancel = () => undefined
  const look = async (): Promise<void> => {
    try {
      const keys = await vault.look()
      if (keys > 0) log.info({ keys }, 'data keys were retired or destroyed; they are used no more')
      failing = false
    } catch (error) {
      if (!failing) log.warn({ fault: faultOf(error) }, 'it cannot be seen whether keys changed')
      failing = true
    }
    if (!stopped) cancel = clock.after(LOOK_EVERY_MS, look)
  }
  void look()
  return () => {
    stopped = true
    cancel()
  }
}
