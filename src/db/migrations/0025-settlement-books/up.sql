-- What settlement does to the books. Amounts are paise; dates are days in IST.

-- More reasons for a journal, and an inward credit that was taken back.
alter table entry drop constraint entry_kind_check;
alter table entry add constraint entry_kind_check check (kind in (
  'opening', 'hold', 'void', 'credit', 'return',
  'award', 'recovery', 'charge', -- by door 2, about one payment: a dispute won, an inward credit taken back, a debit that was due after all
  'settlement', 'fees', 'received', 'compensation', 'penalty', 'dispute', 'suspense', 'correction')) not valid;
alter table payment drop constraint payment_check1;
alter table payment add constraint payment_inward_states
  check (direction = 'outward' or state in ('succeeded', 'declined', 'returned')) not valid;

-- Why a journal was made that is not one payment's hold, void or credit. Its legs are the entries with its id. One for each thing that
-- can happen once: asked for again it is not made again.
create table journal (
  journal_id   uuid primary key,
  tenant_id    integer not null references tenant, -- 0: the hub's, for an institution
  institution  text not null,
  transfer_key text not null, --   what it is about: pay:<uuid>, cycle:<institution>/2026-11-27/5, adj:<reference>, dsp:<uuid>
  event        text not null check (event ~ '^[a-z][a-z0-9_]{1,39}$'),
  occurrence   integer not null default 1 check (occurrence > 0),
  rule_version text not null,
  settled_on   date, --            of the cycle that brought it, where one did
  cycle        text check (cycle ~ '^([1-9][0-9]?|DC[1-9])$'),
  at           timestamptz not null,
  unique (transfer_key, event, occurrence),
  check ((settled_on is null) = (cycle is null))
);

create index journal_by_cycle on journal (institution, settled_on, cycle) where settled_on is not null;
create trigger journal_append_only before update or delete or truncate on journal
  for each statement execute function refuse_change();
call separate_tenants('journal', 'select, insert');

-- Money went to the customer of this payment a first time: it never does a second time, whatever says so. @source settlement.md I4, §4.5
create table credit_once (
  rrn        text not null,
  nbin       text not null, -- of the remitter bank, as the payment has it
  direction  text not null check (direction in ('outward', 'inward')),
  tenant_id  integer not null references tenant,
  payment_id uuid not null,
  by         text not null, -- the fact that did it
  ledger     text not null check (ledger in ('void', 'return', 'award', 'credit')),
  at         timestamptz not null,
  primary key (rrn, nbin, direction)
);

create index credit_once_of_payment on credit_once (payment_id);
create trigger credit_once_append_only before update or delete or truncate on credit_once
  for each statement execute function refuse_change();
call separate_tenants('credit_once', 'select, insert');

-- A lien that was placed so that a payment can be taken back is found by the payment's id.
create index lien_by_reference on lien (reference) where released_at is null;

-- What the raw files say about a payment that is not simply paid and settled: a deemed one, a declined one, one that is missing. A
-- payment without a row here that succeeded is settled in the cycle whose files hold its RRN.
create table settlement_item (
  item_id       uuid primary key default gen_random_uuid(),
  tenant_id     integer not null references tenant,
  institution   text not null,
  direction     text not null check (direction in ('outward', 'inward')),
  rrn           text not null,
  nbin          text not null,
  payment_id    uuid, --            null: the hub has never heard of it
  lane          smallint not null check (lane between 0 and 63),
  amount        bigint not null check (amount > 0),
  transacted_on date not null, --   T
  settled_on    date not null, --   of the cycle whose file said so first
  cycle         text not null,
  raw           text not null check (raw in ('00', '08', 'declined', 'absent')),
  response_code text,
  absent_cycles integer not null default 0 check (absent_cycles >= 0),
  -- what is owed about it: the other bank's word, ours, people's; and until when
  duty          text not null check (duty in ('none', 'hear', 'say', 'people', 'watch')),
  due_at        timestamptz,
  warned        integer not null default 0, -- warnings given so far
  judged        text check (judged in ('00', '08', 'declined', 'absent')), -- what of a raw file was acted on: it is not acted on again
  return_ref    text, --            NPCI's reference of the return whose money came: a second one is nobody's
  outcome       text, --            tcc_102, tcc_103, ret_114 ..., confirmed, returned, chargeback, declined, recovered
  done_at       timestamptz,
  updated_at    timestamptz not null,
  unique (rrn, nbin, direction),
  check ((outcome is null) = (done_at is null))
);

