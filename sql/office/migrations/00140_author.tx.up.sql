-- Who wrote a proposal: whoever began it, and those who joined. This is the one place that says so; proposal.author is the first of them, or nobody while
-- a proposal that was told to the city waits for its author.
CREATE TABLE author (
	proposal  bigint NOT NULL REFERENCES proposal,
	account   bigint NOT NULL REFERENCES account,
	joined_at timestamptz NOT NULL DEFAULT osbu_now(),
	PRIMARY KEY (proposal, account)
);
--bun:split
CREATE INDEX author_account ON author (account);
--bun:split
CREATE FUNCTION keep_first_author() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	INSERT INTO author (proposal, account) VALUES (NEW.id, NEW.author) ON CONFLICT DO NOTHING;
	RETURN NULL;
END $$;
--bun:split
CREATE TRIGGER proposal_first_author AFTER INSERT OR UPDATE OF author ON proposal FOR EACH ROW
	WHEN (NEW.author IS NOT NULL) EXECUTE FUNCTION keep_first_author();
--bun:split
INSERT INTO author (proposal, account, joined_at)
SELECT p.id, p.author, v.at FROM proposal p JOIN proposal_version v ON v.proposal = p.id AND v.version = 1 WHERE p.author IS NOT NULL;
--bun:split
GRANT SELECT, INSERT, DELETE ON author TO osbu_office;
--bun:split
-- Letters to somebody who has no mailbox here: address and secret are sealed, and go when the letter is settled. What a letter may be about is said where
-- it is written; the check keeps its form.
ALTER TABLE outbox
	ALTER COLUMN account DROP NOT NULL,
	ADD COLUMN address bytea,
	ADD COLUMN language text CONSTRAINT outbox_language CHECK (language IN ('fi', 'sv', 'en')),
	ADD COLUMN secret bytea, -- what its link carries
	DROP CONSTRAINT outbox_matter,
	ADD CONSTRAINT outbox_matter CHECK (matter ~ '^[a-z_]{1,40}$'),
	DROP CONSTRAINT outbox_subject,
	ADD CONSTRAINT outbox_subject CHECK ((version IS NULL OR proposal IS NOT NULL) AND (matter <> 'confirm' OR account IS NOT NULL AND proposal IS NULL AND kind = '')),
	ADD CONSTRAINT outbox_proposal FOREIGN KEY (proposal) REFERENCES proposal,
	ADD CONSTRAINT outbox_receiver CHECK (CASE WHEN account IS NULL THEN language IS NOT NULL AND (settled_at IS NULL) = (address IS NOT NULL)
		ELSE address IS NULL AND language IS NULL END),
	ADD CONSTRAINT outbox_secret CHECK (secret IS NULL OR settled_at IS NULL);
--bun:split
GRANT UPDATE (address, secret) ON outbox TO osbu_office;
