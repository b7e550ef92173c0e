-- People who act for a tenant. Name and login are sealed; a login is found by its blind index, which is another one in every tenant.
create table person (
  person_id   uuid primary key,
  tenant_id   integer not null references tenant,
  sealed      bytea not null, -- JSON: name, login
  login_index uuid not null,
  roles       text[] not null check (cardinality(roles) > 0),
  created_by  text not null,
  created_at  timestamptz not null,
  disabled_at timestamptz,
  unique (tenant_id, login_index),
  unique (person_id, tenant_id),
  check (roles <@ array['viewer', 'maker', 'checker', 'operations', 'developer', 'auditor', 'administrator']),
  -- nobody both pays and decides, sets limits, or gives rights
  check (not ('maker' = any(roles) and roles && array['checker', 'administrator']))
) with (fillfactor = 80);

-- What a person proves who they are with: a passkey alone, or a password together with an authenticator app.
create table credential (
  credential_id uuid primary key,
  person_id    uuid not null,
  tenant_id    integer not null,
  kind         text not null check (kind in ('passkey', 'password', 'totp')),
  sealed       bytea not null, -- a passkey's public key and label, a password's argon2id hash, an app's secret
  passkey_id   text unique check (length(passkey_id) between 1 and 1400),
  counter      bigint not null default 0 check (counter >= 0), -- the last count of a passkey, the last time step of an app: none is accepted again
  created_at   timestamptz not null,
  last_used_at timestamptz,
  ended_at     timestamptz,
  foreign key (person_id, tenant_id) references person (person_id, tenant_id),
  check ((kind = 'passkey') = (passkey_id is not null))
) with (fillfactor = 80);

create index credential_by_person on credential (person_id) where ended_at is null;
create unique index credential_once on credential (person_id, kind) where ended_at is null and kind <> 'passkey';

-- What makes a session is 256 random bits in the browser; here is only their digest.
create table session (
  session_id  uuid primary key default gen_random_uuid(),
  person_id   uuid not null,
  tenant_id   integer not null,
  sha256      bytea not null unique check (length(sha256) = 32),
  by_kind     text not null check (by_kind in ('passkey', 'password')),
  address     text not null, -- of the sign-in; of IPv6 the first 64 bits
  created_at  timestamptz not null,
  seen_at     timestamptz not null,
  proved_at   timestamptz not null, -- when the person last proved who they are
  expires_at  timestamptz not null,
  ended_at    timestamptz,
  foreign key (person_id, tenant_id) references person (person_id, tenant_id),
  check (expires_at <= created_at + interval '8 hours')
) with (fillfactor = 70);

create index session_by_person on session (person_id, created_at);
create index session_old on session (created_at);

-- The way in for somebody who has no factor yet, or none any more. Used once.
create table invitation (
  invitation_id uuid primary key default gen_random_uuid(),
  person_id   uuid not null,
  tenant_id   integer not null,
  sha256      bytea not null unique check (length(sha256) = 32),
  created_by  text not null,
  created_at  timestamptz not null,
  expires_at  timestamptz not null check (expires_at <= created_at + interval '72 hours'),
  used_at     timestamptz,
  voided_at   timestamptz,
  foreign key (person_id, tenant_id) references person (person_id, tenant_id),
  check (used_at is null or voided_at is null)
);

create unique index invitation_open on invitation (person_id) where used_at is null and voided_at is null;

-- Failed sign-ins in a row, by what they are counted for: a login (whether somebody has it or not), an address, a login from an address
-- that it is known at. Delays grow, end by themselves, and are counted before a password is looked at.
create table sign_in_try (
  counted_for uuid primary key, -- a blind index
  failures    integer not null check (failures >= 0),
  last_at     timestamptz not null,
  open_at     timestamptz not null
) with (fillfactor = 70);

create index sign_in_try_old on sign_in_try (last_at);

call separate_tenants('person', 'select, insert, update');
call separate_tenants('credential', 'select, insert, update');
call separate_tenants('session', 'select, insert, update');
call separate_tenants('invitation', 'select, insert, update');
call hub_only('sign_in_try', 'select, insert, update, delete');
grant delete on session to turant_hub;
