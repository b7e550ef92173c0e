-- Steps of payments and legs of the ledger are sealed in windows of time: the digest of what was written in a window is an act in the
-- chain of its tenant. written_at is the database's own clock, at the moment of the insert.
alter table event add column written_at timestamptz not null default clock_timestamp();
alter table entry add column written_at timestamptz not null default clock_timestamp();
create index event_written on event using brin (written_at) with (pages_per_range = 32, autosummarize = on);
create index entry_written on entry using brin (written_at) with (pages_per_range = 32, autosummarize = on);

-- Whoever closes a window takes this lock alone for a moment: all that was written before it is then committed, and nothing that comes
-- after it has a time before it.
create function enter_seal_window() returns trigger language plpgsql as $$
begin
  perform pg_advisory_xact_lock_shared(8390880576); -- the same number is in src/audit/seals.ts
  return null;
end $$;

create trigger event_in_window before insert on event for each statement execute function enter_seal_window();
create trigger entry_in_window before insert on entry for each statement execute function enter_seal_window();

-- Up to when everything is sealed; what is older than its first value is from before there were windows.
create table seal_state (
  only_one boolean primary key default true check (only_one),
  sealed_until timestamptz not null
);
insert into seal_state (sealed_until) values (date_trunc('second', clock_timestamp()) + interval '1 second');
call hub_only('seal_state', 'select, update');

-- Where all chains ended at an instant, signed with a key that is not in this database.
create table audit_root (
  root_no   bigint primary key check (root_no > 0),
  at        timestamptz not null,
  heads     text not null, -- JSON: [tenant, sequence, hash] of every chain that has grown since the root before
  previous  text not null check (previous ~ '^[0-9a-f]{64}$'),
  digest    text not null check (digest ~ '^[0-9a-f]{64}$'),
  signature bytea not null,
  key_id    text not null -- the first 16 hex digits of the SHA-256 of the public key
);

create trigger audit_root_append_only before update or delete or truncate on audit_root
  for each statement execute function refuse_change();
call hub_only('audit_root', 'select, insert');

-- What the hub deletes once its time is over: src/audit/retention.ts.
grant delete on authentication to turant_hub;

alter table act_chain add column rooted bigint not null default 0; -- the last act that a root has
