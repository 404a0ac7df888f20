-- Who may vote, counted; and the replacement of a credential that was lost before it was of use.

-- The calendar day in the town, which decides on birthdays and on the days that numbers are published of.
CREATE FUNCTION town_day(moment timestamptz) RETURNS date LANGUAGE sql IMMUTABLE AS $$ SELECT (moment AT TIME ZONE 'Europe/Helsinki')::date $$;
--bun:split
-- A voting code given as a replacement is for one paper, and is no right of its own.
ALTER TABLE voting_code ADD COLUMN paper text, ADD CONSTRAINT voting_code_paper FOREIGN KEY (round, paper) REFERENCES paper;
--bun:split
ALTER TABLE spent_right DROP CONSTRAINT spent_right_channel;
--bun:split
ALTER TABLE spent_right ADD CONSTRAINT spent_right_channel CHECK (channel IN ('online', 'assisted', 'paper', 'replacement'));
--bun:split
-- A right spent online whose credential was lost got one more, under a voting code. The key says: once. No column tells which code it was, and no
-- foreign key leads to the right, whose table is emptied and written anew to hide its order.
CREATE TABLE replacement (
	round  text NOT NULL,
	paper  text NOT NULL,
	person bytea NOT NULL,
	day    date NOT NULL,
	PRIMARY KEY (round, paper, person),
	FOREIGN KEY (round, paper) REFERENCES paper
);
--bun:split
GRANT SELECT, INSERT ON replacement TO osbu_office;
--bun:split
-- How many may cast each of a round's papers: everybody on the roll who is of the municipality and old enough before the vote closes
-- (domain/roll/eligibility.go says the same of one person), and every voting code that replaces nothing.
CREATE FUNCTION count_rights(of_round text) RETURNS bigint LANGUAGE sql STABLE AS $$
	SELECT (SELECT count(*) FROM roll e WHERE e.round = r.id
			AND (cardinality(r.municipalities) = 0 OR e.municipality = ANY (r.municipalities))
			AND CASE r.moment
				WHEN 'voting' THEN e.born + make_interval(years => r.age) <= r.last
				ELSE extract(year FROM e.born) + r.age <= extract(year FROM r.first)
			END)
		+ (SELECT count(*) FROM voting_code c WHERE c.round = r.id AND c.paper IS NULL)
	FROM (SELECT id, age, moment, municipalities, town_day(voting_opens) AS first, town_day(voting_closes - interval '1 microsecond') AS last FROM round
		WHERE id = of_round) r
$$;
