-- What two or more people decide: a payment, a beneficiary, a limit, a key, a person's roles, a manual resolution.
create table approval_request (
  approval_id  uuid primary key, -- of a payment: the payment's own id
  tenant_id    integer not null references tenant,
  subject_kind text not null check (subject_kind in ('payment', 'beneficiary', 'limits', 'client', 'person', 'resolution')),
  subject_id   text not null,
  reason       text not null,
  digest       bytea not null check (length(digest) = 32), -- SHA-256 of exactly what is approved
  content      bytea,         -- sealed: the change that is made when it is approved; null for a payment
  steps        text not null, -- JSON: all of these, each by any one of its alternatives
  maker        text not null,
  maker_same   text[] not null, -- the maker, under all its names: none of them can decide
  enquiry_id   uuid references name_enquiry,
  created_at   timestamptz not null,
  expires_at   timestamptz not null,
  decision     text check (decision in ('approved', 'rejected', 'cancelled', 'lapsed', 'void')),
  decided_at   timestamptz,
  check ((decision is null) = (decided_at is null)),
  check ((subject_kind = 'payment') = (content is null))
) with (fillfactor = 80);

create index approval_request_by_tenant on approval_request (tenant_id, approval_id);
create index approval_request_open on approval_request (tenant_id, approval_id) where decision is null;
create index approval_request_due on approval_request (expires_at) where decision is null and subject_kind <> 'payment';

-- Who said what about which content. Never changed.
create table approval_vote (
  approval_id uuid not null references approval_request,
  tenant_id   integer not null,
  voter       text not null,
  voter_same  text[] not null,
  roles       text[] not null,
  verdict     text not null check (verdict in ('approve', 'reject')),
  digest      bytea not null,
  at          timestamptz not null,
  primary key (approval_id, voter)
);

create trigger approval_vote_append_only before update or delete or truncate on approval_vote
  for each statement execute function refuse_change();

-- When something needs approval, and whose.
create table approval_rule (
  rule_id      uuid primary key default gen_random_uuid(),
  tenant_id    integer not null references tenant,
  subject_kind text not null check (subject_kind in ('payment', 'beneficiary', 'limits', 'client', 'person', 'resolution')),
  over_amount  bigint check (over_amount >= 0), -- paise: payments of more than this; null: all
  steps        text not null,
  valid_from   timestamptz not null,
  valid_until  timestamptz,
  created_at   timestamptz not null,
  check (valid_until is null or valid_until > valid_from),
  check (over_amount is null or subject_kind = 'payment')
);

create index approval_rule_by_tenant on approval_rule (tenant_id, subject_kind);

-- What was asked before there were rules: one person who is not the maker. The makers were not written down then.
insert into approval_request (approval_id, tenant_id, subject_kind, subject_id, reason, digest, steps, maker, maker_same, enquiry_id,
                              created_at, expires_at, decision, decided_at)
select a.payment_id, a.tenant_id, 'payment', 'pay_' || replace(a.payment_id::text, '-', ''), 'name_mismatch',
       sha256(convert_to(a.payment_id::text, 'UTF8')), '[{"anyOf":[{"role":"checker","count":1}]}]', 'unknown', '{}', a.enquiry_id,
       p.created_at, a.expires_at, a.decision, a.decided_at
from approval a join payment p using (payment_id, lane);
drop table approval;

-- A hold may wait for its customer, for people, or for the end of a lag.
alter table hold drop constraint hold_awaiting_check;
alter table hold add constraint hold_awaiting_check check (awaiting in ('authentication', 'approval', 'lag'));

call separate_tenants('approval_request', 'select, insert, update');
call separate_tenants('approval_vote', 'select, insert');
call separate_tenants('approval_rule', 'select, insert, update');
