-- What was done, by whom: one chain per tenant, each line with the hash of the one before it.
create table act (
  tenant_id  integer not null references tenant,
  sequence   bigint not null check (sequence > 0),
  at         timestamptz not null,
  actor_kind text not null,
  actor      text not null,
  action     text not null,
  subject    text,
  outcome    text not null check (outcome in ('done', 'refused')),
  detail     text not null, -- JSON, without personal data
  request_id text,
  address    text,
  previous   text not null check (previous ~ '^[0-9a-f]{64}$'),
  hash       text not null check (hash ~ '^[0-9a-f]{64}$'),
  primary key (tenant_id, sequence)
);

create trigger act_append_only before update or delete or truncate on act
  for each statement execute function refuse_change();

-- Where each chain ends: locked by whoever appends.
create table act_chain (
  tenant_id integer primary key references tenant,
  sequence  bigint not null default 0,
  hash      text not null default repeat('0', 64)
) with (fillfactor = 50);

call separate_tenants('act', 'select, insert');
call separate_tenants('act_chain', 'select, insert, update');
