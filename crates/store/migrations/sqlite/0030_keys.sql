-- SQLite compares what rows are looked up by byte by byte already.
select 1;
