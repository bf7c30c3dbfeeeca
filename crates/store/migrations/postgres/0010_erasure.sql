-- What a mailed link does.
alter table confirmations add column purpose text not null default 'confirm';
-- In which form a reader gets editions.
alter table subscribers add column format text not null default 'html';

-- Readers who had everything about them erased, by a keyed hash of their address. Nobody brings them back but they.
create table suppressions (
  hash text primary key,
  erased_at bigint not null
);
-- Keys that the store itself works with, such as that of those hashes.
create table secrets (
  name text primary key,
  secret text not null
);
