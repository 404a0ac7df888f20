-- A letter goes a month after it came to its end, of a claimed proposal too.
ALTER TABLE behalf DROP CONSTRAINT behalf_letter_fkey, ADD CONSTRAINT behalf_letter_fkey FOREIGN KEY (letter) REFERENCES outbox ON DELETE SET NULL;
--bun:split
DROP TRIGGER behalf_claimed_once ON behalf;
--bun:split
CREATE TRIGGER behalf_claimed_once BEFORE UPDATE OF by, by_name, consent, given_on, code, claimed_by, claimed_at ON behalf FOR EACH ROW EXECUTE FUNCTION refuse_second_claim();
