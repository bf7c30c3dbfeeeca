-- From here on a mail gets its Message-ID with its first mark: until then it is empty, which earlier releases would send as
-- it is. What is unknown of a correction is found like that of an edition.
create index correction_deliveries_doubted on correction_deliveries (notice_id, id) where doubts > 0;
