-- The plain columns go. The check has refused while a row was left that had not been sealed.
do $$
begin
  if exists (select from payment where sealed is null) or exists (select from account where kind = 'customer' and sealed is null)
     or exists (select from name_enquiry where sealed is null) or exists (select from unmatched_answer where sealed is null) then
    raise exception 'rows from before are not sealed yet: start the hub once, it does that' using errcode = 'restrict_violation';
  end if;
end $$;

alter table payment
  drop column remitter_name, drop column remitter_account, drop column remitter_mobile, drop column remitter_mmid,
  drop column beneficiary_name, drop column beneficiary_account, drop column beneficiary_mobile, drop column beneficiary_mmid,
  drop column remarks, drop column registered_name, drop column answer,
  alter column sealed set not null;

alter table account drop constraint account_default_has_mobile;
alter table account drop column name, drop column account_number, drop column mobile;
alter table account
  add constraint account_is_whole check ((kind = 'customer') = (sealed is not null and number_index is not null and ifsc is not null)),
  add constraint account_default_has_mobile check (not default_for_mobile or mobile_index is not null);

alter table name_enquiry
  drop column beneficiary_account, drop column beneficiary_mobile, drop column beneficiary_mmid, drop column asked_name,
  drop column registered_name, alter column sealed set not null;
create trigger name_enquiry_append_only before update or delete or truncate on name_enquiry
  for each statement execute function refuse_change();
revoke update on name_enquiry from turant_hub;

alter table unmatched_answer drop column frame;
create trigger unmatched_answer_append_only before update or delete or truncate on unmatched_answer
  for each statement execute function refuse_change();
revoke update on unmatched_answer from turant_hub;
