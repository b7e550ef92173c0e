import { pino } from 'pino'
import { createLog, type Log } from './log.ts'

export type LogLevel = 'debug' | 'info' | 'warn' | 'error' | 'silent'

/**
 * The log of a process: one line of JSON for each event, written at once, so that the last line before an end is there.
 * @param to  a file, made with mode 0600, or 1 for standard output
 */
export function openLog(level: LogLevel, to: string | number): Log {
  const options = { level, base: null, timestamp: pino.stdTimeFunctions.isoTime }
  const lines = pino(options, pino.destination({ dest: to, mode: 0o600, sync: true }))
  return createLog((at, fields, message) => lines[at](fields, message))
}
