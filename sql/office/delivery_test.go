package office_test

import (
	"context"
	"io"
	"sync"
	"testing"
	"time"

	"osbu/domain"
	"osbu/domain/delivery"
	"osbu/domain/record"
	"osbu/domain/round"
)

// delivering is a round of three projects, of which the first two are selected
// and the result published.
func delivering(t *testing.T) (village, *delivery.Service) {
	t.Helper()
	v := found(t, "proposing")
	ctx := context.Background()
	for _, title := range []string{"Penkki", "Laituri", "Katos"} {
		v.accepted(t, title)
	}
	must(v.place(ctx, official, "r", nil))(t)
	v.stage(t, "UPDATE proposal SET division = 'environment', estimate_by = osbu_now(), estimation = 'given' WHERE id = 1")
	goTo(t, v.DB, "r", "vetting", "frozen", "voting", "closed", "counted")
	if _, err := v.ExecContext(ctx,
		"UPDATE round SET phase = 'confirmed', confirm_decision = '§ 2' WHERE id = 'r'"); err != nil {
		t.Fatal(err)
	}
	_, err := v.store.PublishRound(ctx, "r", map[int]bool{1: true, 2: true},
		func(r *round.Round, _ time.Time, keep record.Keep) (round.Entry, error) {
			_, err := keep(record.Whole, func(w io.Writer) error {
				_, err := io.WriteString(w, "record")
				return err
			})
			r.Phase, r.CopiesDestroyed = round.Delivering, "IT, 1.12."
			return entry("r", "publish"), err
		})
	if err != nil {
		t.Fatal(err)
	}
	return v, delivery.New(delivery.Config{Rounds: v.store, Lists: v.store, Store: v.store, TimeZone: time.UTC})
}

func paused(why string) delivery.Report {
	return delivery.Report{
		Phase: delivery.Planning, Standing: delivery.Paused, Reason: domain.Text{Fi: why, Sv: why},
		News:  domain.Text{Fi: "Uutinen", Sv: "Nyhet"},
		Dates: []delivery.Date{{Phase: delivery.Done, Promised: "2027-05-01"}},
	}
}

// What is funded is delivered from the publication on, by the division that
// estimated it; what is said of it stays, and authors are told.
func TestDeliveryBeginsWithThePublication(t *testing.T) {
	v, s := delivering(t)
	ctx := context.Background()
	v.mailbox(t, aino)
	v.SetClock(t, "2026-06-01T00:00:00Z")
	page := must(s.List(ctx, anonymous, delivery.List{Limit: 10}))(t)
	if page.Total != 2 || page.Summary.All != 2 || page.Summary.Phases[delivery.Codevelopment] != 2 {
		t.Fatalf("%+v", page)
	}
	mine := must(s.Mine(ctx, expert))(t)
	if len(mine) != 1 || mine[0].Project.Title.Fi != "Penkki" || !mine[0].May || !mine[0].Due {
		t.Fatalf("%+v", mine)
	}
	if none := must(s.Mine(ctx, outsider))(t); len(none) != 0 {
		t.Errorf("another division has %+v", none)
	}
	if all := must(s.Mine(ctx, official))(t); len(all) != 2 {
		t.Errorf("officials see %d", len(all))
	}
	number := mine[0].Project.Number
	story := must(s.Report(ctx, expert, "r", number, 0, 1, paused("Maaperä tutkitaan")))(t)
	if story.Standing != delivery.Paused || story.Version != 2 || len(story.Reports) != 2 ||
		story.Reports[1].News.Sv != "Nyhet" || story.Reports[1].Dates[1].Promised != "2027-05-01" {
		t.Fatalf("%+v", story)
	}
	_, err := s.Report(ctx, expert, "r", number, 0, 1, paused("x"))
	if domain.CodeOf(err) != domain.CodeEdited {
		t.Errorf("over an older version: %v", err)
	}
	moved := paused("Maaperä tutkitaan yhä")
	moved.Dates[0].Promised = "2027-07-01"
	story = must(s.Report(ctx, expert, "r", number, 0, 2, moved))(t)
	if d := story.Dates[1]; d.First != "2027-05-01" || d.Promised != "2027-07-01" || story.View.Late.Days != 61 {
		t.Errorf("late by %+v, dates %+v", story.View.Late, story.Dates)
	}
	story = must(s.AddSite(ctx, expert, "r", number, delivery.Site{
		Name: domain.Text{Fi: "Ranta", Sv: "Strand"}, Point: &domain.Point{Latitude: 60.2, Longitude: 25},
	}))(t)
	if len(story.Sites) != 1 || story.Sites[0].Site != 1 || story.Sites[0].Phase != delivery.Planning ||
		story.Sites[0].Point == nil || story.Sites[0].Division != "environment" {
		t.Errorf("%+v", story.Sites)
	}
	story = must(s.Assign(ctx, official, "r", number, 0, 3, "culture"))(t)
	if story.Division != "culture" || len(story.Reports) != 5 {
		t.Errorf("%+v", story)
	}
	if _, err := s.Report(ctx, expert, "r", number, 0, 4, paused("x")); domain.KindOf(err) != domain.Forbidden {
		t.Errorf("the division that had it before: %v", err)
	}
	story = must(s.EraseNews(ctx, official, "r", number, 0, 2))(t)
	if p := story.Reports[1]; !p.Erased || p.News != (domain.Text{}) {
		t.Errorf("%+v", p)
	}
	if _, err := s.EraseNews(ctx, official, "r", number, 0, 2); domain.KindOf(err) != domain.NotFound {
		t.Errorf("erased again: %v", err)
	}
	var told int
	if err := v.QueryRowContext(ctx, "SELECT count(*) FROM outbox WHERE notification = 'delivered' AND account = 1").
		Scan(&told); err != nil || told != 2 {
		t.Errorf("%d e-mails, %v", told, err)
	}
	late := must(s.List(ctx, anonymous, delivery.List{Late: true, Limit: 10}))(t)
	if late.Total != 1 || late.Projects[0].Project.Number != number || len(late.Projects[0].Sites) != 1 {
		t.Errorf("%+v", late)
	}
	if words := must(s.List(ctx, anonymous, delivery.List{Words: "laiT", Limit: 1}))(t); words.Total != 1 {
		t.Errorf("%+v", words)
	}
}

