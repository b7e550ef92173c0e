import { readdirSync, readFileSync } from 'node:fs'
import { Worker } from 'node:worker_threads'
import { stepBack } from '../../src/base/apart.ts'

/** A process that steps back, starts a thread and says where each of its threads stands. */

/** Fields of `/proc/…/stat` behind the name, see proc_pid_stat(5). */
const [NICE, POLICY] = [16, 38]

stepBack()
process.once('disconnect', () => process.exit(1))
process.once('message', () => {
  const late = new Worker('setInterval(() => {}, 1000)', { eval: true })
  late.once('online', () => {
    const threads = readdirSync('/proc/self/task').map((thread) => {
      const stat = readFileSync(`/proc/self/task/${thread}/stat`, 'latin1')
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
      return { nice: Number(fields[NICE]), policy: Number(fields[POLICY]) }
    })
    process.send?.(threads, () => process.exit(0))
  })
})
