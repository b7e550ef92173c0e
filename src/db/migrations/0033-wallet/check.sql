-- No rows may come back.
select 'turant_tenant sees sessions of other tenants'' customers'
where not (select bool_and(relrowsecurity) from pg_class where oid in ('wallet_session'::regclass, 'wallet_sign_in'::regclass));
