-- The reader at another address who took this one's place: their mails go there, and links of mails that this one got lead
-- there to leave.
alter table subscribers add column moved_to bigint references subscribers on delete set null;
create index subscribers_moved on subscribers (moved_to) where moved_to is not null;
-- The reader whose place is taken by whoever confirms by this link.
alter table confirmations add column in_place_of bigint references subscribers on delete set null;
create index confirmations_in_place on confirmations (in_place_of) where in_place_of is not null;
