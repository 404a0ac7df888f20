package record_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"testing"
	"time"

	"golang.org/x/mod/sumdb/note"

	"osbu/domain"
	"osbu/domain/ballot"
	"osbu/domain/box"
	"osbu/domain/record"
	"osbu/domain/round"
)

// world is an office and a box in memory, each of whose calls can fail before
// it has done anything, or after it has done everything.
type world struct {
	oneCluster, accepted bool

	key       ballot.OpeningKey // of the trustees
	round     round.Round
	now       time.Time
	frozen    *record.Frozen
	outcomes  []record.Outcome
	opened    record.Opened
	parts     map[record.Part][]byte
	actions   []string
	corrected []round.Entry
	compared  []round.Entry
	spent     map[string]record.Spent

	dearer    domain.Cents // of the first project
	title     *domain.Text // of all of them
	text      domain.Text  // likewise
	conflicts []round.ManifestConflict

	heads []round.Head // that the log vouches for

	logKey       string
	signer       note.Signer
	manifest     []byte
	open, closed bool
	window       round.Window
	ballots      []box.Entry
	batches      []box.PaperBatch
	paperStopped bool

	calls    int
	failAt   int // 0: never
	after    bool
	stopping func() // what an officer does just before paper is stopped
	closing  func() // what a colleague does just before the box is closed
	during   func() // what a colleague does just before UpdateRound or PublishRound takes its lock
}

var errCrash = errors.New("the power failed")

func (w *world) call(do func() error) error {
	w.calls++
	failing := w.calls == w.failAt
	if failing && !w.after {
		return errCrash
	}
	if err := do(); err != nil {
		return err
	}
	if failing {
		return errCrash
	}
	return nil
}

// copy is the world as it stands, with nothing about to fail.
func (w *world) copy() *world {
	c := *w
	c.outcomes, c.actions, c.ballots, c.spent = slices.Clone(
		w.outcomes,
	), slices.Clone(
		w.actions,
	), slices.Clone(
		w.ballots,
	), maps.Clone(
		w.spent,
	)
	c.heads, c.corrected = slices.Clone(w.heads), slices.Clone(w.corrected)
	c.parts = maps.Clone(w.parts)
	c.calls, c.failAt, c.after = 0, 0, false
	return &c
}

func (w *world) roundState() record.State {
	st := record.State{Round: w.round, Now: w.now, Projects: []record.Project{
		{
			Number: 1,
			Area:   "a",
			Title:  domain.Text{Fi: "Penkki"},
			Cost:   domain.Euros(60) + w.dearer,
		}, {Number: 2, Area: "a", Title: domain.Text{Fi: "Puu"}, Cost: domain.Euros(50)},
	}, Conflicts: w.conflicts, Rights: map[string]int{"p": 5}, Spent: w.spent}
	for i := range st.Projects {
		if w.title != nil {
			st.Projects[i].Title = *w.title
		}
		st.Projects[i].Text = w.text
	}
	return st
}

func (w *world) Round(context.Context, string) (r round.At, err error) {
	err = w.call(func() error { r.Round, r.Now = w.round, w.now; return nil })
	return r, err
}

func (w *world) State(context.Context, string) (st record.State, err error) {
	err = w.call(func() error { st = w.roundState(); return nil })
	return st, err
}

func (w *world) FreezeRound(
	_ context.Context,
	_ string,
	freeze func(record.State) (record.Frozen, error),
) (round.At, error) {
	err := w.call(func() error {
		f, err := freeze(w.roundState())
		if err != nil {
			return err
		}
		w.frozen, w.round.Phase, w.round.FreezeDecision, w.round.Asked = &f, round.Frozen, f.Decision, nil
		w.actions = append(w.actions, f.Entry.Action)
		return nil
	})
	return round.At{Round: w.round, Now: w.now}, err
}

func (w *world) Frozen(context.Context, string) (f record.Frozen, err error) {
	err = w.call(func() error { f = *w.frozen; f.Issuers = nil; return nil })
	return f, err
}

