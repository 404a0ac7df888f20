-- +goose Up
-- +goose StatementBegin
-- The accounts of each round's money, in double entry: what one account gives,
-- another gets. An entry is never changed or taken back but by its reversal.
-- Money is euro cents. The fund gives an area its pot once, at the publication
-- of the result, so that whatever is booked later the area's accounts add up to
-- its pot, to the cent; outside money is on a negative account of its own.

CREATE TABLE ledger_entry (
	id       bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	round    text NOT NULL REFERENCES round,
	at       timestamptz NOT NULL DEFAULT osbu_now(),
	day      date NOT NULL, -- on which it happened
	by       bigint REFERENCES account, -- null: the publication of the result
	kind     text NOT NULL CONSTRAINT ledger_entry_kind CHECK (kind IN ('open', 'commit', 'release', 'spend', 'maintain', 'free', 'reserve', 'move', 'return', 'carry', 'add', 'reverse')),
	reason   jsonb NOT NULL,
	decision text NOT NULL CONSTRAINT ledger_entry_decision_size CHECK (char_length(decision) <= 200),
	voucher  text NOT NULL DEFAULT '' CONSTRAINT ledger_entry_voucher_size CHECK (char_length(voucher) <= 60), -- the number of the receipt or order; empty: of a sheet, or of none
	request  text CONSTRAINT ledger_entry_request_size CHECK (char_length(request) BETWEEN 1 AND 60), -- the filled in form's own; null: of no form
	reverses bigint CONSTRAINT ledger_entry_reversed_once UNIQUE REFERENCES ledger_entry,
	lines    int NOT NULL CONSTRAINT ledger_entry_lines CHECK (lines >= 2), -- so many, and none later
	CONSTRAINT ledger_entry_reversal CHECK ((kind = 'reverse') = (reverses IS NOT NULL)),
	CONSTRAINT ledger_entry_reasoned CHECK (kind = 'open' OR coalesce(reason ->> 'fi', '') <> '' AND coalesce(reason ->> 'sv', '') <> ''),
	CONSTRAINT ledger_entry_decided CHECK (kind NOT IN ('move', 'reserve', 'return', 'carry') OR decision <> '')
);

CREATE UNIQUE INDEX ledger_entry_open ON ledger_entry (round) WHERE kind = 'open';

CREATE INDEX ledger_entry_round ON ledger_entry (round, id);

-- A form that is posted twice books once.
CREATE UNIQUE INDEX ledger_entry_request_once ON ledger_entry (round, request);

CREATE INDEX ledger_entry_voucher ON ledger_entry (round, lower(voucher)) WHERE voucher <> '';

CREATE INDEX ledger_entry_decision ON ledger_entry (round, lower(decision)) WHERE decision <> '';

CREATE TABLE ledger_line (
	entry    bigint NOT NULL REFERENCES ledger_entry,
	line     int NOT NULL,
	account  text NOT NULL CONSTRAINT ledger_line_account CHECK (account IN ('fund', 'free', 'reserved', 'committed', 'spent', 'maintenance', 'returned', 'carried', 'external')),
	round    text NOT NULL,
	area     text NOT NULL,
	proposal bigint REFERENCES project, -- null: the area's own account
	cents    bigint NOT NULL CONSTRAINT ledger_line_cents CHECK (cents <> 0 AND abs(cents) <= 9007199254740991),
	PRIMARY KEY (entry, line),
	CONSTRAINT ledger_line_area FOREIGN KEY (round, area) REFERENCES area,
	CONSTRAINT ledger_line_of_project CHECK ((proposal IS NULL) = (account IN ('fund', 'free', 'returned', 'carried')))
);

CREATE INDEX ledger_line_account_of ON ledger_line (round, area, account, proposal);

-- One entry after the other in each round, so that two never spend the same
-- money; none before the result, none in an archive.
CREATE FUNCTION hold_ledger() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
	PERFORM pg_advisory_xact_lock(hashtextextended('ledger ' || NEW.round, 0));
	IF (SELECT phase FROM round WHERE id = NEW.round FOR SHARE) IS DISTINCT FROM 'delivering' THEN
		RAISE EXCEPTION 'the ledger of round % is closed', NEW.round USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'ledger_closed';
	END IF;
	RETURN NEW;
END $$;

CREATE TRIGGER ledger_held BEFORE INSERT ON ledger_entry FOR EACH ROW EXECUTE FUNCTION hold_ledger();

-- What holds of every entry when its transaction ends.
CREATE FUNCTION check_ledger() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
	bad text;
