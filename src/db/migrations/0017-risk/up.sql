-- A limit may be of customers: its sums then run over all accounts of one.
alter table limit_policy
  add column each_customer boolean not null default false, -- each customer by itself
  add column customer_id   bigint,                         -- one customer
  add foreign key (customer_id, tenant_id) references customer (customer_id, tenant_id),
  add check (not (each_customer and customer_id is not null)),
  add check (account_id is null or (customer_id is null and not each_customer));

-- Who used a customer's kill switch: what the customer stopped the customer lets go again, and what operations stopped does not.
alter table customer
  add column stopped_by text check (stopped_by in ('customer', 'operations')),
  add constraint customer_stopped_by_somebody check ((stopped_at is null) = (stopped_by is null));

-- How a payment was judged before door 1, as JSON: verdict, reasons, rule set. Written once, with the payment; null: nobody judged.
alter table payment add column risk text;

-- The rules of a tenant, from when on; the last one that has begun holds. Never changed.
create table risk_rule_set (
  tenant_id  integer not null references tenant,
  version    integer not null check (version > 0),
  rules      text not null, -- JSON (src/risk/rules.ts)
  valid_from timestamptz not null,
  created_by text not null,
  created_at timestamptz not null,
  primary key (tenant_id, version)
);

create trigger risk_rule_set_append_only before update or delete or truncate on risk_rule_set
  for each statement execute function refuse_change();

-- What people should look at. The same reasons for the same account within an hour are one row, however often they come.
create table risk_flag (
  flag_id    uuid primary key default gen_random_uuid(),
  tenant_id  integer not null references tenant,
  account_id bigint not null,
  direction  text not null check (direction in ('outward', 'inward')),
  verdict    text not null check (verdict in ('review', 'refuse', 'flag')),
  reasons    text[] not null check (cardinality(reasons) between 1 and 20),
  rule_set   text, -- name and version of what judged
  payment_id uuid, -- of the first; null: it was refused, and never was one
  amount     bigint not null check (amount > 0), -- of the first
  hour       timestamptz not null,
  times      integer not null default 1 check (times > 0),
  first_at   timestamptz not null,
  last_at    timestamptz not null,
  closed_by  text,
  closed_at  timestamptz,
  note       text,
  check (verdict <> 'flag' or direction = 'inward'),
  check ((closed_at is null) = (closed_by is null))
) with (fillfactor = 80);

create unique index risk_flag_once on risk_flag (tenant_id, account_id, hour, direction, verdict, reasons);
create index risk_flag_by_tenant on risk_flag (tenant_id, first_at, flag_id);

call separate_tenants('risk_rule_set', 'select, insert');
call separate_tenants('risk_flag', 'select, insert, update');
