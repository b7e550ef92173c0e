-- Only new tables: nothing that is there can be against them.
select 1 where false;