func (w *world) step(change record.Change, also func()) (round.At, error) {
	err := w.call(func() error {
		r := w.round
		entry, err := change(&r, w.now)
		if err != nil {
			return err
		}
		w.round = r
		w.actions = append(w.actions, entry.Action)
		also()
		return nil
	})
	return round.At{Round: w.round, Now: w.now}, err
}

func (w *world) UpdateRound(_ context.Context, _ string, change record.Change) (round.At, error) {
	if w.during != nil {
		w.during()
		w.during = nil
	}
	return w.step(change, func() {})
}

func (w *world) CorrectRound(_ context.Context, _ string, change record.Change) (round.At, error) {
	var said round.Entry
	return w.step(func(r *round.Round, now time.Time) (round.Entry, error) {
		e, err := change(r, now)
		said = e
		return e, err
	}, func() { w.corrected = append(w.corrected, said) })
}

func (w *world) Corrections(context.Context, string) (entries []round.Entry, err error) {
	err = w.call(func() error { entries = w.corrected; return nil })
	return entries, err
}

func (w *world) Compare(
	_ context.Context,
	_ string,
	do func(round.Round, []round.Entry) (*round.Entry, error),
) error {
	return w.call(func() error {
		e, err := do(w.round, w.compared)
		if err == nil && e != nil {
			e.Seq, e.At = int64(len(w.compared)+1), w.now
			w.compared = append(w.compared, *e)
		}
		return err
	})
}

func (w *world) SheetComparisons(context.Context, string) (entries []round.Entry, err error) {
	err = w.call(func() error { entries = w.compared; return nil })
	return entries, err
}

func (w *world) StopPaper(context.Context, string) (stopped bool, err error) {
	err = w.call(func() error {
		if w.stopping != nil {
			w.stopping()
			w.stopping = nil
		}
		stopped, w.paperStopped = !w.paperStopped, true
		return nil
	})
	return stopped, err
}

func (w *world) ResumePaper(context.Context, string) error {
	return w.call(func() error { w.paperStopped = false; return nil })
}

func (w *world) CloseRound(_ context.Context, _ string, change record.Change) (round.At, error) {
	return w.step(change, func() { w.frozen.Issuers = nil })
}

func (w *world) CountRound(
	_ context.Context,
	_ string,
	outcomes []record.Outcome,
	opened record.Opened,
	change record.Change,
) (round.At, error) {
	return w.step(change, func() { w.outcomes, w.opened = append(w.outcomes, outcomes...), opened })
}

func (w *world) Opened(context.Context, string) (o record.Opened, err error) {
	err = w.call(func() error { o = w.opened; return nil })
	return o, err
}

func (w *world) PublishRound(
	_ context.Context,
	_ string,
	_ map[int]bool,
	publish func(*round.Round, time.Time, record.Keep) (round.Entry, error),
) (round.At, error) {
	parts := map[record.Part][]byte{}
	if w.during != nil {
		w.during()
		w.during = nil
	}
	return w.step(func(r *round.Round, now time.Time) (round.Entry, error) {
		return publish(r, now, func(p record.Part, write func(io.Writer) error) (record.Stored, error) {
			var zip bytes.Buffer
			err := write(&zip)
			parts[p] = zip.Bytes()
			return record.Stored{Size: int64(zip.Len()), Digest: fmt.Sprintf("%x", sha256.Sum256(zip.Bytes()))}, err
		})
	}, func() { w.parts = parts })
}

func (w *world) Note(_ context.Context, e round.Entry) error {
	return w.call(func() error { w.actions = append(w.actions, e.Action); return nil })
}

func (w *world) Outcomes(context.Context, string) (o []record.Outcome, err error) {
	err = w.call(func() error { o = w.outcomes; return nil })
	return o, err
}

func (w *world) Stored(_ context.Context, id string, p record.Part) (stored record.Stored, err error) {
	err = w.call(func() error {
		zip, there := w.parts[p]
		if !there {
			return domain.Fail(domain.NotFound, domain.CodeNotFound, "nothing of %s is withheld", id)
		}
		stored = record.Stored{Size: int64(len(zip)), Digest: fmt.Sprintf("%x", sha256.Sum256(zip))}
		return nil
	})
	return stored, err
}

