-- Working keys of the ISO links, each as it came from the switch: wrapped under a key (ZMK) that is in no database.
create table link_key (
  key_no      bigint generated always as identity primary key, -- the highest of a link is its current key
  link_id     text not null check (link_id ~ '^[a-z0-9][a-z0-9-]{0,31}$'),
  cryptogram  text not null check (cryptogram ~ '^[0-9A-F]{32}$'),
  check_value text not null check (check_value ~ '^[0-9A-F]{6,16}$'),
  epoch       bigint not null check (epoch > 0), -- of the lease under which it was taken
  received_at timestamptz not null,
  -- A key that came before and was replaced does not come again: whoever recorded it has had time to break it.
  unique (link_id, cryptogram)
);

create trigger link_key_append_only before update or delete or truncate on link_key
  for each statement execute function refuse_change();

call hub_only('link_key', 'select, insert');

-- Answers whose MAC proves nothing are kept as well.
alter table unmatched_answer drop constraint unmatched_answer_reason_check;
alter table unmatched_answer add constraint unmatched_answer_reason_check
  check (reason in ('unknown_reference', 'amount_mismatch', 'undecodable', 'unproved'));
