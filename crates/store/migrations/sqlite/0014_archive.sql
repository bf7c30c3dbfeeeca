-- Full text of what editions printed, for their archive. The index holds no text of its own; these triggers keep it in
-- step with the entries, which are put in and taken out but never changed.
create virtual table entry_search using fts5 (
  headline, summary, carrier, original, content = 'entries', content_rowid = 'id', tokenize = 'unicode61 remove_diacritics 0'
);
insert into entry_search (entry_search) values ('rebuild');
create trigger entries_search_insert after insert on entries begin
  insert into entry_search (rowid, headline, summary, carrier, original)
  values (new.id, new.headline, new.summary, new.carrier, new.original);
end;
create trigger entries_search_delete after delete on entries begin
  insert into entry_search (entry_search, rowid, headline, summary, carrier, original)
  values ('delete', old.id, old.headline, old.summary, old.carrier, old.original);
end;
