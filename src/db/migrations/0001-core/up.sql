-- Lanes 0 to 63 partition everything that belongs to a customer account (see why.md). Amounts are paise.

create sequence account_number_seq start 100000;

create table account (
  lane           smallint not null check (lane between 0 and 63),
  account_id     bigint not null,
  tenant_id      integer not null,
  -- 'customer', or a code of the hub's own chart of accounts (src/ledger/chart.ts)
  kind           text not null,
  institution    text,
  name           text not null,
  account_number text,
  ifsc           text,
  mobile         text,
  mmid           text,
  reference      text,
  status         text not null default 'open' check (status in ('open', 'frozen', 'closed')),
  -- what the entries add up to; credit is positive
  balance        bigint not null default 0,
  -- the lowest balance allowed; null for the hub's own accounts, which may stand on either side
  floor          bigint default 0,
  entry_no       bigint not null default 0,
  entry_at       timestamptz not null default '-infinity',
  created_at     timestamptz not null,
  primary key (lane, account_id),
  check (lane = account_id % 64),
  check (floor is null or balance >= floor),
  check ((kind = 'customer') = (account_number is not null and ifsc is not null))
) with (fillfactor = 50); -- room for the balance to change in place (HOT)

create unique index account_by_number on account (account_number, ifsc) where account_number is not null;
create unique index account_by_mmid on account (mobile, mmid) where mmid is not null;
create index account_by_tenant on account (tenant_id, account_id) where kind = 'customer';

-- One leg of a journal. Never changed, never deleted; all legs of a journal enter in one statement and sum to zero.
create table entry (
  lane          smallint not null,
  account_id    bigint not null,
  entry_no      bigint not null,
  journal_id    uuid not null, -- the payment's id where a payment caused it
  kind          text not null check (kind in ('opening', 'hold', 'void', 'credit', 'return')),
  amount        bigint not null check (amount <> 0), -- credit positive, debit negative
  balance_after bigint not null,
  at            timestamptz not null,
  primary key (lane, account_id, entry_no)
);

create function refuse_change() returns trigger language plpgsql as $$
begin
  raise exception '% is append-only: a correction is a new journal', tg_table_name using errcode = 'restrict_violation';
end $$;

create trigger entry_append_only before update or delete or truncate on entry
  for each statement execute function refuse_change();

create function journal_balances() returns trigger language plpgsql as $$
declare
  unbalanced uuid;
begin
  select journal_id into unbalanced from fresh group by journal_id, kind having sum(amount) <> 0 limit 1;
  if unbalanced is not null then
    raise exception 'journal % does not balance', unbalanced using errcode = 'check_violation';
  end if;
  return null;
end $$;

create trigger entry_balances after insert on entry referencing new table as fresh
  for each statement execute function journal_balances();

create table payment (
  lane                smallint not null check (lane between 0 and 63),
  payment_id          uuid not null,
  tenant_id           integer not null,
  direction           text not null check (direction in ('outward', 'inward')),
  state               text not null check (state in
    ('held', 'sent', 'unconfirmed', 'deemed', 'succeeded', 'declined', 'returned', 'cancelled', 'refused')),
  version             integer not null default 1,
  amount              bigint not null check (amount > 0),
  channel             text not null,
  institution         text not null,
  account_id          bigint,
  remitter_name       text,
  remitter_account    text,
  remitter_mobile     text,
  remitter_mmid       text,
  remitter_ifsc       text,
  beneficiary_kind    text not null check (beneficiary_kind in ('account', 'mmid')),
  beneficiary_name    text,
  beneficiary_account text,
  beneficiary_ifsc    text,
  beneficiary_mobile  text,
  beneficiary_mmid    text,
  remarks             text,
  reference           text,
  remitter_bank       text not null,
  rrn                 text,
  link                text,
  epoch               bigint,
  transmitted_at      timestamptz,
  response_code       text,
  registered_name     text,
  reason              text,
  answer              bytea, -- inward: the first answer, sent again byte for byte to a duplicate
  created_at          timestamptz not null,
  updated_at          timestamptz not null,
  primary key (payment_id, lane),
  check (rrn is not null or state in ('held', 'cancelled', 'refused')),
  check (direction = 'outward' or state in ('succeeded', 'declined')),
  check (direction = 'inward' or account_id is not null),
  check ((beneficiary_kind = 'account') = (beneficiary_account is not null and beneficiary_ifsc is not null)
     or beneficiary_kind = 'mmid')
) with (fillfactor = 50); -- room for the second version of every row in its own page (HOT): a batch updates whole pages at once

