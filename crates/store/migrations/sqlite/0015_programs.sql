-- What programs may do here. Only a digest of each token is kept.
create table api_tokens (
  id integer primary key autoincrement,
  name text not null unique,
  digest text not null unique,
  -- Words parted by spaces.
  scopes text not null,
  created_at integer not null,
  used_at integer,
  revoked_at integer
) strict;

-- What was answered to requests that may come twice (draft-ietf-httpapi-idempotency-key-header).
create table api_answers (
  token_id integer not null references api_tokens on delete cascade,
  key text not null,
  -- Of method, address and body: a key must not be used for something else.
  request text not null,
  status integer not null,
  body text not null,
  at integer not null,
  primary key (token_id, key)
) strict;
create index api_answers_at on api_answers (at);

-- Who is told of what happens, and with what each call is signed.
create table webhooks (
  id integer primary key autoincrement,
  url text not null unique,
  secret text not null,
  -- Words parted by spaces, with one before the first and one after the last.
  events text not null,
  created_at integer not null
) strict;

-- What each of them is still to be told, or was. A reader or an edition, by the event.
create table webhook_calls (
  id integer primary key autoincrement,
  webhook_id integer not null references webhooks on delete cascade,
  event text not null,
  subscriber_id integer,
  edition_id integer,
  at integer not null,
  -- When it is tried next; null once it was taken or given up.
  due_at integer,
  tries integer not null default 0,
  taken_at integer,
  error text
) strict;
create index webhook_calls_due on webhook_calls (due_at, id) where due_at is not null;
create index webhook_calls_of on webhook_calls (webhook_id, id);
create index webhook_calls_reader on webhook_calls (subscriber_id) where subscriber_id is not null;
