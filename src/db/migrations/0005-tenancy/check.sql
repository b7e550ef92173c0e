-- No rows may come back.
select 'rows of a tenant that is not there: ' || tenant_id from (select distinct tenant_id from account) used
where tenant_id not in (select tenant_id from tenant)
union all
select 'row security is off: ' || c.relname from pg_class c
where c.relnamespace = current_schema()::regnamespace and c.relkind in ('r', 'p') and not c.relrowsecurity and c.relname <> 'schema_migration'