-- The duplicate key of IMPS: RRN + sending bank, per direction.
create unique index payment_by_rrn on payment (rrn, remitter_bank, direction) where rrn is not null;
create index payment_by_account on payment (account_id, payment_id);
create index payment_by_reference on payment (reference, payment_id) where reference is not null;
create index payment_by_beneficiary_account on payment (beneficiary_account, payment_id) where direction = 'outward';
create index payment_by_remitter_account on payment (remitter_account, payment_id) where direction = 'inward';
create index payment_by_beneficiary_mobile on payment (beneficiary_mobile, payment_id)
  where direction = 'outward' and beneficiary_mobile is not null;
create index payment_by_remitter_mobile on payment (remitter_mobile, payment_id)
  where direction = 'inward' and remitter_mobile is not null;
create index payment_by_ifsc on payment (beneficiary_ifsc, payment_id) where direction = 'outward';
create index payment_by_amount on payment (amount, payment_id);

-- One row per outward payment whose hold is not resolved (held, sent, unconfirmed). Resolving deletes it: at most once.
create table hold (
  lane       smallint not null,
  account_id bigint not null,
  payment_id uuid not null,
  tenant_id  integer not null,
  amount     bigint not null check (amount > 0),
  link       text,
  epoch      bigint,
  sent_at    timestamptz, --   null while held
  due_at     timestamptz, --   when somebody must look: next verification, or the end of a wait in `held`; null while the answer is awaited
  checks     integer not null default 0, -- verifications asked so far
  primary key (payment_id, lane)
) with (autovacuum_vacuum_scale_factor = 0.0, autovacuum_vacuum_threshold = 20000, autovacuum_vacuum_cost_delay = 0);

create index hold_by_account on hold (account_id);
create index hold_due on hold (due_at) where due_at is not null;

-- Every step of every payment, once; the outbox that webhooks will read.
create table event (
  lane          smallint not null,
  payment_id    uuid not null,
  sequence      integer not null,
  tenant_id     integer not null,
  state         text not null,
  response_code text,
  at            timestamptz not null,
  primary key (payment_id, sequence, lane)
);

create trigger event_append_only before update or delete or truncate on event
  for each statement execute function refuse_change();

-- Finds the few that did not simply succeed, without an index on the payment's own (changing) state.
create index event_exceptional on event (state, payment_id)
  where state in ('deemed', 'declined', 'returned', 'cancelled', 'refused', 'unconfirmed');

-- Keys and bodies as the first 128 bits of their SHA-256: fixed width, and no customer data in an index.
create table idempotency_key (
  tenant_id  integer not null,
  key_hash   uuid not null,
  body_hash  uuid not null,
  payment_id uuid not null,
  primary key (key_hash, tenant_id)
);

-- The next free serial of an institution in an hour: the last six digits of its RRNs.
create table stan_block (
  institution text not null,
  hour_key    text not null,
  next_stan   integer not null check (next_stan between 0 and 1000000),
  primary key (institution, hour_key)
);

-- Something the hub will not decide alone: a contradiction, an unresolved payment, an answer nobody asked for.
create table break (
  break_id   uuid primary key default gen_random_uuid(),
  lane       smallint,
  payment_id uuid,
  kind       text not null,
  detail     text not null,
  opened_at  timestamptz not null,
  closed_at  timestamptz
);

create unique index break_once on break (payment_id, kind, detail) where payment_id is not null;
