-- Whom a tenant pays, registered once: by one person, and by the rules for `beneficiary` with the agreement of others. Only what holds
-- is here; what waits for approval is in approval_request.
create table beneficiary (
  beneficiary_id uuid primary key, -- sorts by time
  tenant_id    integer not null references tenant,
  kind         text not null check (kind in ('account', 'mmid', 'mobile')),
  ifsc         text,
  bank         text,
  sealed       bytea not null, -- JSON: label, name, account, mobile, MMID
  what         uuid not null,  -- blind index of its account and IFSC, or of its mobile and MMID or bank
  made_by      text[] not null, -- who registered it, under all its names: none of them can approve a payment to it
  created_at   timestamptz not null,
  ended_at     timestamptz,
  check ((kind = 'account') = (ifsc is not null)),
  check ((kind = 'mobile') = (bank is not null))
);

create index beneficiary_by_tenant on beneficiary (tenant_id, beneficiary_id);
create unique index beneficiary_once on beneficiary (tenant_id, what) where ended_at is null;

call separate_tenants('beneficiary', 'select, insert, update');

-- A key that people agreed to, and that was handed over once.
alter table client_key add column approval_id uuid unique references approval_request;
