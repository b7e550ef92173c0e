-- No rows may come back.
select 'journal is not append-only' where not exists (select from pg_trigger where tgname = 'journal_append_only')
union all
select 'credit_once is not append-only' where not exists (select from pg_trigger where tgname = 'credit_once_append_only')
union all
select 'turant_tenant sees ' || t from unnest(array['fee_rate', 'pipeline_step', 'adjustment_applied']) as t
where has_table_privilege('turant_tenant', t, 'select')
union all
select 'an inward payment may be in any state' where not exists (
  select from pg_constraint where conname = 'payment_inward_states')