create index settlement_item_open on settlement_item (institution, duty, due_at) where done_at is null;
create index settlement_item_of_payment on settlement_item (payment_id) where payment_id is not null;
call separate_tenants('settlement_item', 'select, insert, update');

-- Lines of adjustment reports that were acted on, by what makes them themselves: one that comes again, in whatever file, says nothing.
create table adjustment_applied (
  institution text not null,
  ref         text not null, -- RET/<NPCI's reference>
  settled_on  date not null,
  cycle       text not null,
  at          timestamptz not null,
  primary key (institution, ref)
);
call hub_only('adjustment_applied', 'select, insert');

-- What NPCI takes per payment, from when on; the rate that has begun last holds. @source settlement.md §2.5
create table fee_rate (
  rate_id     uuid primary key default gen_random_uuid(),
  kind        text not null check (kind in ('interchange', 'switching')),
  side        text not null check (side in ('remitter', 'beneficiary')),
  sub_type    text check (sub_type in ('F3', 'FC')), -- null: both
  status      text check (status in ('00', '08')), --   null: both
  over_amount bigint not null check (over_amount >= 0), -- the slab: payments of more than this, up to the next one
  fee         bigint not null check (fee >= 0),
  gst_bps     integer not null check (gst_bps between 0 and 10000),
  rounding    text not null check (rounding in ('sum_then_round', 'round_then_sum')),
  valid_from  date not null,
  source      text not null
);

create unique index fee_rate_once on fee_rate (kind, side, coalesce(sub_type, ''), coalesce(status, ''), over_amount, valid_from);
call hub_only('fee_rate', 'select, insert');

-- A hundred rupees for each day that somebody's money was late. @source RBI/2019-20/67; NPCI OC 93
create table compensation (
  compensation_id uuid primary key default gen_random_uuid(),
  tenant_id    integer not null references tenant,
  institution  text not null,
  payment_id   uuid,
  rrn          text not null,
  nbin         text not null,
  direction    text not null check (direction in ('outward', 'inward')),
  -- who pays for the delay: this bank, or the other one through NPCI
  owed_by      text not null check (owed_by in ('us', 'other_bank')),
  from_on      date not null, -- the last day in time (T+1); the day after it is the first that costs
  until_on     date, --          the day the money came, or went back; null: it has not
  days         integer not null check (days >= 0),
  amount       bigint not null check (amount >= 0),
  reported     bigint check (reported >= 0), -- what NPCI's adjustment report said
  state        text not null check (state in ('accruing', 'due', 'paid')),
  updated_at   timestamptz not null,
  unique (rrn, nbin, direction),
  check ((until_on is null) = (state = 'accruing')),
  check (amount = days * 10000::bigint)
);

create index compensation_by_tenant on compensation (tenant_id, compensation_id);
create index compensation_accruing on compensation (institution) where state <> 'paid';
call separate_tenants('compensation', 'select, insert, update');

-- What is to be told NPCI: made by the hub, let go by people, handed over once.
create table upload_file (
  upload_id    uuid primary key, -- sorts by time
  tenant_id    integer not null references tenant,
  institution  text not null,
  kind         text not null check (kind in ('upload_classic', 'upload_good_faith')),
  purpose      text not null check (purpose in ('tcc_ret', 'chargeback', 'representment', 'good_faith', 'other')),
  name         text not null unique, -- NPCI refuses a name it has seen. @source OC 129
  made_on      date not null,
  sequence     integer not null check (sequence > 0),
  rows         integer not null check (rows > 0),
  amount       bigint not null check (amount >= 0),
  sealed       bytea not null, --  the file as it leaves, before PGP
  sha256       text not null check (sha256 ~ '^[0-9a-f]{64}$'),
  state        text not null check (state in ('waiting', 'released', 'sent', 'accepted', 'refused', 'withdrawn')),
  approval_id  uuid,
  due_at       timestamptz,
  made_at      timestamptz not null,
  released_at  timestamptz,
  sent_at      timestamptz,
  answer       text check (length(answer) <= 400), -- what NPCI said to it
  unique (institution, made_on, sequence)
);

