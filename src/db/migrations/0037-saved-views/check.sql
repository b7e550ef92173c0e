-- No rows may come back.
select 'turant_tenant sees views of others' where not (select relrowsecurity from pg_class where oid = 'saved_view'::regclass);
