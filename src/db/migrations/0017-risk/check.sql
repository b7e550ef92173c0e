-- No rows may come back.
select 'an inward payment that was judged as if it could be refused: ' || payment_id from payment where risk is not null and direction = 'inward' limit 1
