-- What became of files for NPCI before they left: rows that were taken out, files that were withdrawn.

-- A row that need not, or must not, be said any more. It stays with its file, so that people see what was taken out of it and why; the same
-- thing may then be said again, as the next occurrence.
alter table upload_row
  add column dropped_at  timestamptz,
  add column dropped_why text check (length(dropped_why) between 1 and 400),
  add constraint upload_row_dropped check ((dropped_at is null) = (dropped_why is null)) not valid;

alter table upload_file
  add column agreed_sha256 text check (agreed_sha256 ~ '^[0-9a-f]{64}$'), -- what people agreed to, where rows were taken out of it since
  add column leaving_at    timestamptz, -- from here on it may have left, and is what it is
  add column withdrawn_at  timestamptz,
  add column withdrawn_by  text,
  add column withdrawn_why text check (length(withdrawn_why) between 1 and 400),
  add constraint upload_file_withdrawn check (
    (state = 'withdrawn') = (withdrawn_at is not null) and (withdrawn_at is null) = (withdrawn_why is null)) not valid;

-- All of its rows may have been taken out.
alter table upload_file drop constraint upload_file_rows_check;
alter table upload_file add constraint upload_file_rows_check check (rows >= 0) not valid;
