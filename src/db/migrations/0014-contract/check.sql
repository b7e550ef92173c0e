-- No rows may come back.
select table_name || '.' || column_name || ' is plain' from information_schema.columns
where table_schema = current_schema() and table_name in ('payment', 'account', 'name_enquiry', 'unmatched_answer')
  and column_name ~ '(_name|_account|_mobile|account_number|mobile|remarks|answer|frame)$' and column_name not in ('other_account', 'other_mobile', 'sealed_answer', 'default_for_mobile')
