-- A code that was sent to sign a customer in. It has a row whether somebody has the number or not: what does not exist must not answer
-- differently.
create table wallet_sign_in (
  sign_in_id  uuid primary key,
  tenant_id   integer not null references tenant,
  customer_id bigint,      -- null: nobody, or several, have the number
  code        uuid not null, -- HMAC of the code
  tries       integer not null default 0 check (tries between 0 and 3),
  created_at  timestamptz not null,
  expires_at  timestamptz not null,
  used_at     timestamptz,
  foreign key (customer_id, tenant_id) references customer (customer_id, tenant_id),
  check (expires_at <= created_at + interval '180 seconds'),
  check (used_at is null or customer_id is not null)
) with (fillfactor = 80);
create index wallet_sign_in_old on wallet_sign_in (created_at);

-- A customer who is signed in. What makes a session is 256 random bits in the browser; here is only their digest.
create table wallet_session (
  session_id  uuid primary key default gen_random_uuid(),
  customer_id bigint not null,
  tenant_id   integer not null,
  sha256      bytea not null unique check (length(sha256) = 32),
  by_kind     text not null check (by_kind in ('code', 'passkey')), -- code: with the MPIN
  address     text not null, -- of the sign-in; of IPv6 the first 64 bits
  created_at  timestamptz not null,
  seen_at     timestamptz not null,
  proved_at   timestamptz not null, -- when the customer last proved who they are
  expires_at  timestamptz not null,
  ended_at    timestamptz,
  foreign key (customer_id, tenant_id) references customer (customer_id, tenant_id),
  check (expires_at <= created_at + interval '8 hours')
) with (fillfactor = 70);
create index wallet_session_by_customer on wallet_session (customer_id, created_at);
create index wallet_session_old on wallet_session (created_at);

call separate_tenants('wallet_sign_in', 'select, insert, update');
call separate_tenants('wallet_session', 'select, insert, update');
grant delete on wallet_sign_in, wallet_session to turant_hub;
