-- Who made a program, and who got its key: under all their names, so that none of them can decide about what it does. The names of a
-- program that made another are among them, and so on back to the person or the setting that was first.
alter table client add column made_by text[] not null default '{}';
update client set made_by = array[owner] where owner is not null;
alter table client drop column owner;

alter table client_key add column made_by text[] not null default '{}';
alter table client_token_key add column made_by text[] not null default '{}';
