-- What the publisher issued to us, as JSON: the model's Credential. Whoever can read the store can read it.
alter table sources add column credential text;
