-- The letter that carries the last claim code to the author, if she gave an address. Where it goes is the outbox's to know, sealed, until it is settled.
ALTER TABLE behalf ADD COLUMN letter bigint CONSTRAINT behalf_letter UNIQUE REFERENCES outbox;
--bun:split
GRANT UPDATE (letter) ON behalf TO osbu_office;
