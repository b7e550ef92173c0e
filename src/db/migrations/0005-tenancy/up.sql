-- Who uses the hub. Everything with a tenant_id belongs to one of them; 0 is the hub itself.
create table tenant (
  tenant_id   integer primary key check (tenant_id >= 0),
  kind        text not null check (kind in ('hub', 'member_bank', 'sub_member', 'business')),
  -- the bank on this hub that a member or sub-member is, or that a business has its accounts with; null: any of them
  institution text,
  parent_id   integer references tenant, -- the member bank behind a sub-member or a business
  name        text not null check (length(name) between 1 and 100),
  -- what a payment by one of its customers needs: 'none' (it pays its own money), 'hub' (the hub asks for two factors),
  -- 'evidence' (it has asked itself, and says how)
  customer_authentication text not null default 'none' check (customer_authentication in ('none', 'hub', 'evidence')),
  stopped_at     timestamptz, --       the kill switch: nothing leaves
  policy_version integer not null default 1, -- goes up with every change of what door 1 must obey
  created_at     timestamptz not null default now(),
  check ((tenant_id = 0) = (kind = 'hub')),
  check (parent_id is null or parent_id <> tenant_id)
);

insert into tenant (tenant_id, kind, name) values (0, 'hub', 'Turant');
-- Payments and accounts from before there were tenants.
insert into tenant (tenant_id, kind, name) values (1, 'business', 'Default');

-- Two roles that own nothing and cannot log in. turant_hub does the hub's own work, over all tenants, and cannot change a table or
-- rewrite history; turant_tenant does what somebody asked for, and sees one tenant: the one that `turant.tenant` names in its transaction.
do $$
declare
  wanted text;
begin
  foreach wanted in array array['turant_hub', 'turant_tenant'] loop
    begin
      execute format('create role %I nologin noinherit', wanted);
    exception when duplicate_object or unique_violation then null; -- roles belong to the server, not to this database
    end;
  end loop;
  execute format('grant usage on schema %I to turant_hub, turant_tenant', current_schema());
  -- So that one role can be both the owner and who logs in; where the roles are another owner's, an operator grants them.
  begin
    execute format('grant turant_hub, turant_tenant to %I', current_user);
  exception when insufficient_privilege then null;
  end;
end $$;

-- The second wall around a table with a tenant_id: row-level security, and no more privileges than are named.
create procedure separate_tenants(target regclass, privileges text) language plpgsql as $$
begin
  execute format('alter table %s enable row level security', target);
  execute format('create policy hub on %s to turant_hub using (true) with check (true)', target);
  execute format('create policy tenant on %s to turant_tenant
    using (tenant_id = nullif(current_setting(''turant.tenant'', true), '''')::integer)
    with check (tenant_id = nullif(current_setting(''turant.tenant'', true), '''')::integer)', target);
  execute format('grant %s on %s to turant_hub, turant_tenant', privileges, target);
end $$;

-- A table that belongs to no tenant, or that nobody asks about on behalf of one.
create procedure hub_only(target regclass, privileges text) language plpgsql as $$
begin
  execute format('alter table %s enable row level security', target);
  execute format('create policy hub on %s to turant_hub using (true) with check (true)', target);
  execute format('grant %s on %s to turant_hub', privileges, target);
end $$;

call separate_tenants('account', 'select, insert, update');
call separate_tenants('payment', 'select, insert, update');
call separate_tenants('hold', 'select, insert, update, delete');
call separate_tenants('event', 'select, insert');
call separate_tenants('idempotency_key', 'select, insert');
call separate_tenants('name_enquiry', 'select, insert');
call separate_tenants('approval', 'select, insert, update');
call hub_only('stan_block', 'select, insert, update');
call hub_only('break', 'select, insert, update');
call hub_only('link_lease', 'select, insert, update, delete');
call hub_only('verification_budget', 'select, insert, update, delete');
call hub_only('unmatched_answer', 'select, insert');
call hub_only('inward_verification', 'select, insert, update');
call hub_only('member_bank', 'select, insert, update, delete');
call hub_only('entry', 'select, insert');
grant usage on all sequences in schema public to turant_hub, turant_tenant;

-- A leg has no tenant of its own: it is its account's.
grant select on entry to turant_tenant;
create policy tenant on entry for select to turant_tenant using (
  exists (select from account a where a.lane = entry.lane and a.account_id = entry.account_id));

-- A tenant may know of itself; only the hub knows of all.
alter table tenant enable row level security;
create policy hub on tenant to turant_hub using (true) with check (true);
create policy tenant on tenant to turant_tenant
  using (tenant_id = nullif(current_setting('turant.tenant', true), '')::integer)
  with check (tenant_id = nullif(current_setting('turant.tenant', true), '')::integer);
grant select, insert, update on tenant to turant_hub;
grant select, update on tenant to turant_tenant;
grant select on schema_migration to turant_hub;
