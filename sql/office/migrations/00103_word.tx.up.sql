-- The words that public proposals use: among them a search looks for what somebody meant who made a typing error.
CREATE TABLE proposal_word (
	word text COLLATE "C" PRIMARY KEY
);
--bun:split
CREATE INDEX proposal_word_like ON proposal_word USING gin (word gin_trgm_ops);
--bun:split
-- In the words' order, so that two who submit at once wait for each other and do not block.
CREATE FUNCTION keep_proposal_words() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	INSERT INTO proposal_word (word)
	SELECT DISTINCT w FROM regexp_split_to_table(NEW.words, '[^[:alpha:]]+') AS w WHERE char_length(w) BETWEEN 4 AND 40 ORDER BY w
	ON CONFLICT DO NOTHING;
	RETURN NULL;
END $$;
--bun:split
CREATE TRIGGER proposal_words_new AFTER INSERT ON proposal FOR EACH ROW WHEN (NEW.submitted_at IS NOT NULL) EXECUTE FUNCTION keep_proposal_words();
--bun:split
CREATE TRIGGER proposal_words_changed AFTER UPDATE ON proposal FOR EACH ROW
	WHEN (NEW.submitted_at IS NOT NULL AND (OLD.submitted_at IS NULL OR OLD.words <> NEW.words)) EXECUTE FUNCTION keep_proposal_words();
--bun:split
INSERT INTO proposal_word (word)
SELECT DISTINCT w FROM proposal, regexp_split_to_table(words, '[^[:alpha:]]+') AS w WHERE submitted_at IS NOT NULL AND char_length(w) BETWEEN 4 AND 40;
--bun:split
GRANT SELECT, INSERT ON proposal_word TO osbu_office;
