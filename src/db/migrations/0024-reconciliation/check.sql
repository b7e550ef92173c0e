-- No rows may come back.
select 'a break belongs to nobody: ' || break_id from break where tenant_id is null or type is null
union all
select 'turant_tenant may delete breaks' where has_table_privilege('turant_tenant', 'break', 'delete')
