-- How far mailboxes of returned mail on IMAP servers were read, and when each is asked again.
create table mailboxes (
  address text primary key,
  validity integer,
  uid integer,
  ask_at integer not null
) strict;
