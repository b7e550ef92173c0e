-- What somebody looks for again and again: a name, and what a list is narrowed by then. What is looked for may be an account or a name.
create table saved_view (
  view_id    uuid primary key, -- sorts by time
  tenant_id  integer not null references tenant,
  person_id  uuid not null references person,
  list       text not null check (list in ('payments')),
  sealed     bytea not null, -- JSON: name, filters, columns
  created_at timestamptz not null,
  updated_at timestamptz not null
);
create index saved_view_of_person on saved_view (person_id, view_id);
call separate_tenants('saved_view', 'select, insert, update, delete');
