-- Goes up when a data key was retired or destroyed: running hubs look at it every second and let go of what they remember.
create table key_version (
  only_row boolean primary key default true check (only_row),
  version  bigint not null default 0
);
insert into key_version default values;
call hub_only('key_version', 'select');

-- How far the re-computing of blind indexes under a new key is, place by place; empty when none is under way.
create table index_rotation (
  place   text primary key, -- table.column
  after   text not null,    -- JSON: the last key that is done
  rows    bigint not null default 0,
  done_at timestamptz
);
call hub_only('index_rotation', 'select');

-- Rows that are never changed may be sealed again under another key, by the owner of the tables; nothing else of them may.
drop trigger name_enquiry_append_only on name_enquiry;
create trigger name_enquiry_append_only before delete or truncate on name_enquiry
  for each statement execute function refuse_change();
create trigger name_enquiry_unchanged before update of
  enquiry_id, tenant_id, institution, account_id, beneficiary_kind, beneficiary_ifsc, beneficiary_bank, status, score, response_code,
  transaction_id, rrn, created_at on name_enquiry
  for each statement execute function refuse_change();
drop trigger unmatched_answer_append_only on unmatched_answer;
create trigger unmatched_answer_append_only before delete or truncate on unmatched_answer
  for each statement execute function refuse_change();
create trigger unmatched_answer_unchanged before update of answer_id, link, received_at, reason, rrn on unmatched_answer
  for each statement execute function refuse_change();
