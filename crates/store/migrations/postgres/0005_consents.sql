-- Each line of a consent record is kept as the text that its seal was taken of; the reader's row has the last seal.
-- Lines from before have none.
alter table consents add column line text not null default '';
alter table consents add column seal text not null default '';
update consents set line = cast(json_build_object('kind', kind, 'at', at, 'sentence', sentence, 'means',
    case kind when 'entered' then to_json(cast('editor' as text))
    else json_build_object(case kind when 'asked' then 'form' else 'link' end, json_build_object('address', coalesce(came_from, ''))) end) as text);
alter table consents drop column sentence;
alter table consents drop column came_from;
alter table subscribers add column consent_seal text not null default '';

-- Mailed links that confirm, once each. Only a digest of what the link carries is kept.
create table confirmations (
  digest text primary key,
  subscriber_id bigint not null references subscribers on delete cascade,
  made_at bigint not null,
  used_at bigint
);
create index confirmations_subscriber on confirmations (subscriber_id);
