-- The bank whose name the payer gave instead of an MMID: first four letters of its IFSCs (NPCI OC 119). Rows from before have none.
alter table payment add column beneficiary_bank text;
alter table payment add constraint payment_bank_by_mobile
  check (beneficiary_bank is null or beneficiary_kind = 'mmid') not valid;

-- Consent of the customer: what comes for this mobile number and the bank's default MMID (NBIN and 000) is for this account.
alter table account add column default_for_mobile boolean not null default false;
alter table account add constraint account_default_has_mobile check (not default_for_mobile or mobile is not null) not valid;

-- An account that was given 000 as its own MMID keeps what its owner handed out.
update account set default_for_mobile = true where mmid like '____000';

create unique index account_default on account (mobile, institution) where default_for_mobile;

-- The members of IMPS as NPCI last listed them (RespListAccPvd).
create table member_bank (
  nbin        text primary key check (nbin ~ '^[0-9]{4}$'),
  bank_code   text not null, -- the participation code, three characters
  name        text not null,
  ifsc        text not null, -- the first four letters of its IFSCs, or a whole one
  active      boolean not null,
  features    text[] not null,
  modified_at text, --           as NPCI wrote it
  listed_at   timestamptz not null
);
