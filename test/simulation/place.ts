import { databaseUrl } from '../../src/db/embedded.ts'
import { migrate } from '../../src/db/migrate.ts'
import { createPool, type Db } from '../../src/db/pool.ts'

/**
 * Makes a database for one worker. Its clock is the run's: `clock_timestamp()` and `now()` are found in the schema `sim` before
 * PostgreSQL's own, and say what the connection was last told.
 */
export async function createPlace(server: string, name: string): Promise<string> {
  const admin = createPool(server, { connections: 1, name: 'turant simulation' })
  await admin.unsafe(`create database ${name}`)
  await admin.end({ timeout: 2 })
  const url = databaseUrl(server, name)
  await prepareClock(url, () => migrate(url))
  return url
}

/** Adds the controlled clock to a database; `before` runs with PostgreSQL's own. */
export async function prepareClock(url: string, before: () => Promise<unknown> = async () => undefined): Promise<void> {
  await before()
  const db = createPool(url, { connections: 1, name: 'turant simulation' })
  await db.unsafe(`
    create schema sim;
    create function sim.clock_timestamp() returns timestamptz language sql volatile
      as $$ select to_timestamp(current_setting('sim.now')::double precision / 1000) $$;
    create function sim.now() returns timestamptz language sql volatile as $$ select sim.clock_timestamp() $$;
    -- Who owned a link from when on: what was written for it later under an older epoch was written by somebody who had lost it.
    create table sim.takeover (link_id text not null, epoch bigint not null, at timestamptz not null);
    create function sim.note_takeover() returns trigger language plpgsql as $$
    begin
      insert into sim.takeover values (new.link_id, new.epoch, sim.clock_timestamp());
      return null;
    end $$;
    create trigger note_takeover after update of epoch on link_lease for each row
      when (old.epoch <> new.epoch) execute function sim.note_takeover()`)
  // For every connection to come: a worker that loses its own must not go on with the real time.
  const [here] = await db<{ name: string }[]>`select current_database() as name`
  await db.unsafe(`
    alter database ${here?.name} set search_path = sim, pg_catalog, public;
    alter database ${here?.name} set sim.now = '0'`)
  await db.end({ timeout: 2 })
}

/** The one connection of a worker to its place. */
export const openPlace = (url: string): Db =>
  createPool(url, { connections: 1, indexOnly: true, name: 'turant simulation' })
