-- What NPCI said to the rows of a file that it took. @source settlement.md §4.2

-- A row that it did not take was not said: it is dropped as well, and may be said again as the next occurrence.
alter table upload_row
  add column refused_why text check (length(refused_why) between 1 and 200),
  add constraint upload_row_refused check (refused_why is null or dropped_at is not null) not valid;

alter table upload_file
  add column answered_at timestamptz, -- NPCI's word about every row is here
  add constraint upload_file_answered check (answered_at is null or state in ('sent', 'accepted')) not valid;
