-- What the publisher issued to us, as JSON: the model's Credential. Whoever can read the store can read it.
alter table sources add column credential text;

-- Who tells of a source's news (W3C WebSub), where its feed names a hub.
create table hubs (
  source_id bigint primary key references sources on delete cascade,
  url text not null,
  -- The address of the feed, as the hub knows it.
  topic text not null,
  -- Where the hub is to tell us: the end of an address that nobody can guess.
  token text not null unique,
  -- With what it signs.
  secret text not null,
  -- When it is to be asked next.
  ask_at bigint not null,
  -- Until when it agreed to tell us.
  lease_until bigint,
  -- Why it does not, in words.
  last_error text
);
create index hubs_ask on hubs (ask_at);
