-- Payment links: what a merchant asks to be paid, the virtual account made for it, and what came in. Amounts are paise.
create table payment_link (
  link_id      uuid primary key, -- sorts by time
  tenant_id    integer not null references tenant,
  account_id   bigint not null,  -- whose money it becomes
  amount       bigint check (amount between 1 and 999999999999), -- null: the payer says how much
  partial      boolean not null,
  uses         text not null check (uses in ('once', 'many')),
  -- an open one whose time is over is expired: by the clock of whoever looks, never by a row
  state        text not null default 'open' check (state in ('open', 'paid', 'cancelled')),
  received     bigint not null default 0 check (received >= 0), -- all its credits, whatever came of them
  version      integer not null default 0 check (version >= 0), -- the number of its last event
  reference    text check (length(reference) between 1 and 64),
  return_url   text check (length(return_url) between 1 and 2048),
  ifsc         text not null,
  number_index uuid not null,        -- blind index of the number of its virtual account
  token_hash   uuid not null unique, -- of 128 random bits: SHA-256, its first half
  key_hash     uuid,                 -- the same of the Idempotency-Key it was made with, and of the body
  body_hash    uuid,
  sealed       bytea not null, -- JSON: token, number of the virtual account, description
  made_by      text not null,
  expires_at   timestamptz,
  expiry_told  boolean not null default false,
  created_at   timestamptz not null,
  updated_at   timestamptz not null,
  unique (number_index),
  check (not partial or (amount is not null and uses = 'once')),
  check (uses = 'once' or state <> 'paid'),
  check ((key_hash is null) = (body_hash is null))
) with (fillfactor = 80);
create unique index payment_link_by_key on payment_link (tenant_id, key_hash) where key_hash is not null;
create index payment_link_by_tenant on payment_link (tenant_id, link_id);
create index payment_link_by_account on payment_link (account_id, link_id);
create index payment_link_by_reference on payment_link (tenant_id, reference, link_id) where reference is not null;
create index payment_link_expiring on payment_link (expires_at) where state = 'open' and not expiry_told and expires_at is not null;
call separate_tenants('payment_link', 'select, insert, update');

-- One inward payment to the virtual account of a link, written in the commit that credits it.
create table payment_link_credit (
  payment_id  uuid primary key, -- sorts by time
  link_id     uuid not null references payment_link,
  tenant_id   integer not null references tenant,
  amount      bigint not null check (amount > 0),
  rrn         text not null check (rrn ~ '^[0-9]{12}$'),
  outcome     text not null check (outcome in ('exact', 'part', 'under', 'over', 'late', 'repeated')),
  credited_at timestamptz not null
);
create index payment_link_credit_of_link on payment_link_credit (link_id, payment_id);
call separate_tenants('payment_link_credit', 'select, insert');
grant update on payment_link_credit to turant_hub; -- of no column: a row is locked while money goes back from it

-- What became of a link, in order: told like the steps of a payment, from the same outbox (0029).
create table payment_link_event (
  link_id    uuid not null references payment_link,
  sequence   integer not null check (sequence > 0),
  tenant_id  integer not null references tenant,
  type       text not null check (type in
    ('paid', 'overpaid', 'partially_paid', 'underpaid', 'late_credit', 'repeated_credit', 'expired', 'cancelled')),
  payment_id uuid references payment_link_credit, -- what came in; null: nothing did
  status     text not null check (status in ('open', 'paid', 'expired', 'cancelled')), -- of the link from then on
  received   bigint not null check (received >= 0),
  at         timestamptz not null,
  written_by xid8 not null default pg_current_xact_id(),
  written_at timestamptz not null default clock_timestamp(),
  primary key (link_id, sequence),
  check ((type in ('expired', 'cancelled')) = (payment_id is null))
);
create index payment_link_event_by_writer on payment_link_event (tenant_id, written_by);
create unique index payment_link_expired_once on payment_link_event (link_id) where type = 'expired';
call separate_tenants('payment_link_event', 'select, insert');

-- A payment that gives back what came in by one credit: written in the commit that takes the payment.
create table payment_link_refund (
  payment_id uuid primary key, -- the outward payment
  credit_id  uuid not null references payment_link_credit,
  link_id    uuid not null references payment_link,
  tenant_id  integer not null references tenant,
  amount     bigint not null check (amount > 0),
  made_at    timestamptz not null
);
create index payment_link_refund_of_credit on payment_link_refund (credit_id);
create index payment_link_refund_of_link on payment_link_refund (link_id, payment_id);
call separate_tenants('payment_link_refund', 'select, insert');
