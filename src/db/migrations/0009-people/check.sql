-- No rows may come back.
select 'a session without its person: ' || session_id from session s where not exists (select from person p where p.person_id = s.person_id)
