select 1 where exists (select from client where made_by is null)
            or exists (select from client_key where made_by is null)
            or exists (select from client_token_key where made_by is null);
