package office_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
	"time"

	"osbu/domain"
	"osbu/domain/roll"
	"osbu/domain/round"
	"osbu/domain/sheet"
)

func (p *poll) faults(file string) (list []string) {
	p.t.Helper()
	before := p.rollAsText()
	_, err := p.importFile(file)
	faults, ok := errors.AsType[roll.Faults](err)
	if !ok {
		p.t.Fatalf("no faults but %v", err)
	}
	for _, f := range faults.First {
		list = append(list, fmt.Sprintf("%d: %s", f.Line, f.Reason()))
	}
	if p.rollAsText() != before {
		p.t.Error("a faulty file changed the roll")
	}
	return list
}

// rollAsText is all that an import may change.
func (p *poll) rollAsText() (text string) {
	p.t.Helper()
	err := p.Owner.NewRaw(`SELECT coalesce((SELECT string_agg(e::text, ' ' ORDER BY person)
		FROM roll e), '') || coalesce((SELECT string_agg(a::text, ' ' ORDER BY ref) FROM roll_alias a), '')
		|| (SELECT count(*) FROM audit)`).
		Scan(context.Background(), &text)
	if err != nil {
		p.t.Fatal(err)
	}
	return text
}

func TestImportCountsAndAudits(t *testing.T) {
	t.Parallel()
	p := newPoll(t)
	ctx := context.Background()
	if c := p.mustImport(people); c != (roll.Change{Added: 4, Encoding: sheet.UTF8}) {
		t.Fatalf("%+v", c)
	}
	if c := p.mustImport(people); c != (roll.Change{Before: 4, Encoding: sheet.UTF8}) {
		t.Fatalf("the same file: %+v", c)
	}
	next := header + adult + ",091,lantinen,0,\n" + turns13 + ",091,lantinen,0,\n" + hidden + ",091,,0,\n" + codeless
	before := p.rollAsText()
	want := roll.Change{Before: 4, Added: 1, Removed: 1, Changed: 2, Encoding: sheet.UTF8}
	c, err := p.Import(
		ctx,
		roll.Import{
			Round:      p.id,
			File:       strings.NewReader(next),
			Command:    "osbu roll import",
			Check:      true,
			RemoveUpTo: 1,
		},
	)
	if err != nil || c != want {
		t.Fatalf("check: %+v, %v", c, err)
	}
	if p.rollAsText() != before {
		t.Fatal("a check changed the roll")
	}
	if c := p.mustImport(next); c != want {
		t.Fatalf("%+v", c)
	}
	audit := oldestFirst(t, p.store, p.id, 0)
	last := audit[len(audit)-1]
	if last.Action != "import roll" || last.Actor != "osbu roll import" ||
		!strings.Contains(last.Details, `"added":1,"changed":2,"entries":4,"recoded":0,"removed":1,"sha256":"`) {
		t.Errorf("%+v", last)
	}
	if strings.Contains(fmt.Sprint(audit), adult) {
		t.Error("the audit log names a person")
	}
	p.to(round.Voting)
	p.mustImport(people)
	p.to(round.Closed)
	_, err = p.importFile(people)
	p.wantCode(err, domain.Closed, domain.CodePhase)
	_, err = p.Import(ctx, roll.Import{Round: "no-such", File: strings.NewReader(people)})
	p.wantCode(err, domain.NotFound, domain.CodeNotFound)
}

// An area cannot be taken from under the roll's feet.
func TestAreaOnTheRollStays(t *testing.T) {
	t.Parallel()
	p := newPoll(t)
	p.mustImport(people)
	drop := func() error {
		_, err := p.store.UpdateRound(
			context.Background(),
			p.id,
			func(r *round.Round, _ time.Time) (round.Entry, error) {
				r.Settings.Areas = r.Settings.Areas[1:]
				return entry(p.id, "settings"), nil
			},
		)
		return err
	}
	p.wantCode(drop(), domain.Conflict, domain.CodeInvalid)
	p.mustImport(strings.ReplaceAll(people, "etelainen", ""))
	if err := drop(); err != nil {
		t.Error(err)
	}
}

