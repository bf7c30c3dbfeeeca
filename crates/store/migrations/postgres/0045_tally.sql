-- How many of an edition's deliveries are in each state in which they may stay: a million is not counted when somebody asks. What
-- waits or is in hand changes too often for that: what is in hand is little, and what waits is the rest of what was planned.
create table delivery_tally (
  edition_id bigint not null references editions on delete cascade,
  state text not null,
  deliveries bigint not null,
  primary key (edition_id, state)
);
insert into delivery_tally
  select edition_id, state, count(*) from deliveries where state not in ('queued', 'sending', 'wire') group by edition_id, state;
alter table tallies drop column sent;
alter table tallies rename to delivery_plans;
