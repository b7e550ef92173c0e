-- No rows may come back.
select 'turant_tenant sees settlement events of others' where not (select relrowsecurity from pg_class where oid = 'settlement_event'::regclass)
union all
select 'the events of ' || about || ' are not numbered from one on' from settlement_event
group by about having min(sequence) <> 1 or max(sequence) <> count(*);
