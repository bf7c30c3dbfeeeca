-- What a source's entry is filed under, a JSON list of words.
alter table items add column topics text not null default '[]';
