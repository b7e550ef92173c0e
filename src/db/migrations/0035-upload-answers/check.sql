-- No rows may come back.
select 'upload row ' || r.row_id || ' was refused in a file that NPCI does not have' from upload_row r
  left join upload_file f using (upload_id)
  where r.refused_why is not null and coalesce(f.state, '') not in ('sent', 'accepted')
