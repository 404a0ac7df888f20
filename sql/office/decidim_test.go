package office_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"osbu/domain"
	"osbu/domain/decidim"
	"osbu/domain/proposal"
	"osbu/domain/round"
)

func same(t *testing.T, got, want string) {
	t.Helper()
	if got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

// finished is a round that another service held: two proposals made one project
// that was built, one made another that lost, and one came to nothing.
func finished() decidim.Round {
	day := time.Date(2019, 1, 1, 0, 0, 0, 0, time.UTC)
	window := func(n int) round.Window {
		return round.Window{Opens: day.AddDate(0, n, 0), Closes: day.AddDate(0, n+1, 0)}
	}
	settings, err := round.WholeCity.Settings()
	if err != nil {
		panic(err)
	}
	area := settings.Areas[0].ID
	made := func(source int64, title string, state proposal.State) decidim.Proposal {
		return decidim.Proposal{
			Source: source, Old: fmt.Sprintf("/processes/raha/f/1/proposals/%d", source), Author: "Aino",
			Proposal: proposal.Proposal{
				Version: 1, Channel: proposal.Imported, State: state, SubmittedAt: day, UpdatedAt: day,
				Author: proposal.Person{Name: "Aino"},
				Text:   proposal.Text{Title: title, What: title, Area: area, Language: domain.Finnish},
			},
		}
	}
	r := decidim.Round{Slug: "raha", Digest: [32]byte{1}, Old: map[string]string{"/processes/raha": ""}}
	r.Round = round.Round{
		ID: "raha", Name: domain.Text{Fi: "Raha"}, Phase: round.Delivering, Source: round.Decidim, Settings: settings,
		Times: round.Times{Proposing: window(0), Vetting: window(1), Voting: window(2)},
	}
	r.Proposals = []decidim.Proposal{
		made(1, "Aita", proposal.Merged), made(2, "Portti", proposal.Merged), made(3, "Penkki", proposal.NotSelected),
		made(4, "Metro", proposal.Rejected),
	}
	cost := domain.Euros(100)
	r.Proposals[2].Cost = &proposal.Cost{Minimum: cost, Maximum: cost}
	r.Proposals[3].Reason, r.Proposals[3].Answer = proposal.Other, domain.Text{Fi: "Ei.", Sv: "Nej."}
	r.Proposals[3].Code = [32]byte{7}
	r.Proposals[3].Pictures = []decidim.Picture{{ID: strings.Repeat("a", 26), Width: 10, Height: 10}}
	votes := 12
	r.Projects = []decidim.Project{
		{
			Source: 9, Number: 1, Title: domain.Text{Fi: "Koirapuisto"}, Area: area, Cost: cost, Votes: &votes, Of: []int{0, 1},
			Published: day, Old: []string{"/processes/raha/f/2/budgets/1/projects/9"},
			Result: &decidim.Result{Source: 5, Progress: 60, End: "2020-12-31"},
		},
		{Source: 10, Number: 2, Title: domain.Text{Fi: "Penkki"}, Area: area, Cost: cost, Of: []int{2}, Published: day},
	}
	return r
}

// A round that another service held stands finished, with what became of it,
// and with nothing that could be taken for a count of ours.
func TestImportDecidim(t *testing.T) {
	t.Parallel()
	d, store := open(t)
	ctx := t.Context()
	service := decidim.New(store)
	if err := service.Import(ctx, finished(), "test"); err != nil {
		t.Fatal(err)
	}
	read := func(query string, args ...any) (s string) {
		t.Helper()
		if err := d.DB.QueryRowContext(ctx, query, args...).Scan(&s); err != nil {
			t.Fatal(query, err)
		}
		return s
	}
	same(t, read("SELECT phase || ' ' || source FROM round WHERE id = 'raha'"), "delivering decidim")
	same(t, read("SELECT string_agg(title || ' ' || state, ', ' ORDER BY id) FROM proposal WHERE round = 'raha'"),
		"Aita merged, Portti merged, Penkki not_selected, Metro rejected, Koirapuisto selected")
	same(t, read("SELECT string_agg(p.title, ', ' ORDER BY l.source) FROM proposal_link l JOIN proposal p ON p.id = l.target"),
		"Koirapuisto, Koirapuisto")
	same(t, read("SELECT string_agg(number || ' ' || coalesce(votes::text, '-'), ', ' ORDER BY number) FROM project"), "1 12, 2 -")
	same(t, read("SELECT phase FROM delivery WHERE round = 'raha'"), "building")
	same(t, read("SELECT string_agg(alt, ',') FROM image"), "Metro")
	for old, want := range map[string]string{
		"/processes/raha": "/rounds/raha", "https://x.example/processes/raha/": "/rounds/raha",
		"/processes/raha/f/2/budgets/1/projects/9": "/rounds/raha/delivery/1",
	} {
		got, err := service.Redirect(ctx, old)
		if err != nil {
			t.Error(old, err)
		}
		same(t, got, want)
	}
	if _, err := service.Redirect(ctx, "/processes/other"); domain.KindOf(err) != domain.NotFound {
		t.Errorf("an address that was never there: got %v", err)
	}
	known, err := service.Known(ctx)
	if err != nil || known["raha"].Digest != [32]byte{1} {
		t.Errorf("known: got %v, %v", known, err)
	}
	// Once more changes nothing, nor does another round under its address.
	for range 2 {
		if err := service.Import(ctx, finished(), "test"); domain.CodeOf(err) != round.CodeExists {
			t.Errorf("imported twice: got %v", err)
		}
	}
	same(t, read("SELECT count(*) FROM proposal"), "5")

	// Nobody makes it look as if it had been counted here, or holds a vote in it.
	for _, statement := range []string{
		"INSERT INTO frozen (round, manifest, lot) VALUES ('raha', 'a', 'b')",
		"INSERT INTO published (round, part, size, sha256) VALUES ('raha', 'record', 1, sha256('a'))",
		"INSERT INTO outcome (round, area, input, ballots, blank, seed, rule, result) " +
			"SELECT 'raha', id, '', 0, 0, '', '{}', '{}' FROM area WHERE round = 'raha' LIMIT 1",
		"UPDATE round SET phase = 'voting' WHERE id = 'raha'",
		"UPDATE round SET source = '' WHERE id = 'raha'",
		"UPDATE project SET votes = 13 WHERE round = 'raha'",
	} {
		if _, err := d.DB.ExecContext(ctx, statement); err == nil {
			t.Errorf("the database let through %s", statement)
		}
	}
}

// A round is stored as a whole or not at all: one whose last row is wrong
// leaves nothing.
func TestImportDecidimAsAWhole(t *testing.T) {
	t.Parallel()
	d, store := open(t)
	r := finished()
	r.Old["no address"] = ""
	if err := decidim.New(store).Import(t.Context(), r, "test"); err == nil {
		t.Fatal("took an address that is none")
	}
	for _, table := range []string{"round", "proposal", "project", "delivery", "imported_round", "redirect", "audit"} {
		var n int
		if err := d.DB.QueryRowContext(context.Background(), "SELECT count(*) FROM "+table).Scan(&n); err != nil || n != 0 {
			t.Errorf("%s: %d rows are left, %v", table, n, err)
		}
	}
}
