-- Programs that act for a tenant. What they send to prove who they are is here as a digest only.
create table client (
  client_id   uuid primary key default gen_random_uuid(),
  tenant_id   integer not null references tenant,
  name        text not null check (length(name) between 1 and 100),
  live        boolean not null, -- false: test keys, which sign nothing
  rights      text[] not null,
  networks    text[] not null default '{}', -- CIDR; none: from anywhere
  owner       text,             -- who made it: cannot decide about what it does
  created_at  timestamptz not null,
  disabled_at timestamptz
);

create index client_by_tenant on client (tenant_id, client_id);

-- At most two that have neither ended nor been revoked, so that one can take the other's place.
create table client_key (
  key_id     text primary key check (key_id ~ '^[0-9A-Za-z]{12}$'),
  client_id  uuid not null references client,
  tenant_id  integer not null,
  sha256     bytea not null check (length(sha256) = 32),
  last_four  text not null,
  created_at timestamptz not null,
  expires_at timestamptz,
  revoked_at timestamptz,
  last_used_on date
);

create index client_key_by_client on client_key (client_id);

-- Public keys with which a client signs its requests (RFC 9421).
create table client_signing_key (
  signing_key_id uuid primary key default gen_random_uuid(),
  client_id  uuid not null references client,
  tenant_id  integer not null,
  algorithm  text not null check (algorithm in ('ed25519', 'ecdsa-p256-sha256')),
  spki       bytea not null,
  created_at timestamptz not null,
  revoked_at timestamptz
);

create index client_signing_key_by_client on client_signing_key (client_id);

-- What may be seen once: nonces of signatures, until the signature has ended anyway.
create table seen_once (
  seen_id    uuid primary key, -- the first 128 bits of the SHA-256 of who, and what
  expires_at timestamptz not null
);

create index seen_once_ended on seen_once (expires_at);

call separate_tenants('client', 'select, insert, update');
call separate_tenants('client_key', 'select, insert, update');
call separate_tenants('client_signing_key', 'select, insert, update');
call hub_only('seen_once', 'select, insert, delete');
