-- No rows may come back.
select 'a token of another tenant than its client: ' || encode(t.sha256, 'hex') from access_token t join client c using (client_id) where t.tenant_id <> c.tenant_id
union all
select 'a token key of another tenant than its client: ' || k.token_key_id from client_token_key k join client c using (client_id) where k.tenant_id <> c.tenant_id
