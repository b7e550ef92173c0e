-- No rows may come back.
select 'a hold awaits approval without being asked about: ' || payment_id from hold
where awaiting = 'approval' and payment_id not in (select approval_id from approval_request where decision is null)
union all
select 'an awaiting hold could be sent' where not exists (
  select from pg_constraint where conname = 'hold_awaiting_is_not_sent')
