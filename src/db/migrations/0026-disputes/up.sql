-- A dispute is one family of NPCI's adjustments about one payment: a chargeback and what follows it, a fraud chargeback, a good-faith
-- credit. It stands beside the payment and has a machine of its own (src/settlement/disputes/dispute.ts). Amounts are paise.
create table dispute (
  dispute_id    uuid primary key, -- sorts by time
  tenant_id     integer not null references tenant,
  payment_id    uuid not null,
  lane          smallint not null check (lane between 0 and 63),
  -- of the payment: outward, we are the remitter bank; inward, the beneficiary bank
  direction     text not null check (direction in ('outward', 'inward')),
  institution   text not null,
  rrn           text not null check (rrn ~ '^[0-9]{12}$'),
  remitter_bank text not null,
  family        text not null check (family in
    ('chargeback', 'deferred', 'fraud', 'deferred_fraud', 'wrong_payment', 'deferred_wrong_payment', 'credit_adjustment',
     'beneficiary_good_faith', 'remitter_good_faith', 'shadow_reversal')),
  state         text not null check (state in
    ('new', 'raised', 'represented', 'pre_arbitration', 'pre_arbitration_declined', 'arbitration', 'arbitration_continued', 'panel',
     'for_remitter', 'for_beneficiary', 'withdrawn', 'dropped')),
  amount        bigint not null check (amount > 0),
  transaction_on date not null, -- IST: what the windows for raising count from
  flag          text not null check (flag ~ '^[A-Z]{1,4}$'), -- the last one that counted
  reason_code   text not null check (reason_code ~ '^[A-Z0-9]{1,5}$'),
  stepped_on    date not null, -- its day, IST: what answers it counts from there
  -- where the money is: 0 with the beneficiary bank, 1 back with the remitter bank, -1 the beneficiary bank has it twice
  net           smallint not null default 0 check (net between -1 and 1),
  -- what we have filed, or put before people to file, and NPCI has not reported yet
  pending_flag   text check (pending_flag ~ '^[A-Z]{1,4}$'),
  pending_reason text check (pending_reason ~ '^[A-Z0-9]{1,5}$'),
  pending_at     timestamptz,
  -- when the other side's time, or ours, is over, and what NPCI then takes as said
  due_at        timestamptz,
  due_flag      text check (due_flag ~ '^[A-Z]{1,4}$'),
  warned_at     timestamptz,
  -- of its money: what stands in DSP-HELD, or of a refund in RET-PAY (received; not final, or won and not with the customer yet), in DSP-REC (taken from us,
  -- contested) and in SHADOW-REC
  held          bigint not null default 0 check (held >= 0),
  receivable    bigint not null default 0 check (receivable >= 0),
  shadow        bigint not null default 0 check (shadow >= 0),
  lien_id       uuid, -- the disputed amount in the customer's account
  rules         text not null check (rules ~ '^[0-9a-f]{16}$'), -- of the rule table that judged last
  version       integer not null default 1,
  opened_by     text not null,
  opened_at     timestamptz not null,
  updated_at    timestamptz not null,
  closed_at     timestamptz,
  check ((state in ('for_remitter', 'for_beneficiary', 'withdrawn', 'dropped')) = (closed_at is not null)),
  check (closed_at is null or (due_at is null and pending_flag is null)),
  check ((pending_flag is null) = (pending_reason is null) and (pending_flag is null) = (pending_at is null)),
  check (due_flag is null or due_at is not null),
  check (closed_at is null or (receivable = 0 and shadow = 0 and (held = 0 or state = 'for_remitter' or state = 'for_beneficiary')))
);

create unique index dispute_once on dispute (payment_id, family) where closed_at is null;
create index dispute_of_payment on dispute (payment_id);
create index dispute_by_tenant on dispute (tenant_id, dispute_id);
create index dispute_due on dispute (due_at) where due_at is not null;
create index dispute_unpaid on dispute (dispute_id) where held > 0 and closed_at is not null;
create index dispute_by_rrn on dispute (rrn);

-- Everything that happened to a dispute, once.
create table dispute_event (
  dispute_id  uuid not null references dispute,
  sequence    integer not null check (sequence > 0),
  tenant_id   integer not null references tenant,
  at          timestamptz not null,
  kind        text not null check (kind in ('asked', 'refused', 'adjusted', 'lapsed', 'warned', 'evidence', 'settled')),
  flag        text check (flag ~ '^[A-Z]{1,4}$'),
  reason_code text check (reason_code ~ '^[A-Z0-9]{1,5}$'),
  actor       text not null, -- who: a person's or a program's id, 'hub', 'npci', or the other bank as NPCI numbers it
  from_state  text not null,
  to_state    text not null,
  funds       text not null check (funds in ('none', 'to_remitter', 'to_beneficiary')),
  amount      bigint not null check (amount >= 0),
  -- the line of the adjustment report that said so: it counts once, whatever is imported again
  source      text,
  rule        text, -- which row of the rule table: flag, from when it holds, whose circular
  note        text check (length(note) <= 400),
  primary key (dispute_id, sequence)
);

create unique index dispute_event_source on dispute_event (source, flag) where source is not null;
create trigger dispute_event_append_only before update or delete or truncate on dispute_event
  for each statement execute function refuse_change();

-- Papers for a dispute: a few megabytes at most, and few, so they are rows and not files beside the database. Both are sealed; the name
-- too, for people write names into names.
create table evidence_file (
  evidence_id uuid primary key, -- sorts by time
  tenant_id   integer not null references tenant,
  dispute_id  uuid not null references dispute,
  media_type  text not null check (media_type in ('application/pdf', 'image/png', 'image/jpeg', 'text/plain')),
  bytes       integer not null check (bytes > 0),
  sha256      text not null check (sha256 ~ '^[0-9a-f]{64}$'), -- of what was handed in
  sealed      bytea not null, -- its name
  content     bytea not null,
  added_by    text not null,
  added_at    timestamptz not null
);

create index evidence_of_dispute on evidence_file (dispute_id);
create unique index evidence_once on evidence_file (dispute_id, sha256);

call separate_tenants('dispute', 'select, insert, update');
call separate_tenants('dispute_event', 'select, insert');
call separate_tenants('evidence_file', 'select, insert');
grant update on evidence_file to turant_hub; -- sealed again under another key
