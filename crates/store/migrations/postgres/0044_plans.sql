-- Whether an edition's deliveries are planned for all its readers (1), or only for some yet (0).
alter table tallies add column is_whole bigint not null default 1;
