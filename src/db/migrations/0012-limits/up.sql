-- What a tenant's payments must keep to, from when to when. Of all that apply the strictest holds; NPCI's own limits hold besides.
create table limit_policy (
  policy_id   uuid primary key default gen_random_uuid(),
  tenant_id   integer not null references tenant,
  channel     text,   -- null: all channels together
  account_id  bigint, -- null: each account by itself
  rules       text not null, -- JSON (src/payment/policy.ts)
  valid_from  timestamptz not null,
  valid_until timestamptz,
  created_at  timestamptz not null,
  check (valid_until is null or valid_until > valid_from)
);

create index limit_policy_by_tenant on limit_policy (tenant_id);

-- Whom an account has paid before, where a policy lets new beneficiaries have less at first.
create table beneficiary_seen (
  lane       smallint not null,
  account_id bigint not null,
  tenant_id  integer not null,
  beneficiary uuid not null, -- blind index of its account and IFSC, or of its mobile and MMID
  first_at   timestamptz not null,
  amount     bigint not null check (amount >= 0), -- paid while it was new
  primary key (account_id, beneficiary, lane)
) with (fillfactor = 80);

-- A disputed amount that stays in an account until it is decided. account.lien is the sum of the open ones.
create table lien (
  lien_id     uuid primary key default gen_random_uuid(),
  tenant_id   integer not null references tenant,
  account_id  bigint not null,
  amount      bigint not null check (amount > 0),
  reference   text not null, -- of whoever asked for it: an NCRP acknowledgement number, a court order
  placed_by   text not null,
  placed_at   timestamptz not null,
  released_by text,
  released_at timestamptz,
  check ((released_by is null) = (released_at is null))
);

create index lien_by_account on lien (account_id);

-- Accounts and mobiles that nothing is paid to.
create table blocked (
  tenant_id  integer not null references tenant,
  what       uuid not null, -- blind index
  kind       text not null check (kind in ('account', 'mobile')),
  reason     text not null,
  blocked_by text not null,
  blocked_at timestamptz not null,
  lifted_at  timestamptz,
  primary key (tenant_id, what)
);

call separate_tenants('limit_policy', 'select, insert, update');
call separate_tenants('beneficiary_seen', 'select, insert, update');
call separate_tenants('lien', 'select, insert, update');
call separate_tenants('blocked', 'select, insert, update');
