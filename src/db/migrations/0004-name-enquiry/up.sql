-- Who the other bank says owns an account or a mobile number, and under which reference it said so.
create table name_enquiry (
  enquiry_id          uuid primary key default gen_random_uuid(),
  tenant_id           integer not null,
  institution         text not null,
  account_id          bigint, -- the customer who asked; null: the institution did
  beneficiary_kind    text not null check (beneficiary_kind in ('account', 'mmid')),
  beneficiary_account text,
  beneficiary_ifsc    text,
  beneficiary_mobile  text,
  beneficiary_mmid    text,
  beneficiary_bank    text,
  asked_name          text,   -- the name that the customer believes in
  status              text not null check (status in ('verified', 'refused')),
  registered_name     text,   -- masked
  score               smallint check (score between 0 and 100),
  response_code       text not null,
  transaction_id      text,   -- Txn@id of the look-up
  rrn                 text not null,
  created_at          timestamptz not null,
  check (score is null or (status = 'verified' and asked_name is not null)),
  check ((beneficiary_kind = 'account') = (beneficiary_account is not null and beneficiary_ifsc is not null)),
  check ((beneficiary_kind = 'mmid') = (beneficiary_mobile is not null and beneficiary_mmid is not null))
);

create trigger name_enquiry_append_only before update or delete or truncate on name_enquiry
  for each statement execute function refuse_change();

-- A hold that waits for a person. Until that is over nothing may carry it to a link.
alter table hold add column awaiting text check (awaiting = 'approval');
alter table hold add constraint hold_awaiting_is_not_sent check (awaiting is null or link is null);

-- What a person is asked to decide, and what was decided. Written by doors 1 and 2 in the commit of the step itself.
create table approval (
  lane       smallint not null,
  payment_id uuid not null,
  tenant_id  integer not null,
  enquiry_id uuid not null references name_enquiry,
  expires_at timestamptz not null,
  decision   text check (decision in ('approved', 'rejected', 'cancelled', 'lapsed')),
  decided_at timestamptz,
  primary key (payment_id, lane),
  check ((decision is null) = (decided_at is null))
) with (fillfactor = 80);

create index approval_by_tenant on approval (tenant_id, payment_id);
create index approval_open on approval (tenant_id, payment_id) where decision is null;
