-- What was given for a country where it is none of today, and who says in which zone a reader's mornings are.
alter table subscribers add column country_given text;
alter table subscribers add column zone_origin text not null default 'country';