func TestFaultsBetweenRows(t *testing.T) {
	t.Parallel()
	p := newPoll(t)
	p.mustImport(people)
	row := func(code, previous string) string { return code + ",091,,0," + previous + "\n" }
	for name, c := range map[string]struct {
		file string
		want []string
	}{
		"twins": {
			header + row(adult, "") + row(hidden, "") + row(adult, "") + row(hidden, "") + row(adult, ""),
			[]string{"4: the same person as line 2", "5: the same person as line 3", "6: the same person as line 2"},
		},
		"old and new code are both there": {
			header + row(recoded, adult) + row(adult, ""),
			[]string{"2: the previous identity code belongs to line 3"},
		},
		"a chain of changes": {
			header + row(recoded, adult) + row(noArea, recoded),
			[]string{
				"3: the previous identity code belongs to line 2",
				"3: the previous identity code leads to the same person as line 2",
			},
		},
		"two people with one past": {
			header + row(recoded, adult) + row(noArea, adult),
			[]string{"3: the previous identity code leads to the same person as line 2"},
		},
		"a bad row hides no twins": {
			header + row(adult, "") + ",091,,0,\n" + row(adult, ""),
			[]string{"3: there is neither an identity code nor a birth date", "4: the same person as line 2"},
		},
	} {
		if got := p.faults(c.file); !slices.Equal(got, c.want) {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}

// A truncated or empty file must not take the vote away from a city.
func TestImportKeepsPeopleUnlessTold(t *testing.T) {
	t.Parallel()
	p := newPoll(t)
	p.mustImport(people)
	for _, file := range []string{
		header, header + adult + ",091,etelainen,0,\n",
		people[:strings.LastIndex(people, hidden)],
	} {
		for _, check := range []bool{true, false} {
			_, err := p.Import(
				context.Background(),
				roll.Import{Round: p.id, File: strings.NewReader(file), RemoveUpTo: -1, Check: check},
			)
			if domain.KindOf(err) != domain.Conflict || !strings.Contains(err.Error(), "--remove-up-to") {
				t.Errorf("%v", err)
			}
		}
	}
	if p.count("SELECT count(*) FROM roll") != 4 {
		t.Error("people are gone")
	}
	if c, err := p.Import(context.Background(),
		roll.Import{Round: p.id, File: strings.NewReader(header), RemoveUpTo: 4}); err != nil ||
		c.Removed != 4 {
		t.Errorf("%+v, %v", c, err)
	}
}

// Whatever an import does to somebody who has voted, she does not get a second
// right.
func TestNoSecondRight(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	alone := header + adult + ",091,,0,\n"
	without := header + hidden + ",091,,1,\n"
	changed := header + recoded + ",091,,0," + adult + "\n"
	later := header + recoded + ",091,,0,\n" // the next extract knows nothing of the change any more
	for name, c := range map[string]struct {
		files []string
		who   string
	}{
		"removed and added again":             {[]string{without, alone}, adult},
		"under a new code":                    {[]string{changed}, recoded},
		"under a new code, imported again":    {[]string{changed, later}, recoded},
		"new code, and signing in by the old": {[]string{changed}, adult},
		"removed, and back under a new code":  {[]string{without, changed}, recoded},
		"new code, and back to the old":       {[]string{changed, header + adult + ",091,,0,\n"}, adult},
		"new code, and back to the old, told": {
			[]string{changed, header + adult + ",091,,0," + recoded + "\n"},
			adult,
		},
		"a third code after the second": {
			[]string{changed, header + noArea + ",091,,0," + recoded + "\n"},
			noArea,
		},
		"both codes on the roll, then told to be one": {[]string{alone + recoded + ",091,,0,\n", changed}, recoded},
		"both on the roll, told the other way around": {[]string{
			alone + recoded + ",091,,0,\n",
			header + adult + ",091,,0," + recoded + "\n",
		}, recoded},
	} {
		t.Run(name, func(t *testing.T) {
			p := newPoll(t)
			p.mustImport(alone)
			p.to(round.Voting)
			request, _ := p.blinded()
			if _, err := p.Issue(ctx, person(t, adult), p.id, "koko", request, nil); err != nil {
				t.Fatal(err)
			}
			for _, file := range c.files {
				p.mustImport(file)
			}
			other, _ := p.blinded()
			_, err := p.Issue(ctx, person(t, c.who), p.id, "koko", other, nil)
			p.wantCode(err, domain.Conflict, roll.CodeConflict)
			if _, err := p.Issue(ctx, person(t, c.who), p.id, "piiri", small(), nil); err != nil {
				t.Errorf("the right she has left: %v", err)
			}
			if n := p.count("SELECT count(*) FROM spent_right"); n != 2 {
				t.Errorf("%d rights are spent", n)
			}
		})
	}
}

func TestBothCodesHaveVoted(t *testing.T) {
	t.Parallel()
	p := newPoll(t)
	p.mustImport(header + adult + ",091,,0,\n" + recoded + ",091,,0,\n")
	p.to(round.Voting)
	for _, who := range []string{adult, recoded} {
		request, _ := p.blinded()
		if _, err := p.Issue(context.Background(), person(t, who), p.id, "koko", request, nil); err != nil {
			t.Fatal(err)
		}
	}
	want := []string{"2: votes were cast under both identity codes: leave the previous one out, and settle it by hand"}
	if got := p.faults(header + recoded + ",091,,0," + adult + "\n"); !slices.Equal(got, want) {
		t.Errorf("%q", got)
	}
}

// An import that would move somebody waits for the credential that she is being
// issued, and then sees that it was.
func TestImportWaitsForCredential(t *testing.T) {
	t.Parallel()
	p := newPoll(t)
	ctx := context.Background()
	p.mustImport(header + adult + ",091,,0,\n" + recoded + ",091,,0,\n")
	p.to(round.Voting)
	request, _ := p.blinded()
	if _, err := p.Issue(ctx, person(t, adult), p.id, "koko", request, nil); err != nil {
		t.Fatal(err)
	}
	right := roll.Right{
		Paper:          "koko",
		Channel:        roll.Online,
		Day:            time.Date(2026, 6, 10, 0, 0, 0, 0, time.UTC),
		BlindSignature: make([]byte, 256),
	}
	imported := make(chan error, 1)
	_, first, err := p.store.Spend(ctx, p.id, person(t, recoded).Person, right, func(roll.State) error {
		go func() {
			_, err := p.importFile(header + recoded + ",091,,0," + adult + "\n")
			imported <- err
		}()
		for p.count("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE "+
			"'SELECT pg_advisory_xact_lock(k)%' AND datname = current_database()") == 0 {
			if len(imported) > 0 {
				t.Error("the import did not wait")
				return nil
			}
		}
		return nil
	})
	if err != nil || !first {
		t.Fatal(first, err)
	}
	if _, faulty := errors.AsType[roll.Faults](<-imported); !faulty {
		t.Error("the import missed the right spent meanwhile")
	}
}

// brokenOff ends an import in the middle of its file.
type brokenOff struct {
	io.Reader
	cancel func()
	left   int
}

func (b *brokenOff) Read(p []byte) (int, error) {
	if b.left--; b.left == 0 {
		b.cancel()
	}
	return b.Reader.Read(p[:min(len(p), 100)])
}

func TestImportBrokenOffLeavesTheRoll(t *testing.T) {
	t.Parallel()
	p := newPoll(t)
	p.mustImport(people)
	before := p.rollAsText()
	ctx, cancel := context.WithCancel(context.Background())
	var many strings.Builder
	many.WriteString(header)
	writePeople(&many, 100_000)
	_, err := p.Import(
		ctx,
		roll.Import{Round: p.id, File: &brokenOff{strings.NewReader(many.String()), cancel, 1000}, RemoveUpTo: 1000},
	)
	if !errors.Is(err, context.Canceled) {
		t.Fatalf("got %v", err)
	}
	if p.rollAsText() != before {
		t.Error("the roll has changed")
	}
	p.mustImport(people) // and the connection is good for another
}

// What an import staged is there while it goes on, for its own session, and
// afterwards nowhere.
func TestImportLeavesNothingBehind(t *testing.T) {
	t.Parallel()
	p := newPoll(t)
	const tables = "SELECT count(*) FROM pg_class WHERE relname IN ('staged', 'moved')"
	during, refused := 0, errors.New("refused")
	err := p.store.Replace(context.Background(), p.id, "", func() (*roll.Row, error) {
		during = p.count(tables)
		return nil, nil
	}, func(round.Round, roll.Change, roll.Faults) (round.Entry, error) { return round.Entry{}, refused })
	if !errors.Is(err, refused) {
		t.Fatal(err)
	}
	if after := p.count(tables); during != 2 || after != 0 {
		t.Errorf("%d tables while rows came in, want 2; %d afterwards, want none", during, after)
	}
}

// writePeople makes up people with identity codes of the test range.
func writePeople(w io.Writer, n int) {
	const characters = "0123456789ABCDEFHJKLMNPRSTUVWXY"
	born := time.Date(1920, 1, 1, 0, 0, 0, 0, time.UTC)
	for i := range n {
		day := born.AddDate(0, 0, i%29_000) // up to 1999
		digits := day.Format("020106") + fmt.Sprintf("%03d", 900+i/29_000)
		var number int
		_, _ = fmt.Sscan("1"+digits, &number)
		number -= 1_000_000_000
		fmt.Fprintf(
			w,
			"%s-%s%c,091,%s,%d,\n",
			digits[:6],
			digits[6:],
			characters[number%31],
			[]string{"etelainen", "lantinen", ""}[i%3],
			i%500/499,
		)
	}
}

// BenchmarkImport takes in a city of 700,000, and then the same city a month
// later. Two minutes are allowed for each.
func BenchmarkImport(b *testing.B) {
	var first, second strings.Builder
	first.WriteString(header)
	writePeople(&first, 700_000)
	for i, line := range strings.SplitAfter(first.String(), "\n") {
		switch {
		case i%100 == 50:
			second.WriteString(strings.Replace(line, "lantinen", "etelainen", 1))
		case i%100 != 51:
			second.WriteString(line)
		}
	}
	for b.Loop() {
		p := newPoll(b)
		for _, c := range []struct{ name, file string }{{"first-s/op", first.String()}, {"again-s/op", second.String()}} {
			began := time.Now()
			p.mustImport(c.file)
			b.ReportMetric(time.Since(began).Seconds(), c.name)
		}
	}
}

// BenchmarkCodes makes a code for every tenth resident of a large city.
func BenchmarkCodes(b *testing.B) {
	p := newPoll(b)
	for n := 0; b.Loop(); n++ {
		if err := p.PrintCodes(context.Background(), "osbu codes", p.id, roll.Batch{Label: fmt.Sprint(n)}, 90_000,
			func(string) error { return nil }); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkCredential is one voter after another, each with a code of her own.
func BenchmarkCredential(b *testing.B) {
	p := newPoll(b)
	ctx := context.Background()
	p.to(round.Voting)
	var voters []string
	request, _ := p.blinded()
	for n := 0; b.Loop(); n++ {
		if len(voters) == 0 {
			b.StopTimer()
			var err error
			if voters, err = p.IssueCodes(ctx, chief, p.id, roll.Batch{Label: fmt.Sprint(n)}, 1000); err != nil {
				b.Fatal(err)
			}
			b.StartTimer()
		}
		if _, err := p.Issue(ctx, roll.Voter{Code: voters[0]}, p.id, "koko", request, nil); err != nil {
			b.Fatal(err)
		}
		voters = voters[1:]
	}
}