func (w *world) Piece(_ context.Context, _ string, p record.Part, n int) (piece []byte, err error) {
	err = w.call(func() error {
		piece = w.parts[p][n*record.PieceSize : min((n+1)*record.PieceSize, len(w.parts[p]))]
		return nil
	})
	return piece, err
}

func (w *world) Prepare(context.Context, string) (key string, err error) {
	err = w.call(func() error {
		if w.logKey != "" {
			key = w.logKey
			return nil
		}
		private, public, err := note.GenerateKey(rand.Reader, box.Origin("r"))
		if err != nil {
			return err
		}
		w.logKey, key = public, public
		w.signer, err = note.NewSigner(private)
		return err
	})
	return key, err
}

func (w *world) Install(_ context.Context, _ string, manifest []byte) error {
	return w.call(func() error {
		if w.manifest != nil && !bytes.Equal(w.manifest, manifest) {
			return domain.Fail(domain.Conflict, round.CodeFrozen, "another manifest")
		}
		w.manifest = manifest
		return nil
	})
}

// Entries are not looked at here.
func (w *world) Entries(context.Context, string, func(round.Entry) error) error { return nil }

// Heads are the steps taken, each with a hash of its place.
func (w *world) Heads(context.Context, string) (heads []round.Head, err error) {
	err = w.call(func() error {
		for i, a := range w.actions {
			if slices.Contains(round.LoggedSteps, round.Step(a)) {
				heads = append(heads, round.Head{Step: round.Step(a), Hash: [32]byte{byte(i + 1)}})
			}
		}
		return nil
	})
	return heads, err
}

// gate is the world's box.
type gate struct{ *world }

func (g gate) Heads(context.Context, string) ([]round.Head, error) { return g.heads, nil }

func (g gate) Vouch(ctx context.Context, id string, heads func(context.Context) ([]round.Head, error)) error {
	return g.call(func() error {
		if g.manifest == nil {
			return domain.Fail(domain.NotFound, domain.CodeNotFound, "no manifest")
		}
		all, err := heads(ctx)
		if err != nil {
			return err
		}
		missing, err := round.Missing(id, g.heads, all)
		g.heads = append(g.heads, missing...)
		return err
	})
}

func (w *world) Open(_ context.Context, _ string, opens, closes time.Time) error {
	return w.call(func() error { w.open, w.window = true, round.Window{Opens: opens, Closes: closes}; return nil })
}

func (w *world) DeclareBatch(_ context.Context, _ string, b box.PaperBatch) error {
	return w.call(func() error {
		b.State = box.BatchDeclared
		same := func(o box.PaperBatch) bool { return o.Batch == b.Batch }
		w.batches = append(slices.DeleteFunc(slices.Clone(w.batches), same), b)
		return nil
	})
}

func (w *world) LeaveOut(_ context.Context, _, batch, why string) error {
	return w.call(func() error {
		w.batches = slices.Clone(w.batches)
		i := slices.IndexFunc(w.batches, func(b box.PaperBatch) bool { return b.Batch == batch })
		w.batches[i].State, w.batches[i].Explanation = box.BatchLeftOut, why
		return w.batches[i].Check()
	})
}

func (w *world) Close(context.Context, string) error {
	if w.closing != nil {
		w.closing()
		w.closing = nil
	}
	return w.call(func() error { w.closed = true; return nil })
}

func (w *world) PaperBatches(context.Context, string) (b []box.PaperBatch, err error) {
	err = w.call(func() error { b = w.batches; return nil })
	return b, err
}

func (w *world) Ballots(_ context.Context, _ string, each func(box.Entry) error) error {
	return w.call(func() error {
		for _, b := range w.ballots {
			if err := each(b); err != nil {
				return err
			}
		}
		return nil
	})
}

func (w *world) CastByPaper(context.Context, string) (map[string]int, error) {
	return map[string]int{"p": len(w.ballots)}, nil
}

