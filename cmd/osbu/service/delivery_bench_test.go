package service

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/url"
	"testing"
	"time"

	"github.com/uptrace/bun/dialect/pgdialect"

	"osbu/domain"
	"osbu/domain/delivery"
	"osbu/domain/round"
)

// BenchmarkDeliveries measures the public list of what is built: 5,000 projects
// of ten rounds with 2,000 sites, asked for by two people at a time over HTTP,
// with and without its filters: the 95th percentile. Server, PostgreSQL and
// load share the machine. The baseline, in the same run and at the same pace,
// is one plain query without a service, whose rows are those of a page.
func BenchmarkDeliveries(b *testing.B) {
	var c builtCity
	all := b // what they share ends with it
	b.Run("delivery.list", func(b *testing.B) {
		var l load
		var baseline float64
		for b.Loop() {
			c.found(all)
			dice := rand.New(rand.NewPCG(7, 7))
			asked := make([]request, benchPages)
			for i := range asked {
				asked[i] = c.ask(dice)
			}
			rush(c.url, 2, benchPages/4, func(i int) request { return asked[i] })
			l = rush(c.url, 2, benchPages, func(i int) request { return asked[i] })
			baseline = c.bare(b, bareDeliveries, benchPages)
		}
		l.mustAnswer(b, 200)
		b.Logf("%s; the plain query's p95 %.1f ms", l, baseline)
		b.ReportMetric(0, "ns/op")
		b.ReportMetric(l.at(95), "ms")
		b.ReportMetric(baseline, "baseline")
	})
}

func bareDeliveries(*rand.Rand) (string, []any) {
	return `SELECT d.proposal, d.phase, d.standing, d.updated_at, j.number, j.title, j.area FROM delivery d
		JOIN project j ON j.proposal = d.proposal WHERE d.site = 0 ORDER BY d.updated_at DESC LIMIT 20`, nil
}

// builtCity is a server that looks back on ten rounds.
type builtCity struct{ largeCity }

const builtRounds = 10

// found makes rounds and, straight in the tables, what became of them: most of
// the older ones' projects are done, the newer ones' have promises ahead.
func (c *builtCity) found(b *testing.B) {
	b.Helper()
	if c.server != nil {
		return
	}
	s := newServer(b)
	c.words = words()
	ctx := context.Background()
	must := func(err error) {
		b.Helper()
		if err != nil {
			b.Fatal(err)
		}
	}
	settings, err := round.Helsinki2026.Settings()
	must(err)
	for _, a := range settings.Areas {
		c.areas = append(c.areas, a.ID)
	}
	official, err := s.official(ctx)
	must(err)
	now := time.Now()
	for i := range builtRounds {
		_, err = s.rounds.Create(ctx, official, round.Round{
			ID: fmt.Sprint("r", i), Name: domain.Text{Fi: fmt.Sprint("Koe ", i), Sv: "Prov", En: "Trial"},
			Settings: settings,
			Times:    round.Times{Proposing: days(now, -10, 20), Vetting: days(now, 20, 60), Voting: days(now, 70, 90)},
		})
		must(err)
	}
	c.settle(b, s, official.ID)
	s.start(b)
	c.server = s
}

