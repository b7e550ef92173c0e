-- A customer's complaint that was filed with NPCI over the wire (UDIR), instead of as a row of an upload file. Amounts are paise.
create table complaint (
  complaint_id  uuid primary key, -- sorts by time; the last 32 digits of its transaction on the wire
  tenant_id     integer not null references tenant,
  dispute_id    uuid not null references dispute,
  payment_id    uuid not null,
  institution   text not null,
  rrn           text not null check (rrn ~ '^[0-9]{12}$'),
  flag          text not null check (flag ~ '^[A-Z]{1,4}$'),
  reason_code   text not null check (reason_code ~ '^[A-Z0-9]{1,5}$'),
  amount        bigint not null check (amount > 0),
  -- asked: nobody knows whether NPCI has it; taken, refused: NPCI says so; unheard: NPCI says that it never came
  state         text not null check (state in ('asked', 'taken', 'refused', 'unheard')),
  reference     text check (length(reference) between 1 and 35), -- NPCI's
  response_code text check (length(response_code) between 1 and 20),
  asked_by      text not null,
  asked_at      timestamptz not null,
  checks        integer not null default 0 check (checks >= 0),
  checked_at    timestamptz,
  answered_at   timestamptz,
  check ((state = 'asked') = (answered_at is null)),
  check (reference is null or state in ('taken', 'refused'))
);
create index complaint_of_dispute on complaint (dispute_id, complaint_id);
create index complaint_open on complaint (asked_at) where state = 'asked';
call separate_tenants('complaint', 'select, insert, update');

-- A row that went over the wire goes into no file.
alter table upload_row add column complaint_id uuid references complaint;

alter table dispute_event drop constraint dispute_event_kind_check;
alter table dispute_event add constraint dispute_event_kind_check check (kind in
  ('asked', 'told', 'refused', 'adjusted', 'lapsed', 'warned', 'evidence', 'settled'));
