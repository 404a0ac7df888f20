package round_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"osbu/domain"
	"osbu/domain/round"
)

// office keeps one round; box is told its times, the first time only after
// during.
type office struct {
	round.Store
	r        round.Round
	now      time.Time
	log      []round.Entry
	told     round.Window
	promised time.Time
	during   func()
	vouched  []round.Head // that the public log holds
}

// Chained: entries are numbered and chained as the database does it.

func (o *office) Entries(_ context.Context, _ string, each func(round.Entry) error) error {
	var previous [32]byte
	for i, e := range o.log {
		e.Seq, e.At, e.Previous = int64(i+1), o.now, previous
		e.Hash = e.Digest()
		if e.Reason == "changed afterwards" {
			e.Hash = [32]byte{}
		}
		if err := each(e); err != nil {
			return err
		}
		previous = e.Hash
	}
	return nil
}

func (o *office) Heads(ctx context.Context, id string) (heads []round.Head, err error) {
	err = o.Entries(ctx, id, func(e round.Entry) error {
		if slices.Contains(round.LoggedSteps, round.Step(e.Action)) {
			heads = append(heads, round.Head{Step: round.Step(e.Action), Hash: e.Hash})
		}
		return nil
	})
	return heads, err
}

// gate is the office's box.
type gate struct{ *office }

func (g gate) Heads(context.Context, string) ([]round.Head, error) { return g.vouched, nil }

func (g gate) Vouch(ctx context.Context, id string, heads func(context.Context) ([]round.Head, error)) error {
	all, err := heads(ctx)
	if err != nil {
		return err
	}
	missing, err := round.Missing(id, g.vouched, all)
	g.vouched = append(g.vouched, missing...)
	return err
}

// Every move of the times is in the public log; an audit log that was written
// anew is found, whether its chain holds or not, and nothing is added to it.
func TestAuditIsVouchedFor(t *testing.T) {
	o := voting()
	s := round.New(o, gate{o})
	move := func() error {
		times := o.r.Times
		times.Voting.Closes = times.Voting.Closes.Add(time.Hour)
		_, err := s.MoveTimes(t.Context(), official, "r", times, round.Version(o.r.Times.Facts()), "storm")
		return err
	}
	for range 2 {
		if err := move(); err != nil {
			t.Fatal(err)
		}
	}
	o.log = append(o.log, round.Entry{Round: "r", Action: "conflict"})
	check := func(want round.AuditCheck) {
		t.Helper()
		if got, err := s.CheckAudit(t.Context(), official, "r"); err != nil || got != want {
			t.Errorf("got %+v, %v; want %+v", got, err, want)
		}
	}
	check(round.AuditCheck{Entries: 3, Steps: 2})
	if _, err := s.CheckAudit(t.Context(), domain.Actor{ID: 2}, "r"); domain.KindOf(err) != domain.Forbidden {
		t.Errorf("for a resident: %v", err)
	}
	if got := o.vouched; len(got) != 2 || got[0].Step != round.MoveTimes || got[0] == got[1] {
		t.Fatalf("the public log holds %v", got)
	}

	kept := slices.Clone(o.log)
	o.log[0].Reason = "written anew" // and the chain after it
	check(round.AuditCheck{Entries: 3, Differs: true})
	if err := move(); domain.CodeOf(err) != round.CodeAudit {
		t.Errorf("the next step: %v", err)
	}
	if len(o.vouched) != 2 {
		t.Errorf("the public log took %v", o.vouched)
	}
	o.log = slices.Clone(kept)
	o.log[1].Reason = "changed afterwards" // and the chain left
	check(round.AuditCheck{Entries: 1, Broken: 2, Steps: 1, Differs: true})
	o.log = kept[:1] // cut off
	check(round.AuditCheck{Entries: 1, Steps: 1, Differs: true})
}

func (o *office) Round(context.Context, string) (round.At, error) {
	return round.At{Round: o.r, Now: o.now}, nil
}

func (o *office) UpdateRound(
	_ context.Context,
	_ string,
	change func(*round.Round, time.Time) (round.Entry, error),
) (round.At, error) {
	r := o.r
	entry, err := change(&r, o.now)
	if err != nil {
		return round.At{Now: o.now}, err
	}
	o.r, o.log = r, append(o.log, entry)
	return round.At{Round: r, Now: o.now}, nil
}

