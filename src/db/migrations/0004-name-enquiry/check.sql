-- No rows may come back.
select 'an awaiting hold could be sent' where not exists (
  select from pg_constraint where conname = 'hold_awaiting_is_not_sent')
union all
select 'name_enquiry is not append-only' where not exists (
  select from pg_trigger where tgname = 'name_enquiry_append_only')
union all
select 'a hold awaits ' || awaiting || ' without being asked about: ' || payment_id from hold
where awaiting is not null and payment_id not in (select payment_id from approval where decision is null)
