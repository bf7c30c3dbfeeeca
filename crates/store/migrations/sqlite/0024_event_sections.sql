-- Sections of a brief that are about one event for as long as that goes on.
create table event_sections (
  id integer primary key autoincrement,
  brief_id integer not null references briefs,
  state text not null,
  last_on text not null,
  -- JSON: the model's EventSection.
  section text not null,
  -- How often it was changed: of two who change it at once, the second has to look again.
  changes integer not null
) strict;
create index event_sections_brief on event_sections (brief_id, last_on);
