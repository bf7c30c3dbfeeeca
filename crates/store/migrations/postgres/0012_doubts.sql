-- How often nobody could know whether the mail server had taken the message: each is a possible repeat or loss.
alter table deliveries add column doubts bigint not null default 0;
-- How often it was tried and put off. Claims that came to nothing with their node are not tries.
alter table deliveries add column tries bigint not null default 0;
update deliveries set tries = attempts;
-- Earlier releases did not tell a claim from a message that was being handed over.
update deliveries set state = 'wire' where state = 'sending';

drop index deliveries_live;
create index deliveries_waiting on deliveries (edition_id, due_at, id) where state in ('queued', 'unknown');
create index deliveries_leased on deliveries (edition_id, lease_until, id) where state in ('sending', 'wire');
create index deliveries_doubted on deliveries (edition_id, id) where doubts > 0;