// What the production role cannot do, whatever the program tries.
func TestTheDatabaseKeepsDeliveries(t *testing.T) {
	v, s := delivering(t)
	ctx := context.Background()
	must(s.Report(ctx, official, "r", 1, 0, 1, paused("Tutkitaan")))(t)
	for _, q := range []string{
		"UPDATE delivery_report SET phase = 'done'",
		"UPDATE delivery_report SET at = osbu_now()",
		`UPDATE delivery_report SET news = '{"fi": "x"}'`,
		"DELETE FROM delivery_report",
		"DELETE FROM delivery",
		"DELETE FROM delivery_date",
		"UPDATE delivery SET phase = 'done'",                        // without a report
		"UPDATE delivery SET version = version + 1, phase = 'done'", // likewise
		"UPDATE delivery SET version = version + 2",                 // a report is left out
		"UPDATE delivery_date SET first = '2030-01-01'",             // the first promise
		"UPDATE delivery_date SET first = NULL, promised = NULL",    // taken back
		"UPDATE delivery SET round = 'other'",
		"INSERT INTO delivery (proposal, site, round, version, name, phase, standing, reason, division, contact, difference, " +
			"documents, updated_at) VALUES (3, 0, 'r', 1, '{}', 'done', 'on_course', '{}', '', '{}', '{}', '[]', osbu_now())",
	} {
		if _, err := v.ExecContext(ctx, q); err == nil {
			t.Errorf("accepted %s", q)
		}
	}
	v.stage(t, "UPDATE round SET phase = 'archived' WHERE id = 'r'")
	if _, err := s.Report(ctx, official, "r", 1, 0, 2, paused("x")); domain.KindOf(err) != domain.Closed {
		t.Errorf("in an archived round: %v", err)
	}
	if page := must(s.List(ctx, anonymous, delivery.List{Limit: 1}))(t); page.Total != 2 || page.Next != 1 {
		t.Errorf("an archived round shows %+v", page)
	}
}

// Of many reports over the same version one is kept.
func TestRaceOfReports(t *testing.T) {
	_, s := delivering(t)
	var wg sync.WaitGroup
	var mu sync.Mutex
	kept, other := 0, []error{}
	for range 8 {
		wg.Go(func() {
			_, err := s.Report(context.Background(), official, "r", 1, 0, 1, paused("x"))
			mu.Lock()
			defer mu.Unlock()
			switch domain.CodeOf(err) {
			case "":
				kept++
			case domain.CodeEdited:
			default:
				other = append(other, err)
			}
		})
	}
	wg.Wait()
	if kept != 1 || len(other) > 0 {
		t.Errorf("%d were kept; %v", kept, other)
	}
}
