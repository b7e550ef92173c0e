-- What the three-way match finds, run by run. Amounts are paise; dates are days in IST.

create table recon_run (
  run_id       uuid primary key, -- sorts by time
  tenant_id    integer not null references tenant, -- whose institution it is
  institution  text not null,
  settled_on   date not null,
  cycle        text not null check (cycle ~ '^([1-9][0-9]?|DC[1-9])$'),
  window_from  timestamptz not null,
  window_to    timestamptz not null,
  rule_version text not null check (rule_version ~ '^[0-9a-f]{16}$'), -- of break types, truth table and passes
  -- running: nothing of it is in the tables yet. held: the totals of the files and the statement differ, nothing was matched.
  state        text not null check (state in ('running', 'held', 'matched', 'failed', 'rolled_back')),
  step         text not null default '', --   where it is: load, match, write
  progress     smallint not null default 0 check (progress between 0 and 100),
  inputs       jsonb not null default '[]', -- files with their ids and hashes, rows of each source
  totals       jsonb not null default '[]', -- control totals: ours, the statement's
  counts       jsonb not null default '{}', -- rows per source, matched per pass, breaks per type
  outcome_hash text check (outcome_hash ~ '^[0-9a-f]{64}$'), -- of everything it found, in one order: the same again has the same
  failure      text check (length(failure) <= 400),
  started_by   text not null,
  started_at   timestamptz not null,
  beat_at      timestamptz not null, -- while it runs; one that is silent has died
  ended_at     timestamptz,
  rolled_back_by text,
  rolled_back_at timestamptz,
  check (window_from < window_to),
  check ((state = 'running') = (ended_at is null)),
  check ((state = 'rolled_back') = (rolled_back_at is not null) and (rolled_back_by is null) = (rolled_back_at is null)),
  check ((state = 'failed') = (failure is not null) or state = 'rolled_back'),
  check (state not in ('held', 'matched') or outcome_hash is not null)
);

-- A cycle of an institution is matched once, until that is rolled back.
create unique index recon_run_live on recon_run (institution, settled_on, cycle) where state in ('running', 'held', 'matched');
create index recon_run_by_bank on recon_run (institution, run_id);
call separate_tenants('recon_run', 'select, insert, update');

-- What the books need of a run: sums of what is settled, and the single rows that are not simply that.
create table recon_settled (
  run_id      uuid not null references recon_run,
  tenant_id   integer not null references tenant,
  side        text not null check (side in ('remitter', 'beneficiary')),
  status      text not null check (status in ('00', '08')),
  sub_type    text not null check (sub_type in ('F3', 'FC')),
  lane        smallint check (lane between 0 and 63), -- of the hub's payment; null: it has none, or of another amount
  over_amount bigint not null check (over_amount >= 0),
  count       bigint not null check (count > 0),
  amount      bigint not null check (amount > 0)
);

create unique index recon_settled_once on recon_settled (run_id, side, status, sub_type, coalesce(lane, -1), over_amount);
call separate_tenants('recon_settled', 'select, insert');
grant delete on recon_settled to turant_hub;

create table recon_item (
  run_id        uuid not null references recon_run,
  tenant_id     integer not null references tenant,
  ordinal       integer not null check (ordinal > 0), -- in order of direction, RRN, remitter bank
  direction     text not null check (direction in ('outward', 'inward')),
  rrn           text not null,
  nbin          text not null, -- of the remitter bank
  beneficiary_bank text not null, -- NBIN; empty: no source has it
  payment_id    uuid, --          null: the hub has never heard of it
  amount        bigint not null check (amount > 0),
  transacted_at timestamptz not null,
  raw           text not null check (raw in ('00', '08', 'declined', 'absent')),
  response_code text,
  sub_type      text not null check (sub_type in ('F3', 'FC')),
  verdict       smallint not null check (verdict between 1 and 12), -- row of the truth table; absent counts as declined
  primary key (run_id, ordinal)
);

call separate_tenants('recon_item', 'select, insert');
grant delete on recon_item to turant_hub;

