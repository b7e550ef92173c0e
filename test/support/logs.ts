import type { ChildProcess } from 'node:child_process'
import { subscribe } from 'node:diagnostics_channel'
import { appendFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { FastifyInstance } from 'fastify'
import { createLog, type Log } from '../../src/base/log.ts'
import { openLog } from '../../src/base/log-writer.ts'
import { clusterFolder } from './cluster-place.ts'

/**
 * Everything that a test process logs, prints and answers as a problem is kept here until `test/scan-logs.ts` has looked through it for
 * what should not be there.
 */
export const logsFolder: string = join(clusterFolder, 'logs')
mkdirSync(logsFolder, { recursive: true })

const own = (kind: string): string => join(logsFolder, `${process.pid}.${kind}`)

/** The log of whatever runs in a test process: the real one, at its most talkative, into the folder that is scanned. */
export const testLog: Log = openLog('debug', own('log'))

/** The same lines for a test that looks at them. */
export function readableLog(): { readonly log: Log; readonly lines: { fields: object; message: string }[] } {
  const lines: { fields: object; message: string }[] = []
  const log = createLog((level, fields, message) => {
    lines.push({ fields, message })
    appendFileSync(own('log'), `${JSON.stringify({ level, ...fields, msg: message })}\n`)
  })
  return { log, lines }
}

/** Keeps what a program prints. */
export function keepOutput(child: ChildProcess): void {
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (bytes: Buffer) => appendFileSync(own('out'), bytes))
}

/** Keeps the log file that a hub wrote in its data folder. */
export function keepLogFile(path: string): void {
  if (existsSync(path)) appendFileSync(own('log'), readFileSync(path))
}

/** Keeps every problem document of every server that a test starts. */
subscribe('fastify.initialization', (message) => {
  const { fastify }: { fastify: FastifyInstance } = Object(message)
  fastify.addHook('onSend', async (_request, reply, payload) => {
    if (reply.statusCode >= 400)
      appendFileSync(own('problems'), `${JSON.stringify({ status: reply.statusCode, payload })}\n`)
  })
})

/** A code, a key or a password that this test made: it must be nowhere in what is kept. @returns it */
export function rememberSecret(secret: string): string {
  appendFileSync(own('secrets'), `${secret}\n`)
  return secret
}

/** Keeps that a personal value of some test stood in a table. */
export const keepFind = (find: object): void => appendFileSync(own('dump'), `${JSON.stringify(find)}\n`)