func (w *world) Leaves(_ context.Context, _ string, from, to int64, each func(string) error) error {
	return w.call(func() error {
		for range to - from {
			if err := each("leaf"); err != nil {
				return err
			}
		}
		return nil
	})
}

func (w *world) Checkpoints(_ context.Context, _ string, each func([]byte) error) error {
	return w.call(func() error {
		signed, err := box.Checkpoint{Round: "r", Size: int64(len(w.ballots)) + 2}.Sign(w.signer)
		if err != nil {
			return err
		}
		return each(signed)
	})
}

func (w *world) SignRecord(_ context.Context, id string, what box.Statement) (signed []byte, err error) {
	err = w.call(func() error {
		signed, err = note.Sign(&note.Note{Text: what.Text(id)}, w.signer)
		return err
	})
	return signed, err
}

func (w *world) Manifest(context.Context, string) (signed []byte, err error) {
	err = w.call(func() error { signed, err = note.Sign(&note.Note{Text: string(w.manifest)}, w.signer); return err })
	return signed, err
}

// newWorld is ready to be frozen, its closing time past and five ballots
// waiting to be counted.
func newWorld(t *testing.T) *world {
	t.Helper()
	day := func(n int) time.Time { return time.Date(2026, 5, n, 0, 0, 0, 0, time.UTC) }
	w := &world{now: day(20), spent: map[string]record.Spent{"p": {Online: 4, Assisted: 1}}, round: round.Round{
		ID: "r", Name: domain.Text{Fi: "Kierros"}, Phase: round.Vetting,
		Times: round.Times{Voting: round.Window{Opens: day(2), Closes: day(16)}},
		Settings: round.Settings{
			Areas: []round.Area{{ID: "a", Name: domain.Text{Fi: "Alue"}, Pot: domain.Euros(100)}},
			Papers: []round.Paper{
				{ID: "p", Areas: []string{"a"}, Form: ballot.Form{Kind: ballot.Approval, Min: 1, Max: 2}},
			},
			Rule: round.Rule{Rule: "greedy"}, FinalBallots: true,
		},
	}}
	for i := range 5 {
		b := ballot.Ballot{Round: "r", Paper: "p", Area: "a", Vote: ballot.Vote{Choices: []int{1 + i%2}}, Salt: [32]byte{byte(i)}}
		text, err := b.Encode()
		if err != nil {
			t.Fatal(err)
		}
		w.ballots = append(
			w.ballots,
			box.Entry{
				Round:     "r",
				Paper:     "p",
				Nullifier: [32]byte{byte(i)},
				Seq:       1,
				Commit:    ballot.Commitment(text),
				Ballot:    text,
				Index:     int64(i + 1),
			},
		)
	}
	return w
}

var official = domain.Actor{ID: 7, Roles: []domain.Role{domain.Official}}

// unwrapped gives every round one key.
type unwrapped struct{ sealer domain.Sealer }

func (u unwrapped) Make(string) (domain.Sealer, error) { return u.sealer, nil }
func (u unwrapped) Find(string) (domain.Sealer, error) { return u.sealer, nil }
func (u unwrapped) Destroy(string) error               { return nil }

func (w *world) service(t *testing.T) *record.Service {
	t.Helper()
	sealer, err := domain.NewSealer(bytes.Repeat([]byte{1}, 32))
	if err != nil {
		t.Fatal(err)
	}
	return record.New(
		record.Config{
			Office:   w,
			Gate:     gate{w},
			Box:      w,
			Sealer:   sealer,
			Rand:     rand.Reader,
			TimeZone: time.UTC,
			Wrapping: unwrapped{sealer},
			Closed:   func(string) {},

			OneCluster:         func(context.Context) (bool, error) { return w.oneCluster, nil },
			OneClusterAccepted: w.accepted,
		},
	)
}

func (w *world) take(t *testing.T, step round.Step) (round.Round, error) {
	t.Helper()
	r, err := w.service(t).Take(context.Background(), official, "r", w.shown(t, step))
	return r.Round, err
}

