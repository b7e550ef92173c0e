-- No rows may come back.
select 'two accounts of one mobile number can both be its default' where not exists (
  select from pg_indexes where indexname = 'account_default' and indexdef like '%UNIQUE%default_for_mobile%')
union all
select 'account ' || account_id || ' answers to a default MMID without consent' from account
where mmid like '____000' and not default_for_mobile
union all
select 'payment has no beneficiary_bank' where not exists (
  select from information_schema.columns where table_name = 'payment' and column_name = 'beneficiary_bank')
