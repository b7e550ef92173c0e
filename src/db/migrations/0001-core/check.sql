-- No rows may come back.
select 'entry is not append-only' where not exists (select from pg_trigger where tgname = 'entry_append_only')
union all
select 'journals are not checked' where not exists (select from pg_trigger where tgname = 'entry_balances')
union all
select 'index on a changing column of payment: ' || indexname from pg_indexes
where tablename = 'payment' and indexdef ~ '\m(state|version|response_code|updated_at|registered_name|reason)\M'
