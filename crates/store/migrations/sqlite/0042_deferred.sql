-- What was tried and put off, and waits for its next try, is told apart from what waits for its first.
create index deliveries_deferred on deliveries (edition_id, id) where state = 'queued' and tries > 0;
create index correction_deliveries_deferred on correction_deliveries (notice_id, id) where state = 'queued' and tries > 0;
