-- No rows may come back.
select t || ' is not append-only' from unnest(array['net_debit_cap', 'net_debit_alert']) as t
where not exists (select from pg_trigger where tgname = t || '_append_only')
union all
select 'turant_tenant sees ' || t from unnest(array['net_debit_cap', 'net_debit', 'net_debit_alert', 'ledger_proof']) as t
where has_table_privilege('turant_tenant', t, 'select');
