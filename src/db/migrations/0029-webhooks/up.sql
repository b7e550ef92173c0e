-- Who is told of payments, and what was told. The events themselves are the rows of `event`, written in the commits of the doors.

-- The transaction that wrote the step: readers of the outbox take what has become visible since they last looked, by snapshots, and so
-- skip nothing, in whatever order transactions end. Steps from before this migration have none and are told to nobody.
alter table event add column written_by xid8;
alter table event alter column written_by set default pg_current_xact_id();
-- What a step in `held` waited for (payment.reason as it was then): the public status of that moment follows from it.
alter table event add column reason text;
create index event_by_writer on event (tenant_id, written_by) where written_by is not null;

create table webhook_endpoint (
  endpoint_id     uuid primary key, -- sorts by time
  tenant_id       integer not null references tenant,
  url             text not null check (length(url) between 1 and 2048),
  events          text[] check (cardinality(events) between 1 and 100), -- null: all types
  schemes         text[] not null check (schemes <@ array['v1', 'v1a'] and cardinality(schemes) between 1 and 2),
  description     text check (length(description) between 1 and 200),
  enabled         boolean not null default true,
  disabled_reason text check (disabled_reason in ('asked', 'gone')),
  created_at      timestamptz not null default clock_timestamp(),
  -- told is what was written from then on, by the clock that event.written_at is of: when it was made, or last enabled
  told_from       timestamptz not null default clock_timestamp(),
  ended_at        timestamptz,
  check (enabled = (disabled_reason is null))
);
create index webhook_endpoint_by_tenant on webhook_endpoint (tenant_id, endpoint_id) where ended_at is null;
call separate_tenants('webhook_endpoint', 'select, insert, update');

-- What an endpoint's deliveries are signed with. More than one of a scheme while a secret is changed.
create table webhook_secret (
  secret_id   uuid primary key, -- sorts by time
  endpoint_id uuid not null references webhook_endpoint,
  tenant_id   integer not null references tenant,
  scheme      text not null check (scheme in ('v1', 'v1a')),
  sealed      bytea not null, -- v1: the secret, base64; v1a: the private key, PKCS#8 in base64
  public_key  text,           -- v1a: 32 bytes in base64
  created_at  timestamptz not null,
  ends_at     timestamptz,
  check ((scheme = 'v1a') = (public_key is not null))
);
create index webhook_secret_of_endpoint on webhook_secret (endpoint_id, secret_id);
call separate_tenants('webhook_secret', 'select, insert, update, delete');

-- What one endpoint has yet to be told of one payment, in order. Only the first of `sequences` is ever on its way.
create table webhook_strand (
  endpoint_id uuid not null,
  payment_id  uuid not null,
  tenant_id   integer not null,
  sequences   integer[] not null,
  tries       smallint not null default 0 check (tries >= 0), -- of the first of them
  round       integer not null default 1, -- goes up when somebody asks for it again: a try from before settles nothing then
  due_at      timestamptz not null, -- of one that is on its way: when another process may take it over
  taken_by    text,
  primary key (endpoint_id, payment_id)
) with (fillfactor = 50, autovacuum_vacuum_scale_factor = 0.0, autovacuum_vacuum_threshold = 20000, autovacuum_vacuum_cost_delay = 0);
create index webhook_strand_due on webhook_strand (endpoint_id, due_at);
call separate_tenants('webhook_strand', 'select, insert, update, delete');

-- What was given up after the last try, until somebody has it told again.
create table webhook_dead_letter (
  endpoint_id uuid not null,
  payment_id  uuid not null,
  sequence    integer not null,
  tenant_id   integer not null,
  tries       smallint not null,
  given_up_at timestamptz not null,
  primary key (endpoint_id, payment_id, sequence)
);
create index webhook_dead_letter_by_time on webhook_dead_letter (endpoint_id, given_up_at);
call separate_tenants('webhook_dead_letter', 'select, insert, update, delete');

-- Each try, for a month.
create table webhook_attempt (
  attempt_id  uuid primary key, -- sorts by time
  endpoint_id uuid not null,
  tenant_id   integer not null,
  event_id    text not null,
  at          timestamptz not null,
  duration_ms integer not null check (duration_ms >= 0),
  status      smallint, -- null: no whole answer came
  error       text check (error ~ '^[a-z_]{1,40}$'),
  sealed      bytea, -- the beginning of the answer's body
  check ((status is null) <= (error is not null))
);
create index webhook_attempt_of_endpoint on webhook_attempt (endpoint_id, attempt_id);
call separate_tenants('webhook_attempt', 'select, insert');
grant delete on webhook_attempt to turant_hub;

-- How far each reader of the outbox has come: all that was visible in `seen` has been taken over.
create table outbox_reader (
  reader   text primary key check (reader ~ '^[a-z]{1,20}$'),
  seen     pg_snapshot not null default pg_current_snapshot(),
  -- nothing older is read: after the database was restored its transaction numbers may begin again
  since    timestamptz not null default clock_timestamp() - interval '1 hour',
  held_by  text,
  held_until timestamptz
) with (fillfactor = 20);
call hub_only('outbox_reader', 'select, insert, update');
insert into outbox_reader (reader) values ('webhooks');

-- Goes up with every change of an endpoint or a secret, in the same commit: what processes keep in memory is kept by it.
create table webhook_change (
  only_one boolean primary key default true check (only_one),
  version  bigint not null default 1
) with (fillfactor = 20);
call hub_only('webhook_change', 'select, update');
insert into webhook_change default values;

create function count_webhook_change() returns trigger language plpgsql security definer set search_path from current as $$
begin
  update webhook_change set version = version + 1;
  return null;
end $$;
create trigger webhook_endpoint_changed after insert or update on webhook_endpoint
  for each statement execute function count_webhook_change();
create trigger webhook_secret_changed after insert or update or delete on webhook_secret
  for each statement execute function count_webhook_change();
