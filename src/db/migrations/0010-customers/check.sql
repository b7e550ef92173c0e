-- No rows may come back.
select 'released without evidence: ' || a.payment_id from authentication a
where a.used_at is not null and not exists (select from evidence e where e.payment_id = a.payment_id)
