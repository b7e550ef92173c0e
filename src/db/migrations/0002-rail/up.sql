-- Who may use a link of the switch now. Doors 1 and 3 read `epoch` under a share lock in their own commit.
create table link_lease (
  link_id    text primary key,
  epoch      bigint not null check (epoch > 0), -- goes up with every take-over, never down
  holder     text,                              -- null after a release
  expires_at timestamptz not null               -- by the clock of the database
) with (fillfactor = 20); -- renewed every few seconds, always in place

-- One bucket of tokens for all processes: a verification takes one.
create table verification_budget (
  only_row    boolean primary key default true check (only_row),
  tokens      double precision not null check (tokens >= 0),
  refilled_at timestamptz not null
);

-- Answers that belong to no payment, or to one of another amount: kept as they came, for people.
create table unmatched_answer (
  answer_id   bigint generated always as identity primary key,
  link        text not null,
  received_at timestamptz not null,
  reason      text not null check (reason in ('unknown_reference', 'amount_mismatch', 'undecodable')),
  rrn         text,
  frame       bytea not null
);

create trigger unmatched_answer_append_only before update or delete or truncate on unmatched_answer
  for each statement execute function refuse_change();

-- Verifications of originals that had not come (NPCI OC 74): answered 91, so one that never comes must be returned with RET.
create table inward_verification (
  rrn           text not null,
  remitter_bank text not null,
  amount        bigint not null,
  link          text not null,
  first_at      timestamptz not null,
  last_at       timestamptz not null,
  times         integer not null default 1,
  primary key (rrn, remitter_bank)
);
