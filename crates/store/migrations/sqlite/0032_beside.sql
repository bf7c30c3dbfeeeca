-- The stories of the same night that tell of a story's event too: JSON, the store's Beside, the likest first.
alter table stories add column beside text not null default '[]';
