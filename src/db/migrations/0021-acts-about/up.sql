-- What was done to somebody or something, newest first: people are shown what happened to their own account.
create index act_about on act (tenant_id, subject, sequence);
