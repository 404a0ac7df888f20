-- +goose Up
-- +goose StatementBegin
-- Which word stands in which public proposal. A search first finds the words
-- that it may mean, among some ten thousand, and then the proposals, without
-- reading a text: of ten thousand proposals with a common word each text took
-- longer than all of them together may.

-- Parts of words are searched by their trigrams. A trusted extension of the
-- distribution's server package: a database's owner may create it.
CREATE EXTENSION IF NOT EXISTS pg_trgm;

-- Folded text in plain letters, for those who type without dots and strokes:
-- käpylä and kapyla are the same, and so are łódź and lodz. By Unicode's own
-- tables (NFKD without its accents), whatever the database's locale is, and by
-- hand for the letters that these do not take apart.
CREATE FUNCTION plain_of(folded text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, public, pg_temp AS $$
	SELECT translate(replace(replace(replace(regexp_replace(normalize(folded, NFKD) COLLATE "C", '[\u0300-\u036f]', '', 'g'),
		'æ', 'ae'), 'œ', 'oe'), 'ß', 'ss'), 'łøđı', 'lodi')
$$;

CREATE INDEX proposal_words ON proposal USING gin (plain_of(words) gin_trgm_ops) WITH (fastupdate = off);

-- At the desk somebody is found by her name, too.
CREATE INDEX proposal_author_name ON proposal USING gin (plain_of(author_name) gin_trgm_ops) WITH (fastupdate = off);

-- The words that public proposals use: among them a search looks for what
-- somebody meant who made a typing error.
CREATE TABLE proposal_word (
	word  text COLLATE "C" PRIMARY KEY,
	plain text COLLATE "C" NOT NULL GENERATED ALWAYS AS (plain_of(word)) STORED,
	id    int GENERATED ALWAYS AS IDENTITY CONSTRAINT proposal_word_id UNIQUE
);

CREATE INDEX proposal_word_like ON proposal_word USING gin (plain gin_trgm_ops);

CREATE TABLE proposal_word_use (
	word     int NOT NULL, -- of proposal_word; the trigger alone writes here, and a check of each word of a text against it would take longer than the rest
	proposal bigint NOT NULL,
	title    boolean NOT NULL, -- it stands in the title, too
	CONSTRAINT proposal_word_use_key UNIQUE (word, proposal) INCLUDE (title)
);

CREATE INDEX proposal_word_use_proposal ON proposal_word_use (proposal);

-- Splits folded text at what is no letter in any script: ASCII, Latin-1 and
-- general punctuation by their code points, so that the database's locale does
-- not matter. An index cannot hold words of any length.
CREATE FUNCTION words_of(folded text) RETURNS TABLE (word text) LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, public, pg_temp AS $$
	SELECT w COLLATE "C" FROM regexp_split_to_table(folded COLLATE "C", '[\u0001-\u0040\u005b-\u0060\u007b-\u00a9\u00ab-\u00b4\u00b6-\u00b9\u00bb-\u00bf\u00d7\u00f7\u2000-\u206f]+') AS w
	WHERE char_length(w) BETWEEN 1 AND 100
$$;

-- In the words' order, so that two who submit at once wait for each other and
-- do not block. The words begin with the title.
CREATE FUNCTION keep_proposal_words() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
	INSERT INTO proposal_word (word) SELECT DISTINCT word FROM words_of(NEW.words) ORDER BY word ON CONFLICT DO NOTHING;
	DELETE FROM proposal_word_use WHERE proposal = NEW.id;
	INSERT INTO proposal_word_use (word, proposal, title)
	SELECT w.id, NEW.id, bool_or(used.title)
	FROM (SELECT word, false AS title FROM words_of(NEW.words) UNION ALL SELECT word, true FROM words_of(left(NEW.words, char_length(NEW.title)))) AS used
		JOIN proposal_word AS w USING (word)
	GROUP BY w.id;
	RETURN NULL;
END $$;

CREATE TRIGGER proposal_words_new AFTER INSERT ON proposal FOR EACH ROW WHEN (NEW.submitted_at IS NOT NULL) EXECUTE FUNCTION keep_proposal_words();

CREATE TRIGGER proposal_words_changed AFTER UPDATE ON proposal FOR EACH ROW
	WHEN (NEW.submitted_at IS NOT NULL AND (OLD.submitted_at IS NULL OR OLD.words <> NEW.words OR OLD.title <> NEW.title)) EXECUTE FUNCTION keep_proposal_words();

-- All words of all proposals anew.
CREATE FUNCTION keep_all_proposal_words() RETURNS void LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
	DELETE FROM proposal_word_use;
	DELETE FROM proposal_word;
	INSERT INTO proposal_word (word) SELECT DISTINCT word FROM proposal AS p, words_of(p.words) WHERE p.submitted_at IS NOT NULL;
	INSERT INTO proposal_word_use (word, proposal, title)
	SELECT w.id, used.proposal, bool_or(used.title)
	FROM (SELECT word, p.id AS proposal, false AS title FROM proposal AS p, words_of(p.words) WHERE p.submitted_at IS NOT NULL
		UNION ALL SELECT word, p.id, true FROM proposal AS p, words_of(left(p.words, char_length(p.title))) WHERE p.submitted_at IS NOT NULL) AS used
		JOIN proposal_word AS w USING (word)
	GROUP BY w.id, used.proposal;
END $$;

REVOKE ALL ON FUNCTION keep_all_proposal_words() FROM PUBLIC;

GRANT SELECT, INSERT ON proposal_word TO osbu_office;

GRANT SELECT, INSERT, DELETE ON proposal_word_use TO osbu_office;
-- +goose StatementEnd
