-- What became of disputes, breaks, compensation, cycles and files, in order: told like the steps of a payment, from the same outbox (0029).
-- One row for each event, with the thing as it stood then. Amounts are paise.
create table settlement_event (
  subject_id  uuid not null,    -- of `about`: a UUIDv3 of it, so that the id of an event tells what it is an event of
  sequence    integer not null check (sequence > 0),
  tenant_id   integer not null references tenant,
  type        text not null check (type ~ '^[a-z_]{1,20}\.[a-z_]{1,20}$'),
  about       text not null check (length(about) between 1 and 60), -- the id that the API calls it by: dsp_…, brk_…; of a cycle TRN/2026-11-28/2
  state       text not null,
  institution text,
  cycle       text,             -- 2026-11-28/2
  payment_id  uuid,
  rrn         text,
  direction   text check (direction in ('outward', 'inward')),
  amount      bigint,
  reason      text,
  due_at      timestamptz,
  at          timestamptz not null,
  written_by  xid8 not null default pg_current_xact_id(),
  written_at  timestamptz not null default clock_timestamp(),
  primary key (subject_id, sequence)
);
create index settlement_event_by_writer on settlement_event (tenant_id, written_by);
create index settlement_event_of_payment on settlement_event (payment_id) where payment_id is not null;
call separate_tenants('settlement_event', 'select, insert');
create trigger settlement_event_append_only before update or delete or truncate on settlement_event
  for each statement execute function refuse_change();

-- Writes the next event of one thing. Whoever calls it holds the row of that thing, so two never have the same number.
-- What belongs to no tenant (0) is told to nobody.
create procedure tell_settlement(told settlement_event) language plpgsql as $$
begin
  if told.tenant_id = 0 then return; end if;
  told.subject_id := overlay(md5(told.about) placing '3' from 13 for 1)::uuid;
  told.sequence := 1 + coalesce((select max(sequence) from settlement_event e where e.subject_id = told.subject_id), 0);
  told.written_by := pg_current_xact_id();
  told.written_at := clock_timestamp();
  insert into settlement_event values (told.*);
end $$;

create function tell_dispute() returns trigger language plpgsql security definer set search_path from current as $$
declare told settlement_event;
begin
  told.type := case
    when tg_op = 'INSERT' then 'dispute.opened'
    when new.closed_at is not null and old.closed_at is null then 'dispute.closed'
    when new.state <> old.state or new.flag <> old.flag then 'dispute.updated'
    when new.warned_at is distinct from old.warned_at and new.warned_at is not null then 'dispute.due_soon' end;
  if told.type is null then return null; end if;
  told.about := 'dsp_' || replace(new.dispute_id::text, '-', '');
  told.tenant_id := new.tenant_id;
  told.state := new.state;
  told.institution := new.institution;
  told.payment_id := new.payment_id;
  told.rrn := new.rrn;
  told.direction := new.direction;
  told.amount := new.amount;
  told.reason := new.flag || ' ' || new.reason_code;
  told.due_at := new.due_at;
  told.at := new.updated_at;
  call tell_settlement(told);
  return null;
end $$;
create trigger dispute_is_told after insert or update on dispute for each row execute function tell_dispute();

create function tell_break() returns trigger language plpgsql security definer set search_path from current as $$
declare
  told settlement_event;
  it break := case when tg_op = 'DELETE' then old else new end;
begin
  told.type := case
    when tg_op = 'DELETE' then 'break.withdrawn'
    when it.closed_at is null then 'break.opened' else 'break.resolved' end;
  told.about := 'brk_' || replace(it.break_id::text, '-', '');
  told.tenant_id := it.tenant_id;
  told.state := it.state;
  told.institution := it.institution;
  told.cycle := it.settled_on || '/' || it.cycle;
  told.payment_id := it.payment_id;
  told.rrn := it.rrn;
  told.direction := it.direction;
  told.amount := it.amount;
  told.reason := it.type;
  told.due_at := it.due_at;
  told.at := case when tg_op = 'DELETE' then clock_timestamp() else coalesce(it.closed_at, it.opened_at) end;
  call tell_settlement(told);
  return null;
