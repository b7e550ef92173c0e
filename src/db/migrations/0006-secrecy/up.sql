-- Keys that seal what is personal, one per tenant and month, each wrapped by a key-encryption key that is not in this database.
create table data_key (
  kid         integer generated always as identity primary key,
  tenant_id   integer not null,
  month       text not null check (month ~ '^([0-9]{4}-[0-9]{2}|index)$'), -- of the row, in UTC; 'index': the key of the blind indexes
  kek         text not null,  -- which key-encryption key wraps it
  wrapped     bytea,          -- null: destroyed, and everything it sealed with it
  uses        bigint not null default 0 check (uses <= 4294967296), -- seals handed out to processes so far: below 2^32 for AES-GCM with random nonces
  created_at  timestamptz not null default now(),
  retired_at  timestamptz,    -- seals nothing new
  shredded_at timestamptz,
  check ((wrapped is null) = (shredded_at is not null))
);

create index data_key_by_tenant on data_key (tenant_id, month);
create unique index data_key_index_once on data_key (month) where month = 'index' and retired_at is null;

call hub_only('data_key', 'select, insert, update');
grant usage on all sequences in schema public to turant_hub;
