-- No rows may come back.
select 'turant_tenant sees link_key' where has_table_privilege('turant_tenant', 'link_key', 'select')
union all
select 'link_key can be changed' where has_table_privilege('turant_hub', 'link_key', 'update')
  or has_table_privilege('turant_hub', 'link_key', 'delete')