func (o *office) Open(_ context.Context, _ string, opens, closes time.Time) error {
	if during := o.during; during != nil {
		o.during = nil
		during()
	}
	o.told = round.Window{Opens: opens, Closes: closes}
	return nil
}

func (o *office) PromisedBy(context.Context, string) (time.Time, error) { return o.promised, nil }

var official = domain.Actor{ID: 1, Roles: []domain.Role{domain.Official}}

func voting() *office {
	day := func(month time.Month, n int) time.Time { return time.Date(2026, month, n, 0, 0, 0, 0, time.UTC) }
	return &office{now: day(5, 5), r: round.Round{ID: "r", Phase: round.Voting, Times: round.Times{
		Proposing: round.Window{
			Opens:  day(1, 1),
			Closes: day(2, 1),
		}, Vetting: round.Window{Opens: day(2, 1), Closes: day(3, 1)},
		Voting: round.Window{Opens: day(5, 2), Closes: day(5, 16)},
	}}}
}

// Two officials move the closing time at once; the second one's word reaches
// the box before the first one's.
func TestTheBoxEndsUpWithTheOfficesTimes(t *testing.T) {
	o := voting()
	s := round.New(o, gate{o})
	first, second := o.r.Times, o.r.Times
	first.Voting.Closes, second.Voting.Closes = first.Voting.Closes.AddDate(
		0,
		0,
		1,
	), second.Voting.Closes.AddDate(
		0,
		0,
		2,
	)
	o.during = func() {
		if _, err := s.MoveTimes(context.Background(), official, "r", second, round.Version(o.r.Times.Facts()),
			"later"); err != nil {
			t.Error(err)
		}
	}
	if _, err := s.MoveTimes(context.Background(), official, "r", first, round.Version(o.r.Times.Facts()),
		"late"); err != nil {
		t.Fatal(err)
	}
	if !o.told.Equal(second.Voting) || !o.r.Times.Voting.Equal(second.Voting) {
		t.Errorf("the box was told %v, the office says %v", o.told, o.r.Times.Voting)
	}
}

// The close may be moved up to what was promised; before the freeze nothing
// was.
func TestTheLastClose(t *testing.T) {
	for _, promised := range []bool{true, false} {
		o := voting()
		times := o.r.Times
		times.Voting.Closes = times.Voting.Closes.AddDate(0, 0, 7)
		if promised {
			o.promised = times.Voting.Closes
		} else {
			o.r.Phase = round.Vetting
			times.Voting.Closes = times.Voting.Closes.AddDate(1, 0, 0)
		}
		if _, err := round.New(o, gate{o}).
			MoveTimes(context.Background(), official, "r", times, round.Version(o.r.Times.Facts()), "later"); err != nil {
			t.Error(err)
		}
	}
}

// What has passed stays, and nothing is moved into the past.
func TestTimesThatMayNotMove(t *testing.T) {
	for want, spoil := range map[string]func(*round.Times){
		"times.proposing frozen":        func(w *round.Times) { w.Proposing.Closes = w.Proposing.Closes.Add(time.Hour) },
		"times.vetting frozen":          func(w *round.Times) { w.Vetting.Closes = w.Vetting.Closes.Add(time.Hour) },
		"times.voting.opens has_opened": func(w *round.Times) { w.Voting.Opens = w.Voting.Opens.Add(time.Hour) },
		"times.voting.closes in_past":   func(w *round.Times) { w.Voting.Closes = w.Voting.Opens.AddDate(0, 0, 1) },
		"times.voting.closes after_promise": func(w *round.Times) {
			w.Voting.Closes = w.Voting.Closes.AddDate(0, 0,
				7).Add(time.Second)
		},
	} {
		o := voting()
		o.promised = o.r.Times.Voting.Closes.AddDate(0, 0, 7)
		times := o.r.Times
		spoil(&times)
		_, err := round.New(o, gate{o}).
			MoveTimes(context.Background(), official, "r", times, round.Version(o.r.Times.Facts()), "why not")
		if got := one(t, err); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
		if !o.told.Opens.IsZero() {
			t.Errorf("%s: the box was told", want)
		}
	}
}
