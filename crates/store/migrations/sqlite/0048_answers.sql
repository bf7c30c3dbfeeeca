-- Of which reader a kept answer tells: whoever has their data erased has it erased here too.
alter table api_answers add column subscriber_id integer references subscribers on delete cascade;
create index api_answers_subscriber on api_answers (subscriber_id);
