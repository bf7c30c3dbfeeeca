-- When the days and hours on which a brief comes out were last changed: an edition of a day before that was never due by it.
alter table briefs add column changed_at bigint not null default 0;
update briefs set changed_at = created_at;
