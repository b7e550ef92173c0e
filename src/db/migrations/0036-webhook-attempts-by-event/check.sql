-- No rows may come back.
select 'tries are not found by their event'
where not exists (select from pg_indexes where tablename = 'webhook_attempt' and indexname = 'webhook_attempt_of_event');
