package service

import (
	"context"
	"database/sql"
	"fmt"
	"math/rand/v2"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/uptrace/bun/dialect/pgdialect"

	"osbu/domain"
	"osbu/domain/account"
	"osbu/domain/round"
	"osbu/sql/db"
)

// BenchmarkProposals measures the pages of a round with 10,000 proposals,
// 100,000 versions and 100,000 comments, asked for by two people at a time over
// HTTP: the 95th percentile. Server, PostgreSQL and load share the machine. The
// baseline, in the same run and at the same pace, is one plain query over the
// same tables without a service: for list and queues the rows of a page, for
// the search the words as substrings in every row.
func BenchmarkProposals(b *testing.B) {
	var c largeCity
	all := b // what they share ends with it
	for _, one := range []struct {
		name string
		of   func(*rand.Rand) request
		bare func(*rand.Rand) (string, []any)
		asks int
	}{
		{"proposals.list", c.list, bareList, benchPages},
		{"proposals.search", c.search, c.bareSearch, benchPages},
		{"proposals.queue", c.queue, bareQueue, benchPages},
		{"proposals.experts", c.experts, bareExperts, benchPages},
		{"proposals.geojson", c.geoJSON, bareGeoJSON, 20},
	} {
		b.Run(one.name, func(b *testing.B) {
			var l load
			var baseline float64
			for b.Loop() {
				c.found(all)
				dice := rand.New(rand.NewPCG(7, 7))
				asked := make([]request, one.asks)
				for i := range asked {
					asked[i] = one.of(dice)
				}
				rush(c.url, 2, one.asks/4, func(i int) request { return asked[i] })
				l = rush(c.url, 2, one.asks, func(i int) request { return asked[i] })
				baseline = c.bare(b, one.bare, one.asks)
			}
			l.mustAnswer(b, 200)
			b.Logf("%s; the plain query's p95 %.1f ms", l, baseline)
			b.ReportMetric(0, "ns/op")
			b.ReportMetric(l.at(95), "ms")
			b.ReportMetric(baseline, "baseline")
		})
	}
}

const benchPages = 400

// words are what people propose: stems, alone and in compounds, in some of the
// forms in which they write them. Those in front are written more often.
func words() (all []string) {
	stems := strings.Fields(
		`puisto penki lapsi leiki valaistus pyörä katu puu ranta koira kenttä kukka polku kirjasto laituri talvi luistelu hiihto kunto asukas grilli
		metsä luonto niitty pöly hyönteis viljely roska vessa vesi taide seinä lava konsertti park bänk barn lek belysning cykel gat träd strand hund plan blom
		stig bibliotek brygg vinter skrid skid gym grill fågel skog natur äng odling papper toalett kallio vuosaari malmi lautta hertto käpy oulu kannel mylly`,
	)
	for _, ending := range strings.Fields("n ssa sta lle lla t ja en ar arna ita ille illa issa ista ien oja eja et or " +
		"orna er erna ens tä") {
		for _, stem := range stems {
			all = append(all, stem+ending)
		}
		for i, stem := range stems {
			all = append(all, stem+stems[(7*i+len(ending)+len(all))%len(stems)]+ending)
		}
	}
	return all
}

// largeCity is a server whose round is as full as a round may get.
type largeCity struct {
	*server
	words       []string
	areas       []string
	settings    []string // of the server, beside a benchmark's
	facilitator string   // session
	expert      string   // session
}

func (c *largeCity) found(b *testing.B) {
	b.Helper()
	if c.server != nil {
		return
	}
	s := newServer(b)
	s.settings = append(s.settings, c.settings...)
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
	now := time.Now()
	official, err := s.official(ctx)
	must(err)
	_, err = s.rounds.Create(ctx, official, round.Round{
		ID: "bench", Name: domain.Text{Fi: "Koe", Sv: "Prov", En: "Trial"}, Settings: settings,
		Times: round.Times{Proposing: days(now, -10, 20), Vetting: days(now, 20, 60), Voting: days(now, 70, 90)},
	})
	must(err)
	must(s.take(ctx, official, "bench", round.Propose))
	token, err := s.accounts.SignIn(ctx, account.Person{
		Subject: "f", Name: "Stina Stadiluotsi", Language: domain.Finnish,
		Roles: []domain.Role{domain.Facilitator}, Areas: c.areas[:3],
	})
	must(err)
	c.facilitator = string(token)
	token, err = s.accounts.SignIn(
		ctx,
		account.Person{
			Subject:   "e",
			Name:      "Erkki Expertti",
			Language:  domain.Finnish,
			Roles:     []domain.Role{domain.Expert},
			Divisions: []string{"environment"},
		},
	)
	must(err)
	c.expert = string(token)
	c.fill(b, s, official.ID)
	s.start(b)
	c.server = s
}

