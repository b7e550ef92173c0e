-- Public keys with which a client proves to the token end point who it is (RFC 7523). Two that work at a time, as with API keys.
create table client_token_key (
  token_key_id uuid primary key default gen_random_uuid(),
  client_id  uuid not null references client,
  tenant_id  integer not null,
  algorithm  text not null check (algorithm in ('ES256', 'PS256', 'EdDSA')),
  spki       bytea not null check (length(spki) between 1 and 1000),
  thumbprint text not null check (thumbprint ~ '^[A-Za-z0-9_-]{43}$'), -- RFC 7638
  created_at timestamptz not null,
  revoked_at timestamptz
);

create index client_token_key_by_client on client_token_key (client_id);

-- Tokens that were given out, as digests. Each is bound to one key of its holder: a DPoP key (RFC 9449) or a certificate (RFC 8705).
create table access_token (
  sha256     bytea primary key check (length(sha256) = 32),
  client_id  uuid not null references client,
  tenant_id  integer not null,
  token_key_id uuid not null references client_token_key, -- ends with it
  rights     text[] not null check (cardinality(rights) > 0),
  jkt        text check (jkt ~ '^[A-Za-z0-9_-]{43}$'),
  x5t        text check (x5t ~ '^[A-Za-z0-9_-]{43}$'),
  issued_at  timestamptz not null,
  expires_at timestamptz not null check (expires_at > issued_at and expires_at <= issued_at + interval '10 minutes'),
  revoked_at timestamptz,
  check ((jkt is null) <> (x5t is null))
);

create index access_token_by_client on access_token (client_id, expires_at);
create index access_token_by_key on access_token (token_key_id);
create index access_token_ended on access_token (expires_at);

-- What a DPoP proof must repeat: one for each five minutes, the same for all processes of the hub.
create table dpop_nonce (
  period bigint primary key, -- five minutes since the epoch
  nonce  text not null check (nonce ~ '^[A-Za-z0-9_-]{22}$')
);

call separate_tenants('client_token_key', 'select, insert, update');
call separate_tenants('access_token', 'select, insert, update');
grant delete on access_token to turant_hub;
call hub_only('dpop_nonce', 'select, insert, delete');
