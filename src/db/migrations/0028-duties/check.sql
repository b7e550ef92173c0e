-- No rows may come back.
select 'compensation waits though it is not due' from compensation where waits is not null and state <> 'due'
union all
select t || ' does not know of fee rates' from unnest(array['approval_request', 'approval_rule']) as t
where not exists (select from pg_constraint where conname = t || '_subject_kind_check' and pg_get_constraintdef(oid) like '%fee_rate%')
union all
select 'turant_tenant sees pipeline_fault' where has_table_privilege('turant_tenant', 'pipeline_fault', 'select');