// shown is the step as somebody takes it who was shown the next one and accepts
// all its warnings.
func (w *world) shown(t *testing.T, step round.Step) record.Request {
	t.Helper()
	next, err := w.copy().service(t).Next(context.Background(), official, "r")
	if err != nil {
		t.Fatal(err)
	}
	q := record.Request{Step: step, Decision: "§ 1", Copies: "IT, 1.12.", Version: next.Version, Missing: "saknas"}
	for _, f := range next.Warnings {
		q.Accepted = append(q.Accepted, f.Code)
	}
	return q
}

// state is what a step has left behind, apart from what is random.
func (w *world) state() string {
	manifest := w.manifest
	if w.frozen != nil && !bytes.Equal(manifest, w.frozen.Manifest) {
		manifest = []byte("not the office's")
	}
	issuers := 0
	if w.frozen != nil {
		issuers = len(w.frozen.Issuers)
	}
	return fmt.Sprintf(
		"%s %q %q log %v; manifest %v; %d issuers; open %v %v; closed %v; %d outcomes; %x; %v; vouched for %v",
		w.round.Phase,
		w.round.FreezeDecision,
		w.round.ConfirmDecision,
		w.logKey != "",
		manifest != nil && string(manifest) != "not the office's",
		issuers,
		w.open,
		w.window,
		w.closed,
		len(w.outcomes),
		sha256.Sum256(w.parts[record.Whole]),
		w.actions,
		w.heads,
	)
}

// Every step is broken off at every call to the office and the box, before and
// after the call took effect. Taken again, it ends as if nothing had happened:
// once in the audit log, and with nothing twice.
func TestEveryStepHealsAtEveryCrashPoint(t *testing.T) {
	w := newWorld(t)
	for _, step := range []round.Step{
		round.Freeze, round.Open, round.Close, round.Count, round.Confirm, round.Publish,
		round.Archive,
	} {
		clean := w.copy()
		if _, err := clean.take(t, step); err != nil {
			t.Fatalf("%s: %v", step, err)
		}
		if clean.round.Phase != step.Into() {
			t.Fatalf("%s leads into %s", step, clean.round.Phase)
		}
		for at := 1; at <= clean.calls; at++ {
			for _, after := range []bool{false, true} {
				broken := w.copy()
				broken.failAt, broken.after = at, after
				if _, err := broken.take(t, step); err == nil {
					t.Errorf("%s: nobody noticed that call %d failed", step, at)
				}
				r, err := broken.take(t, step)
				if err != nil {
					t.Errorf("%s again after a crash at call %d (after it: %v): %v", step, at, after, err)
				} else if r.Phase != step.Into() || broken.state() != clean.state() {
					t.Errorf("%s after a crash at call %d (after it: %v):\n%s\nwant\n%s", step, at, after, broken.state(),
						clean.state())
				}
			}
		}
		w = clean
	}
	for i, h := range w.heads { // the public log has every step, once
		if string(h.Step) != w.actions[i] {
			t.Errorf("the public log vouches for %v", w.heads)
		}
	}
	if want := "[freeze open close count confirm publish archive]"; fmt.Sprint(w.actions) != want {
		t.Errorf("the audit log says %v, want %s", w.actions, want)
	}
}

