-- No rows may come back.
select 'a key of another tenant than its client: ' || key_id from client_key k join client c using (client_id) where k.tenant_id <> c.tenant_id
