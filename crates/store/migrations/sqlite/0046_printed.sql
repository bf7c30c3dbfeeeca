-- When a message was printed that was put on the wire last: who has an entry that was wrong is known by it, however long the mail
-- server took.
alter table deliveries add column printed_at integer;
alter table correction_deliveries add column printed_at integer;
