-- How often an edition's entry was followed from a mail. No reader and no time stand here, so that nobody can work out who
-- followed what.
create table clicks (
  edition_id bigint not null references editions on delete cascade,
  number bigint not null,
  clicks bigint not null,
  primary key (edition_id, number)
);