// A number that was typed wrong is corrected, with a reason, from the
// confirmation on and after the publication too; broken off anywhere it ends as
// one correction. Nobody corrects, or publishes, a number that she has not
// seen.
func TestDecisionIsCorrected(t *testing.T) {
	w := newWorld(t)
	correct := func(w *world, by domain.Actor, decision, seen, reason string) (round.Round, error) {
		r, err := w.service(t).Correct(context.Background(), by, "r", decision, seen, reason)
		return r.Round, err
	}
	for _, step := range []round.Step{round.Freeze, round.Open, round.Close, round.Count} {
		if _, err := w.take(t, step); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := correct(w, official, "§ 2", "§ 1", "typed wrong"); domain.CodeOf(err) != domain.CodePhase {
		t.Errorf("before the confirmation: got %v", err)
	}
	if _, err := w.take(t, round.Confirm); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct{ decision, seen, reason, want string }{
		"no reason":   {"§ 2", "§ 1", " ", "reason required"},
		"no number":   {"", "§ 1", "typed wrong", "decision required"},
		"no digit":    {"wrong", "§ 1", "typed wrong", "decision bad_format"},
		"the same":    {" § 1", "§ 1", "typed wrong", "decision duplicate"},
		"another now": {"§ 3", "§ 2", "typed wrong", "decision changed"},
	} {
		_, err := correct(w, official, c.decision, c.seen, c.reason)
		var e *domain.Error
		if !errors.As(err, &e) || len(e.Fields) != 1 || e.Fields[0].Path+" "+e.Fields[0].Code != c.want {
			t.Errorf("%s: got %v, want %s", name, err, c.want)
		}
	}
	if _, err := correct(w, domain.Actor{ID: 8, Roles: []domain.Role{domain.Facilitator}}, "", "", ""); domain.KindOf(
		err,
	) != domain.Forbidden {
		t.Errorf("a facilitator: got %v", err)
	}

	meanwhile := w.copy()
	meanwhile.during = func() {
		if _, err := correct(meanwhile, official, "§ 2", "§ 1", "typed wrong"); err != nil {
			t.Error(err)
		}
	}
	if _, err := meanwhile.take(t, round.Publish); domain.CodeOf(err) != round.CodeStepChanged {
		t.Errorf("published with a number that was corrected meanwhile: %v", err)
	}

	for _, then := range []round.Step{round.Publish, round.Archive} {
		clean := w.copy()
		seen, decision := w.round.ConfirmDecision, w.round.ConfirmDecision+"1"
		r, err := correct(clean, official, decision, seen, "typed wrong")
		if err != nil || r.ConfirmDecision != decision {
			t.Fatalf("got %q, %v", r.ConfirmDecision, err)
		}
		for at := 1; at <= clean.calls; at++ {
			for _, after := range []bool{false, true} {
				broken := w.copy()
				broken.failAt, broken.after = at, after
				if _, err := correct(broken, official, decision, seen, "typed wrong"); err == nil {
					t.Errorf("nobody noticed that call %d failed", at)
				}
				if _, err := correct(broken, official, decision, seen, "typed wrong"); err != nil || broken.state() != clean.state() {
					t.Errorf("after a crash at call %d (after it: %v): %v\n%s\nwant\n%s", at, after, err, broken.state(), clean.state())
				}
			}
		}
		w = clean
		if _, err := w.take(t, then); err != nil {
			t.Fatal(err)
		}
	}
	if want := "[freeze open close count confirm correction publish correction archive]"; fmt.Sprint(w.actions) != want {
		t.Errorf("the audit log says %v, want %s", w.actions, want)
	}
	if len(w.heads) != len(w.actions) {
		t.Errorf("the public log vouches for %v", w.heads)
	}
	results, err := w.service(t).Results(context.Background(), domain.Actor{}, "r")
	if err != nil || len(results.Corrections) != 2 || results.Corrections[1].From != "§ 11" ||
		results.Corrections[1].Decision != "§ 111" {
		t.Errorf("got %+v, %v", results.Corrections, err)
	}
}

// Between telling the box the times and moving the office's phase a colleague
// moves the closing time: the box learns of it.
func TestOpeningWhileTheTimesMove(t *testing.T) {
	w := newWorld(t)
	if _, err := w.take(t, round.Freeze); err != nil {
		t.Fatal(err)
	}
	later := w.round.Times.Voting.Closes.AddDate(0, 0, 3)
	w.during = func() { w.round.Times.Voting.Closes = later }
	if _, err := w.take(t, round.Open); err != nil {
		t.Fatal(err)
	}
	if !w.window.Closes.Equal(later) {
		t.Errorf("the box closes at %s, the office at %s", w.window.Closes, later)
	}
}

func TestMoreBallotsThanCredentialsAreNotCounted(t *testing.T) {
	w := newWorld(t)
	for _, step := range []round.Step{round.Freeze, round.Open, round.Close} {
		if _, err := w.take(t, step); err != nil {
			t.Fatal(err)
		}
	}
	w.spent["p"] = record.Spent{Online: 4, OnPaper: 7}
	if _, err := w.take(t, round.Count); domain.CodeOf(err) != round.CodeBlocked {
		t.Errorf("five ballots under four credentials: %v", err)
	}
	if w.round.Phase != round.Closed || len(w.outcomes) > 0 {
		t.Errorf("it stands %s with %d outcomes", w.round.Phase, len(w.outcomes))
	}
}

// A paper that needs three picks cannot be filled in for an area with two
// projects.
func TestFreezeNeedsEnoughProjects(t *testing.T) {
	w := newWorld(t)
	w.round.Settings.Papers[0].Form = ballot.Form{Kind: ballot.Approval, Min: 3, Max: 3}
	if _, err := w.take(t, round.Freeze); domain.CodeOf(err) != round.CodeBlocked {
		t.Errorf("%v", err)
	}
}

var (
	_ record.Office = (*world)(nil)
	_ record.Gate   = gate{}
	_ record.Box    = (*world)(nil)
)

// Where so few voted that single ballots are withheld, officials alone may
// fetch them, and the audit log tells that somebody did.
func TestAuditorsPart(t *testing.T) {
	w := newWorld(t)
	w.round.Settings.OpeningsFrom = 100
	ctx := context.Background()
	part := func(actor domain.Actor) ([]byte, error) {
		d, err := w.service(t).AuditorsPart(ctx, actor, "r")
		if err != nil {
			return nil, err
		}
		return io.ReadAll(d.Reader(ctx, 0, d.Size))
	}
	for _, step := range []round.Step{round.Freeze, round.Open, round.Close, round.Count, round.Confirm} {
		if _, err := w.take(t, step); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := part(official); domain.CodeOf(err) != record.CodeNotPublic {
		t.Errorf("before the publication: %v", err)
	}
	if _, err := w.take(t, round.Publish); err != nil {
		t.Fatal(err)
	}
	for _, role := range []domain.Role{domain.Resident, domain.Expert, domain.Facilitator} {
		if _, err := part(domain.Actor{ID: 8, Roles: []domain.Role{role}}); domain.KindOf(err) != domain.Forbidden {
			t.Errorf("a %s: %v", role, err)
		}
	}
	if _, err := part(domain.Actor{}); domain.KindOf(err) != domain.Unauthenticated {
		t.Errorf("anybody: %v", err)
	}
	if fmt.Sprint(w.actions) != "[freeze open close count confirm publish]" {
		t.Errorf("the audit log says %v", w.actions)
	}
	if zip, err := part(official); err != nil || !bytes.Equal(zip, w.parts[record.Withheld]) ||
		!bytes.Contains(zip, []byte("ballots/a.txt")) {
		t.Errorf("%d bytes, %v", len(zip), err)
	}
	if last := w.actions[len(w.actions)-1]; last != "fetch withheld" {
		t.Errorf("the audit log ends with %s", last)
	}
	if d, err := w.service(t).Record(ctx, "r"); err != nil {
		t.Error(err)
	} else if zip, err := io.ReadAll(d.Reader(ctx, 0, d.Size)); err != nil ||
		bytes.Contains(zip, []byte("ballots/a.txtPK")) || !bytes.Equal(zip, w.parts[record.Whole]) {
		t.Errorf("%v", err)
	}
	all := newWorld(t)
	for _, step := range []round.Step{round.Freeze, round.Open, round.Close, round.Count, round.Confirm, round.Publish} {
		if _, err := all.take(t, step); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := all.service(t).AuditorsPart(ctx, official, "r"); domain.KindOf(err) != domain.NotFound {
		t.Errorf("where nothing is withheld: %v", err)
	}
}

// A stored part can be read from anywhere to anywhere, across its pieces.
func TestDownload(t *testing.T) {
	w := newWorld(t)
	w.round.Phase = round.Delivering
	zip := make([]byte, 2*record.PieceSize+1000)
	_, _ = rand.Read(zip)
	w.parts = map[record.Part][]byte{record.Whole: zip}
	ctx := context.Background()
	d, err := w.service(t).Record(ctx, "r")
	if err != nil {
		t.Fatal(err)
	}
	const piece, size = record.PieceSize, 2*record.PieceSize + 1000
	for _, r := range [][2]int64{
		{0, size},
		{0, 1},
		{piece - 1, piece + 1},
		{piece, 2 * piece},
		{2*piece - 1, size},
		{size - 1, size + 5},
		{size, size},
	} {
		got, err := io.ReadAll(d.Reader(ctx, r[0], r[1]))
		if err != nil || !bytes.Equal(got, zip[r[0]:min(r[1], size)]) {
			t.Errorf("from %d to %d: %d bytes, %v", r[0], r[1], len(got), err)
		}
	}
	w.parts[record.Whole] = zip[:piece+5] // a piece is lost
	if _, err := io.ReadAll(d.Reader(ctx, piece, size)); !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("a lost piece: %v", err)
	}
}

// A vote does not open where one write-ahead log holds the commits of office
// and box, unless the city accepts it, or nobody hides.
func TestVoteOpensWhereDatabasesAreApart(t *testing.T) {
	for name, c := range map[string]struct {
		one, accepted, rehearsal, opens bool
	}{
		"two clusters":            {opens: true},
		"one":                     {one: true},
		"one that is accepted":    {one: true, accepted: true, opens: true},
		"one, for a rehearsal":    {one: true, rehearsal: true, opens: true},
		"two, though one is fine": {accepted: true, opens: true},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			w.oneCluster, w.accepted, w.round.Rehearsal = c.one, c.accepted, c.rehearsal
			if _, err := w.take(t, round.Freeze); err != nil {
				t.Fatal(err)
			}
			next, err := w.service(t).Next(context.Background(), official, "r")
			if err != nil {
				t.Fatal(err)
			}
			shown := slices.ContainsFunc(next.Blockers, func(f record.Finding[record.Blocker]) bool {
				return f.Code == record.OneCluster
			})
			if shown == c.opens {
				t.Errorf("got the blocker shown: %v, want %v", shown, !c.opens)
			}
			switch _, err := w.take(t, round.Open); {
			case c.opens && err != nil:
				t.Errorf("got %v, want it to open", err)
			case !c.opens && domain.CodeOf(err) != round.CodeBlocked:
				t.Errorf("got %v, want %s", err, round.CodeBlocked)
			case !c.opens && (w.open || w.round.Phase != round.Frozen):
				t.Errorf("got a box open: %v, and the round %s", w.open, w.round.Phase)
			}
		})
	}
}

