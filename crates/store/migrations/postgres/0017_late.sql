-- From when on a delivery is too late for its reader's morning; empty for never.
alter table deliveries add column late_at bigint;
-- Until when an edition's mailing rests after a run of failures, and what the last of them was.
alter table editions add column paused_until bigint;
alter table editions add column pause_reason text;
