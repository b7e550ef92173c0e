-- The people whose money a tenant's payments are, and how each proves who they are.
create table customer (
  customer_id  bigint generated always as identity primary key, -- what account.customer_id names
  public_id    uuid not null unique, -- cus_…
  tenant_id    integer not null references tenant,
  sealed       bytea not null, -- JSON: name, mobile
  mobile_index uuid,           -- blind index of the mobile
  language     text not null default 'en' check (language ~ '^[a-z]{2}$'),
  reference    text,
  usage        text not null default '{}', -- what was paid in the windows that limits look at, over all accounts
  stopped_at   timestamptz,    -- the kill switch: nothing of this customer's leaves
  failures     integer not null default 0 check (failures >= 0), -- wrong tries in a row, over all payments
  locked_until timestamptz,    -- no try counts before; it ends by itself
  created_at   timestamptz not null,
  unique (customer_id, tenant_id)
) with (fillfactor = 80);

create index customer_by_tenant on customer (tenant_id, customer_id);
create index customer_by_mobile on customer (tenant_id, mobile_index) where mobile_index is not null;
create unique index customer_by_reference on customer (tenant_id, reference) where reference is not null;

-- An account of a customer is of the same tenant.
alter table account add constraint account_customer foreign key (customer_id, tenant_id) references customer (customer_id, tenant_id);
create index account_by_customer on account (customer_id) where customer_id is not null;

-- One way in which a customer proves who they are: something they know (mpin) or have (sms, totp, passkey).
create table factor (
  factor_id   uuid primary key,
  customer_id bigint not null,
  tenant_id   integer not null,
  kind        text not null check (kind in ('mpin', 'sms', 'totp', 'passkey')),
  sealed      bytea not null, -- an MPIN's hash, a mobile, a TOTP secret, a passkey's public key; until it is proved also what it is proved with
  counter     bigint not null default 0, -- the last TOTP step or passkey count that was accepted: none is accepted again
  proof       uuid,           -- until it is proved: HMAC of the code that was sent
  proof_tries integer not null default 0 check (proof_tries between 0 and 3),
  proof_until timestamptz,    -- when the proof is no longer waited for; null once enrolled
  created_at  timestamptz not null,
  enrolled_at timestamptz,
  revoked_at  timestamptz,
  foreign key (customer_id, tenant_id) references customer (customer_id, tenant_id),
  check ((enrolled_at is null) = (proof_until is not null))
) with (fillfactor = 80);

-- At most one of each kind at a time; of passkeys as many as a customer has devices.
create unique index factor_in_use on factor (customer_id, kind)
  where enrolled_at is not null and revoked_at is null and kind <> 'passkey';
create index factor_by_customer on factor (customer_id) where revoked_at is null;

-- A challenge: what a customer was asked to prove for exactly one payment as it stood then.
create table authentication (
  authentication_id uuid primary key,
  payment_id  uuid not null,
  tenant_id   integer not null,
  customer_id bigint not null,
  kind        text not null check (kind in ('sms', 'totp', 'passkey')), -- the dynamic factor that was asked for
  digest      bytea not null check (length(digest) = 32), -- SHA-256 of the payment, the nonce and the expiry
  nonce       bytea not null check (length(nonce) = 32),
  code        uuid,           -- HMAC of the code that was sent
  tries       integer not null default 0 check (tries between 0 and 3),
  created_at  timestamptz not null,
  expires_at  timestamptz not null,
  used_at     timestamptz,
  voided_at   timestamptz,
  foreign key (customer_id, tenant_id) references customer (customer_id, tenant_id),
  check (expires_at <= created_at + interval '180 seconds'),
  check (used_at is null or voided_at is null),
  check ((kind = 'sms') = (code is not null))
) with (fillfactor = 80);

-- A payment has one challenge that can be met; asking again voids the one before.
create unique index authentication_open on authentication (payment_id) where used_at is null and voided_at is null;
create index authentication_by_payment on authentication (payment_id);

-- What proved that a payment is its customer's will. Never changed; without it nothing that must have it leaves.
create table evidence (
  payment_id  uuid primary key,
  tenant_id   integer not null,
  customer_id bigint,
  source      text not null check (source in ('hub', 'institution')), -- who asked the customer
  factors     text[] not null check (cardinality(factors) >= 2),
  digest      bytea check (length(digest) = 32),
  nonce       bytea,        -- with the payment and expires_at: what the digest is of
  expires_at  timestamptz,
  reference   text,         -- the institution's own, of its own record
  proved_at   timestamptz not null,
  recorded_at timestamptz not null,
  recorded_by text not null, -- who passed it on: the id of an actor
  policy_version integer not null,
  check (source = 'institution' or (digest is not null and nonce is not null and expires_at is not null and customer_id is not null)),
  check ((source = 'institution') = (reference is not null))
);

create trigger evidence_append_only before update or delete or truncate on evidence
  for each statement execute function refuse_change();

-- Messages in a window of time, by what they are counted for: a number, its prefix, an address, a tenant, the hub.
create table message_count (
  scope      text not null, -- never a number: its blind index
  seconds    integer not null check (seconds > 0),
  starts_at  timestamptz not null,
  sent       integer not null check (sent > 0),
  primary key (scope, seconds, starts_at)
) with (fillfactor = 70);

create index message_count_old on message_count (starts_at);

call separate_tenants('customer', 'select, insert, update');
call separate_tenants('factor', 'select, insert, update');
call separate_tenants('authentication', 'select, insert, update');
call separate_tenants('evidence', 'select, insert');
call hub_only('message_count', 'select, insert, update, delete');
grant usage on all sequences in schema public to turant_hub, turant_tenant;

-- The last wall: whatever runs the update, no hold stops waiting for its customer's factors without evidence of them.
create function need_evidence() returns trigger language plpgsql as $$
begin
  if not exists (select from evidence e where e.payment_id = new.payment_id and e.source = 'hub') then
    raise exception 'payment % has no evidence of its two factors', new.payment_id using errcode = 'restrict_violation';
  end if;
  return new;
end $$;
create trigger hold_needs_evidence before update of awaiting on hold
  for each row when (old.awaiting = 'authentication' and new.awaiting is distinct from old.awaiting)
  execute function need_evidence();