// settle writes projects, and what was reported of them.
func (c *builtCity) settle(b *testing.B, s *server, author int64) {
	b.Helper()
	owner := s.owner(b)
	const built = `project, proposal, delivery, delivery_date`
	for _, query := range []string{
		"ALTER TABLE round DISABLE TRIGGER USER",
		"ALTER TABLE proposal DISABLE TRIGGER USER",
		"ALTER TABLE project DISABLE TRIGGER USER",
		"ALTER TABLE delivery DISABLE TRIGGER USER",
		`UPDATE round SET phase = 'delivering', freeze_decision = '§ 1', confirm_decision = '§ 2', copies_destroyed = 'IT',
			(proposing_opens, proposing_closes, vetting_opens, vetting_closes, voting_opens, voting_closes) =
			(proposing_opens - before, proposing_closes - before, vetting_opens - before, vetting_closes - before,
			voting_opens - before, voting_closes - before) FROM
			(SELECT id AS of, (substr(id, 2)::int + 1) * interval '1 year' AS before FROM round) a WHERE of = id`,
		`INSERT INTO proposal (round, state, version, author, author_name, facilitator_name, title, what, why, place, area,
			theme, language, question, reason, submitted_at, updated_at, words, minimum, maximum, maintenance)
			SELECT 'r' || n % 10, 'selected', 1, ?1, '', '', 'Puisto ' || n, 'Penkki', '', '', (?0::text[])[1 + n % ?2],
				'parks', 'fi', '', '', now(), now(), '', 1, 2, 0 FROM generate_series(1, 5000) n`,
		`INSERT INTO project (round, number, proposal, area, theme, title, description, place, latitude, longitude, minimum,
			maximum, maintenance)
			SELECT round, row_number() OVER (PARTITION BY round ORDER BY id), id, area, theme, jsonb_build_object('fi', title,
				'sv', 'Park ' || id), jsonb_build_object('fi', repeat('Penkki rantaan. ', 60)), '{}', 60.15 + id % 100 * 0.001,
				24.85 + id % 97 * 0.001, 10000, 4000000, 0 FROM proposal`,
		`WITH place AS (
			SELECT p.id, site, p.round, CASE WHEN substr(p.round, 2)::int > 3 AND p.id % 7 > 0 THEN 'done'
				ELSE (ARRAY['codevelopment', 'planning', 'procurement', 'building'])[1 + p.id % 4] END AS phase,
				now() - p.id % 300 * interval '1 day' AS at
			FROM proposal p, generate_series(0, CASE WHEN p.id % 10 = 0 THEN 3 WHEN p.id % 10 = 1 THEN 1 ELSE 0 END) site
		), told AS (
			INSERT INTO delivery_report (proposal, site, version, at, action, phase, standing, reason, division, news, dates)
			SELECT id, site, 1, at, 'open', phase, 'on_course', '{}', '', '{}', '[]' FROM place
		)
		INSERT INTO delivery (proposal, site, round, version, name, phase, standing, reason, division, contact, difference,
			documents, updated_at)
			SELECT id, site, round, 1, CASE WHEN site > 0 THEN '{"fi": "Ranta", "sv": "Strand"}' ELSE '{}' END::jsonb, phase,
				'on_course', '{}', '', '{}', '{}', '[]', at FROM place`,
		`INSERT INTO delivery_date (proposal, site, phase, first, promised)
			SELECT proposal, site, unnest(ARRAY['planning', 'building', 'done']), current_date + n % 400 - 100,
				current_date + n % 400 - 100 + n % 5 / 4 * 60
			FROM (SELECT proposal, site, (proposal % 997)::int AS n FROM delivery) d`,
		"UPDATE delivery_date w SET actual = promised FROM delivery d WHERE d.proposal = w.proposal AND d.site = w.site " +
			"AND d.phase = 'done'",
		"ALTER TABLE round ENABLE TRIGGER USER",
		"ALTER TABLE proposal ENABLE TRIGGER USER",
		"ALTER TABLE project ENABLE TRIGGER USER",
		"ALTER TABLE delivery ENABLE TRIGGER USER",
		"VACUUM ANALYZE " + built,
	} {
		if _, err := owner.Exec(query, pgdialect.Array(c.areas), author, len(c.areas)); err != nil {
			b.Fatal(err)
		}
	}
}

// ask is a page as people and the map ask for it.
func (c *builtCity) ask(dice *rand.Rand) request {
	q := url.Values{"limit": {"20"}}
	if dice.IntN(2) == 0 {
		q.Set("round", fmt.Sprint("r", dice.IntN(builtRounds)))
	}
	if dice.IntN(3) == 0 {
		q.Set("area", c.areas[dice.IntN(len(c.areas))])
	}
	if dice.IntN(4) == 0 {
		q.Set("phase", string(delivery.Phases[dice.IntN(len(delivery.Phases))]))
	}
	switch dice.IntN(6) {
	case 0:
		q.Set("late", "true")
	case 1:
		q.Set("q", fmt.Sprint("puisto ", dice.IntN(500)))
	case 2:
		q.Set("from", fmt.Sprint(20*dice.IntN(20)))
	}
	return request{path: "/api/v1/deliveries?" + q.Encode()}
}