// Nothing is published before somebody says that the copies are destroyed; a
// rehearsal has none worth it.
func TestPublicationNeedsCopiesDestroyed(t *testing.T) {
	for name, rehearsal := range map[string]bool{"a round": false, "a rehearsal": true} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			w.round.Rehearsal = rehearsal
			for _, step := range []round.Step{round.Freeze, round.Open, round.Close, round.Count, round.Confirm} {
				if _, err := w.take(t, step); err != nil {
					t.Fatal(err)
				}
			}
			q := w.shown(t, round.Publish)
			q.Copies = " \t"
			_, err := w.service(t).Take(context.Background(), official, "r", q)
			if rehearsal {
				if err != nil {
					t.Errorf("got %v, want it published", err)
				}
				return
			}
			if e, ok := errors.AsType[*domain.Error](err); !ok || len(e.Fields) != 1 ||
				e.Fields[0] != (domain.Field{Path: "copies", Code: "required"}) || w.round.Phase != round.Confirmed {
				t.Errorf("got %v and the round %s, want copies required", err, w.round.Phase)
			}
			r, err := w.take(t, round.Publish)
			if err != nil || r.CopiesDestroyed != "IT, 1.12." {
				t.Errorf("got %q, %v, want the statement kept", r.CopiesDestroyed, err)
			}
		})
	}
}
