-- No rows may come back.
select 'a lien that the account does not know of: ' || a.account_id from account a
where a.lien <> coalesce((select sum(l.amount) from lien l where l.account_id = a.account_id and l.released_at is null), 0)
