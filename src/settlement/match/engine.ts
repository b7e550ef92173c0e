import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api'

/** What the engine may use of the machine. */
export type EngineLimits = {
  /** Threads of DuckDB. */
  readonly threads: number
  /** What DuckDB may hold in memory before it spills to disk, megabytes. */
  readonly memoryMb: number
  /** Where it spills to; nothing personal does. */
  readonly folder: string
}

/** Runs `run` on a DuckDB of its own, in memory, which is gone when it ends. It reaches no network and no file but those it is told to read. */
export async function withEngine<T>(
  { threads, memoryMb, folder }: EngineLimits,
  run: (db: DuckDBConnection) => Promise<T>,
): Promise<T> {
  const instance = await DuckDBInstance.create(':memory:', {
    threads: String(threads),
    memory_limit: `${memoryMb}MB`,
    temp_directory: folder,
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
  })
  try {
    const db = await instance.connect()
    try {
      return await run(db)
    } finally {
      db.closeSync()
    }
  } finally {
    instance.closeSync()
  }
}
