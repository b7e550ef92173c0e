-- No rows may come back.
select 'a row of an upload file went over the wire too' where exists (
  select from upload_row where upload_id is not null and complaint_id is not null)
union all
select 'turant_tenant sees complaints of others' where not (select relrowsecurity from pg_class where oid = 'complaint'::regclass);
