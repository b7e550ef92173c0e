-- No rows may come back.
select 'the outbox has no ' || name from unnest(array['webhooks']) as name
where not exists (select from outbox_reader where reader = name)
union all
select 'turant_tenant sees ' || t from unnest(array['outbox_reader', 'webhook_change']) as t
where has_table_privilege('turant_tenant', t, 'select')
union all
select 'steps are written without their transaction'
where not exists (select from pg_attrdef d join pg_attribute a on a.attrelid = d.adrelid and a.attnum = d.adnum
                  where a.attrelid = 'event'::regclass and a.attname = 'written_by');