// fill writes what ten thousand people would, straight into the tables.
func (c *largeCity) fill(b *testing.B, s *server, author int64) {
	b.Helper()
	dice := rand.New(rand.NewPCG(1, 1))
	text := func(n int) string {
		var t []string
		for range n {
			t = append(t, c.word(dice))
		}
		return strings.Join(t, " ")
	}
	const proposals = 10_000
	titles, whats, areas, states, ages := make(
		[]string,
		proposals,
	), make(
		[]string,
		proposals,
	), make(
		[]string,
		proposals,
	), make(
		[]string,
		proposals,
	), make(
		[]int,
		proposals,
	)
	for i := range proposals {
		titles[i], whats[i], areas[i], ages[i] = text(
			2+dice.IntN(4),
		), text(
			20+dice.IntN(100),
		), c.areas[dice.IntN(len(c.areas))], proposals-i
		states[i] = []string{"submitted", "in_evaluation", "needs_information", "withdrawn"}[min(dice.IntN(6), 3)]
	}
	owner := s.owner(b)
	// In one go for all rows: row by row the index of words and the words
	// themselves take minutes.
	var index string
	if err := owner.QueryRow("SELECT indexdef FROM pg_indexes WHERE indexname = 'proposal_words'").
		Scan(&index); err != nil {
		b.Fatal(err)
	}
	for _, query := range []string{
		"DROP INDEX proposal_words",
		"ALTER TABLE proposal DISABLE TRIGGER USER",
		`INSERT INTO proposal (round, state, version, author, author_name, facilitator_name, title, what, why, place, area,
			theme, language, question, reason, submitted_at, updated_at, words, division, estimation, estimate_by,
			latitude, longitude)
			SELECT 'bench', state, 10, ?5, 'Aino A.', '', title, what, '', '', area, 'parks', 'fi', '', '', now() - age *
			interval '1 minute', now(), lower(title || ' ' || what),
				CASE WHEN asked THEN 'environment' END, CASE WHEN asked THEN 'waiting' ELSE '' END, CASE
				WHEN asked THEN now() + age * interval '1 minute' END, 60.15 + age % 100 * 0.001, 24.85 + age % 97 * 0.001
			FROM unnest(?0::text[], ?1::text[], ?2::text[], ?3::text[], ?4::int[]) AS p (title, what, area, state, age),
				LATERAL (SELECT state = 'in_evaluation' AND age % 2 = 0 AS asked) AS a ORDER BY age DESC`,
		"ALTER TABLE proposal ENABLE TRIGGER USER",
		index,
		"SELECT keep_all_proposal_words()",
		`INSERT INTO proposal_version (proposal, version, at, by, by_name, action, state, reason, title, what, why, place,
			area, theme, language)
			SELECT p.id, n, now(), p.author, '', 'edit', 'submitted', '', p.title, p.what, '', '', p.area, p.theme, 'fi'
			FROM proposal p, generate_series(1, 10) n`,
		"INSERT INTO comment (proposal, author, staff, text, language, at) SELECT p.id, p.author, false, p.title, 'fi', " +
			"now() FROM proposal p, generate_series(1, 10) n",
		"VACUUM ANALYZE",
	} {
		_, err := owner.Exec(
			query,
			pgdialect.Array(titles),
			pgdialect.Array(whats),
			pgdialect.Array(areas),
			pgdialect.Array(states),
			pgdialect.Array(ages),
			author,
		)
		if err != nil {
			b.Fatal(err)
		}
	}
}

func (c *largeCity) list(dice *rand.Rand) request {
	q := url.Values{"limit": {"30"}}
	if dice.IntN(2) == 0 {
		q.Set("area", c.areas[dice.IntN(len(c.areas))])
	}
	if dice.IntN(3) == 0 {
		q.Set("before", fmt.Sprint(100+dice.IntN(9900)))
	}
	return request{path: "/api/v1/rounds/bench/proposals?" + q.Encode()}
}

func (c *largeCity) search(dice *rand.Rand) request {
	q := url.Values{"limit": {"30"}, "q": {c.asked(dice)}}
	if dice.IntN(3) == 0 {
		q.Set("area", c.areas[dice.IntN(len(c.areas))])
	}
	return request{path: "/api/v1/rounds/bench/proposals?" + q.Encode()}
}

// word is one as people use words: some all the time, most hardly ever.
func (c *largeCity) word(dice *rand.Rand) string {
	u := dice.Float64()
	return c.words[int(float64(len(c.words))*u*u*u)]
}

// asked is one to three words, now and then with a slip of the finger.
func (c *largeCity) asked(dice *rand.Rand) string {
	var typed []string
	for range 1 + dice.IntN(3) {
		word := c.word(dice)
		if dice.IntN(10) == 0 {
			at := len(word) / 2
			word = strings.ToValidUTF8(word[:at]+word[at+1:], "")
		}
		typed = append(typed, word)
	}
	return strings.Join(typed, " ")
}