end $$;
create trigger break_is_told after insert or delete on break for each row execute function tell_break();
create trigger break_end_is_told after update on break for each row
  when ((old.closed_at is null) <> (new.closed_at is null)) execute function tell_break();

create function tell_compensation() returns trigger language plpgsql security definer set search_path from current as $$
declare told settlement_event;
begin
  told.type := 'compensation.' || new.state;
  told.about := 'cmp_' || replace(new.compensation_id::text, '-', '');
  told.tenant_id := new.tenant_id;
  told.state := new.state;
  told.institution := new.institution;
  told.payment_id := new.payment_id;
  told.rrn := new.rrn;
  told.direction := new.direction;
  told.amount := new.amount;
  told.reason := 'owed_by_' || new.owed_by;
  told.at := new.updated_at;
  call tell_settlement(told);
  return null;
end $$;
create trigger compensation_is_told after insert on compensation for each row
  when (new.state <> 'accruing') execute function tell_compensation();
create trigger compensation_step_is_told after update on compensation for each row
  when (new.state <> old.state) execute function tell_compensation();

create function tell_settlement_file() returns trigger language plpgsql security definer set search_path from current as $$
declare told settlement_event;
begin
  told.type := 'settlement_file.' || new.state;
  told.about := 'fil_' || replace(new.file_id::text, '-', '');
  told.tenant_id := new.tenant_id;
  told.state := new.state;
  told.institution := new.institution;
  told.cycle := new.settled_on || coalesce('/' || new.cycle, '');
  told.amount := new.amount;
  told.reason := coalesce(new.fault, new.kind);
  told.at := new.received_at;
  call tell_settlement(told);
  return null;
end $$;
create trigger settlement_file_is_told after insert on settlement_file for each row execute function tell_settlement_file();

create function tell_cycle() returns trigger language plpgsql security definer set search_path from current as $$
declare told settlement_event;
begin
  select tenant_id into told.tenant_id from settlement_cycle c
  where c.institution = new.institution and c.settled_on = new.settled_on and c.cycle = new.cycle;
  if told.tenant_id is null then return null; end if;
  told.type := 'settlement_cycle.settled';
  told.cycle := new.settled_on || '/' || new.cycle;
  told.about := new.institution || '/' || told.cycle;
  told.state := 'settled';
  told.institution := new.institution;
  told.at := new.done_at;
  call tell_settlement(told);
  return null;
end $$;
create trigger cycle_is_told after insert on pipeline_step for each row when (new.step = 'settle') execute function tell_cycle();

create function tell_upload() returns trigger language plpgsql security definer set search_path from current as $$
declare told settlement_event;
begin
  told.type := 'upload_file.' || new.state;
  told.about := 'upl_' || replace(new.upload_id::text, '-', '');
  told.tenant_id := new.tenant_id;
  told.state := new.state;
  told.institution := new.institution;
  told.amount := new.amount;
  told.reason := new.purpose;
  told.due_at := new.due_at;
  told.at := greatest(new.made_at, new.released_at, new.sent_at, new.withdrawn_at);
  call tell_settlement(told);
  return null;
end $$;
create trigger upload_is_told after insert on upload_file for each row execute function tell_upload();
create trigger upload_step_is_told after update on upload_file for each row
  when (new.state <> old.state) execute function tell_upload();

-- Which counting of transactions the outbox is in: goes up when a backup is restored into a new database, whose transactions begin again.
create table event_epoch (
  only_one boolean primary key default true check (only_one),
  epoch    bigint not null default 0 check (epoch >= 0), -- when it was restored, epoch milliseconds
  begun_by xid8 not null default '3' -- what is written after this transaction was written after the restore
);
call hub_only('event_epoch', 'select');
grant select on event_epoch to turant_tenant;
create policy tenant on event_epoch for select to turant_tenant using (true);
insert into event_epoch default values;
