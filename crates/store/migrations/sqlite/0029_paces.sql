-- How fast messages go to a receiving domain that has a limit, over all nodes.
create table paces (
  domain text primary key,
  -- Messages a second.
  rate real not null,
  -- When the rate last changed, and when the next message that nobody has a place for may leave: by the clock of leases.
  changed_at integer not null,
  free_at integer not null
) strict;
