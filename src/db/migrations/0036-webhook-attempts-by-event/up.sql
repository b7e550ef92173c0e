-- The tries of one payment or link are those whose event id begins with it: `evt_`, its 32 hex digits, the number of the step.
create index if not exists webhook_attempt_of_event on webhook_attempt (event_id collate "C", attempt_id);
