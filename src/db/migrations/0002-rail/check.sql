-- No rows may come back.
select 'link_lease has no epoch' where not exists (
  select from information_schema.columns where table_name = 'link_lease' and column_name = 'epoch' and data_type = 'bigint')
union all
select 'unmatched_answer is not append-only' where not exists (
  select from pg_trigger where tgname = 'unmatched_answer_append_only')
