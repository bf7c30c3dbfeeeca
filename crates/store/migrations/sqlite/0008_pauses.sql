-- The day of the first edition that a reader who paused wants again.
alter table subscribers add column paused_until text;
