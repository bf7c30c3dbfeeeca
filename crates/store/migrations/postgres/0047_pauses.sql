-- From now on whoever goes on keeps the day until which they paused: an earlier edition may still be on its way where they live. What
-- stands there of older pauses means nothing any more.
update subscribers set paused_until = null where state <> 'paused' and paused_until is not null;
