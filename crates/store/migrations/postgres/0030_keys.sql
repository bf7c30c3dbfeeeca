-- What rows are looked up by is compared byte by byte, as SQLite does: a server that sorts as people do compares at a
-- third of the speed, and a list of a million readers makes some twenty million comparisons.
alter table aliases alter column alias type text collate "C";
alter table api_answers alter column key type text collate "C";
alter table api_tokens alter column name type text collate "C", alter column digest type text collate "C";
alter table confirmations alter column digest type text collate "C";
alter table deliveries alter column state type text collate "C";
alter table editions alter column state type text collate "C";
alter table event_sections alter column last_on type text collate "C";
alter table files alter column path type text collate "C";
alter table hubs alter column token type text collate "C";
alter table returns alter column digest type text collate "C";
alter table secrets alter column name type text collate "C";
alter table segments alter column name type text collate "C";
alter table sessions alter column digest type text collate "C";
alter table sign_ins alter column digest type text collate "C";
alter table subscribers alter column state type text collate "C", alter column token type text collate "C";
alter table suppressions alter column hash type text collate "C";
alter table webhooks alter column url type text collate "C";
