-- What is in hand is found by its lease: the index holds what has one, so that going on the wire leaves it as it is.
update deliveries set lease_until = null where lease_until is not null and state not in ('sending', 'wire');
drop index deliveries_leased;
create index deliveries_leased on deliveries (edition_id, lease_until, id) where lease_until is not null;
update correction_deliveries set lease_until = null where lease_until is not null and state not in ('sending', 'wire');
drop index correction_deliveries_leased;
create index correction_deliveries_leased on correction_deliveries (notice_id, lease_until, id) where lease_until is not null;
