-- No rows may come back.
select 'not reachable by number: ' || account_id from account where kind = 'customer' and account_number is null and number_index is null