-- Breaks of all kinds in one list: those of the doors (kind alone) and those of settlement (type B01 to B30).
alter table break
  add column tenant_id   integer references tenant,
  add column type        text check (type ~ '^B(0[1-9]|[12][0-9]|30)$'),
  add column run_id      uuid references recon_run,
  add column institution text,
  add column direction   text check (direction in ('outward', 'inward')),
  add column rrn         text,
  add column nbin        text, -- of the remitter bank
  add column amount      bigint,
  add column settled_on  date, -- of the cycle it was found in
  add column cycle       text,
  add column action      text, -- what is to be done about it: src/settlement/match/break-types.ts
  add column due_at      timestamptz,
  add column state       text not null default 'open' check (state in ('open', 'assigned', 'resolved', 'carried')),
  add column carried     smallint not null default 0 check (carried between 0 and 2), -- cycles it has waited through
  add column facts       jsonb not null default '{}', -- what each source says: counts, amounts, days, rows; a suggestion, where there is one
  add column assignee    text,
  add column resolution  text check (resolution in ('matched', 'corrected', 'accepted', 'forced', 'superseded')),
  add column resolved_by text,
  add column version     integer not null default 1;

-- Who opens a break without these says what it is by its kind, and whose by its payment.
create function fill_break() returns trigger language plpgsql as $$
begin
  if new.tenant_id is null then
    select p.tenant_id into new.tenant_id from payment p where p.payment_id = new.payment_id and p.lane = new.lane;
    new.tenant_id := coalesce(new.tenant_id, 0);
  end if;
  if new.type is null then
    new.type := case
      when new.kind ~ '^B(0[1-9]|[12][0-9]|30)$' then new.kind
      when new.kind = 'double_credit' then 'B18'
      when new.kind in ('contradiction', 'settlement_conflict') then 'B25'
      when new.kind = 'amount_mismatch' then 'B11'
      else 'B30' end;
  end if;
  if new.closed_at is not null then new.state := 'resolved'; end if;
  return new;
end $$;

create trigger break_is_filled before insert or update on break for each row execute function fill_break();
update break set version = version; -- the rows from before
alter table break alter column tenant_id set not null, alter column type set not null;
alter table break add constraint break_resolved check ((state = 'resolved') = (closed_at is not null));
alter table break add constraint break_assigned check (state <> 'assigned' or assignee is not null);

create index break_by_tenant on break (tenant_id, opened_at desc, break_id desc);
create index break_by_bank on break (institution, opened_at desc, break_id desc) where institution is not null;
create index break_unresolved on break (tenant_id, type, due_at) where closed_at is null;
create index break_of_run on break (run_id, break_id) where run_id is not null;
create index break_by_rrn on break (rrn) where rrn is not null;
create index break_carried on break (institution) where state = 'carried';
create policy tenant on break to turant_tenant
  using (tenant_id = nullif(current_setting('turant.tenant', true), '')::integer)
  with check (tenant_id = nullif(current_setting('turant.tenant', true), '')::integer);
grant select, update on break to turant_tenant;
grant delete on break to turant_hub; -- a run that is rolled back takes its own with it

-- What a run did to breaks of runs before it, so that it can be taken back exactly.
create table recon_mark (
  run_id    uuid not null references recon_run,
  break_id  uuid not null references break,
  tenant_id integer not null references tenant,
  before    jsonb not null, -- the columns as they were
  primary key (run_id, break_id)
);

call separate_tenants('recon_mark', 'select, insert');
grant delete on recon_mark to turant_hub;

-- What people say about a break.
create table break_comment (
  comment_id uuid primary key, -- sorts by time
  break_id   uuid not null references break on delete cascade,
  tenant_id  integer not null references tenant,
  author     text not null,
  sealed     bytea not null, --   the words
  at         timestamptz not null
);

create index break_comment_of on break_comment (break_id, comment_id);
call separate_tenants('break_comment', 'select, insert');
grant update on break_comment to turant_hub; -- sealed again under another key

-- The raw rows of a cycle, by RRN, in a file beside the database; its key is sealed here.
create table raw_archive (
  archive_id  uuid primary key,
  tenant_id   integer not null references tenant,
  institution text not null,
  settled_on  date not null,
  cycle       text not null,
  archive     text not null unique check (archive ~ '^[0-9a-z_.-]{1,100}$'), -- the name of the file, in the archive folder
  rows        bigint not null check (rows >= 0),
  sealed      bytea not null, --     the key of the file
  sha256      text not null check (sha256 ~ '^[0-9a-f]{64}$'), -- of its directory
  made_at     timestamptz not null,
  unique (institution, settled_on, cycle)
);

call separate_tenants('raw_archive', 'select, insert, update');
grant delete on raw_archive to turant_hub;

-- A cycle's payments and postings are read by when they were made: they lie in that order.
create index payment_transmitted on payment using brin (transmitted_at) with (pages_per_range = 32, autosummarize = on);
create index entry_made on entry using brin (at) with (pages_per_range = 32, autosummarize = on);
