-- How far mailboxes of returned mail on IMAP servers were read, and when each is asked again.
create table mailboxes (
  address text primary key,
  validity bigint,
  uid bigint,
  ask_at bigint not null
);