func (c *largeCity) queue(dice *rand.Rand) request {
	q := url.Values{}
	if dice.IntN(2) == 0 {
		q.Set("area", c.areas[dice.IntN(3)])
	}
	if dice.IntN(3) == 0 {
		q.Set("offset", fmt.Sprint(1+dice.IntN(2000)))
	}
	if dice.IntN(2) == 0 {
		sorts := []string{"number", "title", "area", "theme", "state", "deadline", "handler", "estimate", "checks"}
		q.Set("sort", sorts[dice.IntN(len(sorts))])
		q.Set("descending", fmt.Sprint(dice.IntN(2) == 0))
	}
	switch dice.IntN(6) {
	case 0:
		q.Set("q", c.word(dice))
	case 1:
		q.Set("q", fmt.Sprint("#", 1+dice.IntN(9000)))
	case 2:
		q.Set("any_state", "true")
	}
	return request{path: "/api/v1/rounds/bench/queue?" + q.Encode(), session: c.facilitator}
}

func (c *largeCity) experts(dice *rand.Rand) request {
	q := url.Values{}
	if dice.IntN(3) == 0 {
		q.Set("offset", fmt.Sprint(1+dice.IntN(2000)))
	}
	return request{path: "/api/v1/rounds/bench/queue?" + q.Encode(), session: c.expert}
}

// geoJSON is all proposals with a point, never asked for in these words before:
// the file must be made.
func (c *largeCity) geoJSON(dice *rand.Rand) request {
	q := url.Values{"q": {fmt.Sprint("-nothing", dice.Uint64())}}
	return request{path: "/api/v1/rounds/bench/proposals.geojson?" + q.Encode()}
}

func bareGeoJSON(*rand.Rand) (string, []any) {
	return "SELECT id, title, what, area, state, latitude, longitude FROM proposal WHERE submitted_at IS NOT NULL ORDER BY id",
		nil
}

func bareList(*rand.Rand) (string, []any) {
	return "SELECT id, title, what, area, state FROM proposal WHERE submitted_at IS NOT NULL ORDER BY id DESC LIMIT 30",
		nil
}

func (c *largeCity) bareSearch(dice *rand.Rand) (string, []any) {
	query, args := "SELECT id, title, what, area, state, count(*) OVER () FROM proposal WHERE submitted_at IS NOT NULL",
		[]any{}
	for _, word := range strings.Fields(c.asked(dice)) {
		args = append(args, "%"+word+"%")
		query += fmt.Sprintf(" AND (title ILIKE $%[1]d OR what ILIKE $%[1]d)", len(args))
	}
	return query + " ORDER BY id DESC LIMIT 30", args
}

func bareQueue(*rand.Rand) (string, []any) {
	return "SELECT id, title, what, area, state FROM proposal WHERE state IN ('submitted', 'in_evaluation', " +
		"'needs_information') ORDER BY id LIMIT 100", nil
}

func bareExperts(*rand.Rand) (string, []any) {
	return "SELECT id, title, what, area, state FROM proposal WHERE division = 'environment' ORDER BY id LIMIT 100", nil
}

// bare is the plain query's 95th percentile in ms, by two connections.
func (c *largeCity) bare(b *testing.B, query func(*rand.Rand) (string, []any), asks int) float64 {
	b.Helper()
	var took [2][]float64
	var wg sync.WaitGroup
	for i := range took {
		wg.Go(func() {
			dice := rand.New(rand.NewPCG(uint64(i), 7))
			for range asks / len(took) {
				text, args := query(dice)
				began := time.Now()
				if err := drain(c.officeDB.DB.DB.Query(text, args...)); err != nil {
					b.Error(err)
					return
				}
				took[i] = append(took[i], float64(time.Since(began).Microseconds())/1000)
			}
		})
	}
	wg.Wait()
	all := slices.Concat(took[:]...)
	slices.Sort(all)
	return all[len(all)*95/100]
}

func drain(rows *sql.Rows, err error) error {
	if err != nil {
		return err
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
	}
	return rows.Err()
}

// owner may do what the server's role may not.
func (s *server) owner(b *testing.B) *db.DB {
	b.Helper()
	for _, line := range s.settings {
		if address, ok := strings.CutPrefix(line, "OSBU_OFFICE_DATABASE_URL="); ok {
			owner, err := db.Open(context.Background(), db.Config{URL: address, MaxConns: 1})
			if err != nil {
				b.Fatal(err)
			}
			b.Cleanup(func() { _ = owner.Close() })
			return owner
		}
	}
	b.Fatal("the server has no office")
	return nil
}
