-- How many of an edition's deliveries are in each state in which they may stay, beside those that were sent: a million is not counted
-- when somebody asks. What is in hand is little, and what waits is the rest of what was planned.
alter table tallies add column refused integer not null default 0;
alter table tallies add column failed integer not null default 0;
alter table tallies add column unknown integer not null default 0;
alter table tallies add column withdrawn integer not null default 0;
alter table tallies add column missed integer not null default 0;
update tallies set refused = counted.refused, failed = counted.failed, unknown = counted.unknown, withdrawn = counted.withdrawn, missed = counted.missed
from (select edition_id,
        count(case state when 'refused' then 1 end) as refused,
        count(case state when 'failed' then 1 end) as failed,
        count(case state when 'unknown' then 1 end) as unknown,
        count(case state when 'withdrawn' then 1 end) as withdrawn,
        count(case state when 'missed' then 1 end) as missed
      from deliveries where state not in ('sending', 'wire') and state <> 'sent' group by edition_id) as counted
where counted.edition_id = tallies.edition_id;
