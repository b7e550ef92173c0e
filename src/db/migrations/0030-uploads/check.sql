-- No rows may come back.
select 'an upload was withdrawn after it may have left' from upload_file where state = 'withdrawn' and leaving_at is not null
union all
select 'upload file ' || f.upload_id || ' is not the sum of its rows' from upload_file f
  left join upload_row r on r.upload_id = f.upload_id and r.dropped_at is null
  group by f.upload_id, f.rows, f.amount having count(r.row_id) <> f.rows or coalesce(sum(r.amount), 0) <> f.amount
