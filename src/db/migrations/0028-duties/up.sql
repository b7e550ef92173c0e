-- What settlement owes people and NPCI, and cannot do at once. Amounts are paise; dates are days in IST.

-- Compensation whose account takes nothing stays due, with why and until when; it may go to another account of the same customer.
alter table compensation
  add column waits   text check (waits in ('account_frozen', 'account_closed')),
  add column tries   integer not null default 0 check (tries >= 0), -- that found the account taking nothing
  add column try_at  timestamptz, -- not before then again
  add column paid_to bigint, --      the account that has it; null: NPCI took it with a statement, or it was paid before this was kept
  add column paid_at timestamptz,
  add constraint compensation_waits check (waits is null or state = 'due');

create index compensation_to_pay on compensation (institution, compensation_id) where state = 'due' and direction = 'outward';
create index compensation_paid on compensation (paid_at) where paid_at is not null;

-- When it was warned last that something is due, beside how often.
alter table settlement_item add column warned_at timestamptz;

-- Who agreed about a rate: null for those that the hub came with.
alter table fee_rate
  add column proposed_by text,
  add column approval_id uuid,
  add column set_at      timestamptz;

-- What others say an account of the chart held: JSON, a list of source, day and paise, debit positive. @source settlement.md §7.3
alter table ledger_proof add column outside jsonb not null default '[]';

-- A cycle whose steps threw: how often, what it said last, and when it is tried again. Put aside, it waits for people.
create table pipeline_fault (
  institution text not null,
  settled_on  date not null,
  cycle       text not null,
  step        text not null check (step in ('match', 'settle', 'consequences', 'adjustments')), -- that threw
  tries       integer not null check (tries > 0),
  reason      text not null, -- words of ours, and the kind of error: no row of a file
  failed_at   timestamptz not null,
  try_at      timestamptz, --  null: put aside
  primary key (institution, settled_on, cycle)
);

call hub_only('pipeline_fault', 'select, insert, update, delete');

-- More that two people agree about.
alter table approval_request drop constraint approval_request_subject_kind_check;
alter table approval_request add constraint approval_request_subject_kind_check check (subject_kind in
  ('payment', 'beneficiary', 'limits', 'client', 'person', 'resolution', 'upload', 'break', 'compensation', 'fee_rate'));
alter table approval_rule drop constraint approval_rule_subject_kind_check;
alter table approval_rule add constraint approval_rule_subject_kind_check check (subject_kind in
  ('payment', 'beneficiary', 'limits', 'client', 'person', 'resolution', 'upload', 'break', 'compensation', 'fee_rate'));
