-- Where a bank stands with NPCI: how much of its net debit cap is used, and whether each account of the chart can be proved. Amounts are
-- paise, days are in IST.

-- The cap that NPCI has told a bank, from when on; the one that has begun last holds. @source settlement.md §2.1
create table net_debit_cap (
  cap_id      uuid primary key, -- sorts by time
  institution text not null,
  cap         bigint check (cap > 0), -- null: none from then on
  -- what becomes of new outward payments when all of it is used
  on_full     text not null check (on_full in ('alert', 'hold', 'refuse')),
  valid_from  timestamptz not null,
  set_by      text not null,
  set_at      timestamptz not null
);

create index net_debit_cap_of_bank on net_debit_cap (institution, valid_from, cap_id);
create trigger net_debit_cap_append_only before update or delete or truncate on net_debit_cap
  for each statement execute function refuse_change();
call hub_only('net_debit_cap', 'select, insert');

-- What one process of the hub counted last, for all of them to read.
create table net_debit (
  institution  text primary key,
  refreshed_at timestamptz not null, -- what was paid before it is settled
  outward      bigint not null check (outward >= 0),   -- approved and deemed since
  inward       bigint not null check (inward >= 0),    -- approved since
  in_flight    bigint not null check (in_flight >= 0), -- sent, and the outcome is open
  cap          bigint check (cap > 0),
  on_full      text not null check (on_full in ('alert', 'hold', 'refuse')),
  level        smallint not null check (level in (0, 60, 80, 90, 100)), -- per cent, the highest that was crossed
  counted_by   text not null,
  counted_at   timestamptz not null
) with (fillfactor = 50); -- changes in place every second
call hub_only('net_debit', 'select, insert, update');

-- Each time a level was crossed from below.
create table net_debit_alert (
  institution  text not null,
  level        smallint not null check (level in (60, 80, 90, 100)),
  crossed_at   timestamptz not null,
  used         bigint not null,
  cap          bigint not null,
  refreshed_at timestamptz not null,
  primary key (institution, crossed_at, level)
);
create trigger net_debit_alert_append_only before update or delete or truncate on net_debit_alert
  for each statement execute function refuse_change();
call hub_only('net_debit_alert', 'select, insert');

-- One account of the chart on one day, proved: opening + debits - credits = closing, and closing = the balance at the end of the day.
-- Debit is positive here, as accountants write it; what explains the closing is in `lines`. @source settlement.md §7.3 B24
create table ledger_proof (
  code        text not null,
  day         date not null,
  opening     bigint not null,
  debits      bigint not null check (debits >= 0),
  credits     bigint not null check (credits >= 0),
  closing     bigint not null,
  balance     bigint not null, -- of the ledger, or as the core's end-of-day file has it
  source      text not null check (source in ('ledger', 'core')),
  unexplained bigint, --          null: nothing but the sum is asked of this account
  lines       jsonb not null default '[]',
  proved_at   timestamptz not null,
  primary key (code, day),
  check (closing = opening + debits - credits)
);
call hub_only('ledger_proof', 'select, insert, update');

-- The number of the last entry of an account before an instant, 0 when there is none: an account's entries never go back in time, so
-- that it is found in some twenty steps and needs no index on time.
create function entry_before(of_lane smallint, of_account bigint, instant timestamptz) returns bigint
language plpgsql stable as $$
declare
  low  bigint := 0;
  high bigint;
  middle bigint;
  found timestamptz;
begin
  select entry_no into high from account where lane = of_lane and account_id = of_account;
  high := coalesce(high, 0);
  while low < high loop
    middle := (low + high + 1) / 2;
    select at into found from entry where lane = of_lane and account_id = of_account and entry_no = middle;
    if found is null or found >= instant then high := middle - 1; else low := middle; end if;
  end loop;
  return low;
end $$;

-- The whole story of a payment is told from rows that are found by it.
create index approval_request_about on approval_request (subject_id) where subject_kind = 'resolution';
create index unmatched_answer_by_rrn on unmatched_answer (rrn) where rrn is not null;