BEGIN
	SELECT CASE
		WHEN count(*) <> NEW.lines THEN 'ledger_whole'
		WHEN bool_or(l.round <> NEW.round) THEN 'ledger_round'
		WHEN bool_or(l.account = 'fund') <> (NEW.kind = 'open') THEN 'ledger_fund'
		END INTO bad FROM ledger_line l WHERE l.entry = NEW.id;
	IF bad IS NULL AND EXISTS (SELECT FROM ledger_line l WHERE l.entry = NEW.id GROUP BY l.area HAVING sum(l.cents) <> 0) THEN
		bad := 'ledger_balanced'; -- money stays in its area
	END IF;
	IF bad IS NULL AND EXISTS (SELECT FROM ledger_line l JOIN project j ON j.proposal = l.proposal
		WHERE l.entry = NEW.id AND (j.round, j.area) <> (l.round, l.area)) THEN
		bad := 'ledger_of_area';
	END IF;
	IF bad IS NULL AND NEW.kind = 'open' AND EXISTS (
		SELECT FROM area a LEFT JOIN ledger_line l ON l.entry = NEW.id AND l.area = a.id AND l.account = 'fund'
		WHERE a.round = NEW.round GROUP BY a.id, a.pot HAVING coalesce(-sum(l.cents), 0) <> a.pot) THEN
		bad := 'ledger_pot';
	END IF;
	IF bad IS NULL AND NEW.kind = 'reverse' AND (
		EXISTS (SELECT FROM ledger_entry e WHERE e.id = NEW.reverses AND (e.round <> NEW.round OR e.kind IN ('open', 'reverse')))
		OR EXISTS (SELECT account, area, proposal, sum(cents) FROM ledger_line WHERE entry IN (NEW.id, NEW.reverses)
			GROUP BY account, area, proposal HAVING sum(cents) <> 0)) THEN
		bad := 'ledger_reversal';
	END IF;
	-- A receipt, an order or a decision moves money from one account to another
	-- once, unless that was taken back.
	IF bad IS NULL AND NEW.kind NOT IN ('open', 'reverse') AND (NEW.voucher <> '' OR NEW.decision <> '') AND EXISTS (
		SELECT FROM ledger_entry e WHERE e.round = NEW.round AND e.id <> NEW.id AND e.kind = NEW.kind
			AND lower(e.voucher) = lower(NEW.voucher) AND (NEW.voucher <> '' OR lower(e.decision) = lower(NEW.decision))
			AND NOT EXISTS (SELECT FROM ledger_entry b WHERE b.reverses = e.id)
			AND NOT EXISTS (SELECT FROM ledger_line l JOIN ledger_line o ON o.entry = e.id AND o.line = l.line
				WHERE l.entry = NEW.id AND (l.account, l.area, coalesce(l.proposal, 0)) <> (o.account, o.area, coalesce(o.proposal, 0)))) THEN
		bad := 'ledger_once';
	END IF;
	IF bad IS NULL AND EXISTS (
		SELECT FROM (SELECT DISTINCT account, area, proposal FROM ledger_line WHERE entry = NEW.id) t
		JOIN ledger_line l ON l.round = NEW.round AND l.area = t.area AND l.account = t.account AND l.proposal IS NOT DISTINCT FROM t.proposal
		WHERE t.account NOT IN ('fund', 'external')
		GROUP BY t.account, t.area, t.proposal HAVING sum(l.cents) < 0) THEN
		bad := 'ledger_covered';
	END IF;
	IF bad IS NOT NULL THEN
		RAISE EXCEPTION 'ledger entry % breaks %', NEW.id, bad USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = bad;
	END IF;
	RETURN NULL;
END $$;

CREATE CONSTRAINT TRIGGER ledger_checked AFTER INSERT ON ledger_entry DEFERRABLE INITIALLY DEFERRED
	FOR EACH ROW EXECUTE FUNCTION check_ledger();

-- A line that comes later than its entry would be checked by nothing else.
CREATE FUNCTION check_ledger_lines() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
	IF (SELECT count(*) FROM ledger_line WHERE entry = NEW.entry) > (SELECT lines FROM ledger_entry WHERE id = NEW.entry) THEN
		RAISE EXCEPTION 'ledger entry % is whole', NEW.entry USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'ledger_whole';
	END IF;
	RETURN NULL;
END $$;

CREATE TRIGGER ledger_lines_counted AFTER INSERT ON ledger_line FOR EACH ROW EXECUTE FUNCTION check_ledger_lines();

GRANT SELECT, INSERT ON ledger_entry, ledger_line TO osbu_office;
-- +goose StatementEnd
