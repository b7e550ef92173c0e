-- Everything personal moves into one sealed value per row; what is searched for gets a blind index (why.md). Rows from before are
-- sealed by the hub before 0014 takes the plain columns away.

drop index payment_by_beneficiary_account, payment_by_remitter_account, payment_by_beneficiary_mobile, payment_by_remitter_mobile;
drop index account_by_number, account_by_mmid, account_default;

alter table payment
  add column sealed        bytea, -- JSON: remitter's name, account, mobile, MMID; beneficiary's name, account, mobile, MMID; remarks
  add column registered    bytea, -- the registered name, as the beneficiary bank told it
  add column sealed_answer bytea, -- inward: the first answer, sent again byte for byte to a duplicate
  add column other_account uuid,  -- blind index of the other side's account number
  add column other_mobile  uuid,  -- and of its mobile number
  add column actor         text;  -- who asked for it
alter table payment drop constraint payment_check3;
alter table payment add constraint payment_account_has_ifsc check (beneficiary_kind <> 'account' or beneficiary_ifsc is not null) not valid;

create index payment_by_other_account on payment (other_account, payment_id) where other_account is not null;
create index payment_by_other_mobile on payment (other_mobile, payment_id) where other_mobile is not null;

alter table account
  add column sealed       bytea, -- JSON: name, account number, mobile; null for the hub's own
  add column number_index uuid,
  add column mobile_index uuid,
  add column usage        text not null default '{}', -- what was paid in the windows that limits look at
  add column lien         bigint not null default 0 check (lien >= 0), -- of the balance, what may not be spent
  add column customer_id  bigint;
alter table account alter column name drop not null;
alter table account drop constraint account_check2, drop constraint account_default_has_mobile;
alter table account add constraint account_default_has_mobile
  check (not default_for_mobile or mobile is not null or mobile_index is not null);

create unique index account_by_number on account (number_index, ifsc) where number_index is not null;
create unique index account_by_mmid on account (mobile_index, mmid) where mmid is not null and mobile_index is not null;
create unique index account_default on account (mobile_index, institution) where default_for_mobile and mobile_index is not null;

drop trigger name_enquiry_append_only on name_enquiry;
alter table name_enquiry add column sealed bytea; -- JSON: beneficiary's account, mobile, MMID; the name asked for; the registered name
alter table name_enquiry drop constraint name_enquiry_check, drop constraint name_enquiry_check1, drop constraint name_enquiry_check2;
grant update on name_enquiry to turant_hub; -- until 0014: the rows from before

drop trigger unmatched_answer_append_only on unmatched_answer;
alter table unmatched_answer add column sealed bytea, alter column frame drop not null;
grant update on unmatched_answer to turant_hub;
