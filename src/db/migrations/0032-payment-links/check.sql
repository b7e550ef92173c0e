-- No rows may come back.
select 'turant_tenant sees ' || t || ' of others' from unnest(array['payment_link', 'payment_link_credit', 'payment_link_event', 'payment_link_refund']) as t
where not (select relrowsecurity from pg_class where oid = t::regclass)
union all
select 'what a link received is not the sum of its credits: ' || l.link_id from payment_link l
where l.received <> (select coalesce(sum(c.amount), 0) from payment_link_credit c where c.link_id = l.link_id);
