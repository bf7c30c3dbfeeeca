-- What is in hand changes its state twice within a second, and is found by its lease: it need not be in this index.
drop index deliveries_state;
create index deliveries_state on deliveries (edition_id, state, id) where state not in ('sending', 'wire');