create index upload_file_by_tenant on upload_file (tenant_id, upload_id);
create index upload_file_open on upload_file (institution, state) where state in ('waiting', 'released');
call separate_tenants('upload_file', 'select, insert, update');

-- The rows that go into upload files: each thing is said once. upload_id is null while it waits for a file.
create table upload_row (
  row_id       uuid primary key default gen_random_uuid(),
  tenant_id    integer not null references tenant,
  institution  text not null,
  purpose      text not null check (purpose in ('tcc_ret', 'chargeback', 'representment', 'good_faith', 'other')),
  flag         text not null check (flag ~ '^[A-Z]{1,4}$'),
  reason_code  text not null check (reason_code ~ '^[A-Z0-9]{1,5}$'),
  rrn          text not null,
  nbin         text not null,
  direction    text not null check (direction in ('outward', 'inward')),
  payment_id   uuid,
  amount       bigint not null check (amount > 0),
  occurrence   integer not null default 1,
  sealed       bytea not null, -- JSON: the row of the file
  due_at       timestamptz,
  upload_id    uuid references upload_file,
  made_at      timestamptz not null,
  unique (rrn, nbin, direction, flag, occurrence)
);

create index upload_row_waiting on upload_row (institution, purpose) where upload_id is null;
create index upload_row_of_file on upload_row (upload_id) where upload_id is not null;
call separate_tenants('upload_row', 'select, insert, update');

-- Which steps of a cycle are done. Each is safe to do again; this says where to go on.
create table pipeline_step (
  institution text not null,
  settled_on  date not null,
  cycle       text not null,
  step        text not null check (step in ('match', 'settle', 'consequences', 'adjustments')),
  run_id      text, --  the run of the match that was used
  detail      text not null default '',
  done_at     timestamptz not null,
  primary key (institution, settled_on, cycle, step)
);

call hub_only('pipeline_step', 'select, insert, update, delete');

-- An upload file is let go by people.
alter table approval_request drop constraint approval_request_subject_kind_check;
alter table approval_request add constraint approval_request_subject_kind_check check (subject_kind in
  ('payment', 'beneficiary', 'limits', 'client', 'person', 'resolution', 'upload', 'break'));
alter table approval_rule drop constraint approval_rule_subject_kind_check;
alter table approval_rule add constraint approval_rule_subject_kind_check check (subject_kind in
  ('payment', 'beneficiary', 'limits', 'client', 'person', 'resolution', 'upload', 'break'));

-- The rates of src/imps/fees.ts, until a bank has put in its own.
insert into fee_rate (kind, side, sub_type, status, over_amount, fee, gst_bps, rounding, valid_from, source) values
  ('switching', 'remitter', null, null, 0, 50, 1800, 'sum_then_round', '2016-12-01', 'NPCI, December 2016; what holds today is not published'),
  ('interchange', 'remitter', null, null, 0, 50, 1800, 'sum_then_round', '2016-12-01', 'a placeholder: the slabs are not published'),
  ('interchange', 'remitter', null, null, 100000, 100, 1800, 'sum_then_round', '2016-12-01', 'a placeholder: the slabs are not published'),
  ('interchange', 'remitter', null, null, 2500000, 150, 1800, 'sum_then_round', '2016-12-01', 'a placeholder: the slabs are not published'),
  ('interchange', 'beneficiary', null, null, 0, 50, 1800, 'sum_then_round', '2016-12-01', 'a placeholder: the slabs are not published'),
  ('interchange', 'beneficiary', null, null, 100000, 100, 1800, 'sum_then_round', '2016-12-01', 'a placeholder: the slabs are not published'),
  ('interchange', 'beneficiary', null, null, 2500000, 150, 1800, 'sum_then_round', '2016-12-01', 'a placeholder: the slabs are not published');

-- The legs of a journal that has a header; those of the doors are found by their accounts.
create index entry_of_journal on entry (journal_id) where kind not in ('opening', 'hold', 'void', 'credit', 'return');
