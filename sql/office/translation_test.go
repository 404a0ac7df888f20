package office_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"osbu/domain"
	"osbu/domain/proposal"
	"osbu/domain/proposal/translation"
	"osbu/domain/sheet"
)

func (v village) translations() *translation.Service {
	return translation.New(translation.Config{
		Access: proposal.Access{Rounds: v.store, Store: v.store}, Store: v.store, Translate: v.Translate,
	})
}

// standing is one proposal's, in short: fi sv en, each with what it lacks.
func (v village) standing(t *testing.T, actor domain.Actor, id int64) string {
	t.Helper()
	l := must(v.translations().List(context.Background(), actor, "r", translation.Filter{Proposal: id}))(t)
	if len(l.Rows) != 1 {
		t.Fatalf("%d rows", len(l.Rows))
	}
	var all []string
	for _, st := range l.Rows[0].Standings {
		one := string(st.Status)
		for _, part := range st.Lacks {
			one += "-" + string(part)
		}
		if st.By != "" {
			one += " by " + st.By
		}
		all = append(all, one)
	}
	return strings.Join(all, "; ")
}

func (v village) answered(t *testing.T, text proposal.Text, answer domain.Text) int64 {
	t.Helper()
	ctx := context.Background()
	id := must(v.Draft(ctx, aino, "r", text))(t).ID
	must(v.Submit(ctx, aino, "r", id))(t)
	must(v.Take(ctx, southern, "r", id))(t)
	must(v.Accept(ctx, southern, "r", id, proposal.Cost{Maximum: 100}, answer))(t)
	return id
}

// The work list says what is missing, who translated it, and that the source
// says something else since; saving the same words again says that they are
// still right.
func TestTranslatorsWorkList(t *testing.T) {
	t.Parallel()
	v := found(t, "proposing")
	ctx := context.Background()
	text := bench("Penkki")
	text.Place = "Ranta"
	id := v.answered(t, text, domain.Text{Fi: "Hyvä", Sv: "Bra"})
	translate := func(by domain.Actor, l domain.Language, words proposal.Words, answer string) error {
		t.Helper()
		read := must(v.proposals.Get(ctx, official, "r", id))(t)
		_, err := v.Translate(ctx, by, "r", id, read.Version, proposal.Translation{Language: l, Words: words, Answer: answer})
		return err
	}
	want := func(standing string) {
		t.Helper()
		if got := v.standing(t, southern, id); got != standing {
			t.Errorf("it stands\n%s, want\n%s", got, standing)
		}
	}
	want("source; missing-title-what-place; missing-title-what-place-answer")
	bänk := proposal.Words{Title: "Bänk", What: "Vid stranden"}
	if err := translate(southern, domain.Swedish, bänk, ""); err != nil {
		t.Fatal(err)
	}
	want("source; partial-place by Sanna Stadiluotsi; missing-title-what-place-answer")
	bänk.Place = "Stranden"
	for _, err := range []error{
		translate(official, domain.Swedish, bänk, ""),
		translate(official, domain.English, proposal.Words{Title: "Bench", What: "By the sea", Place: "Shore"}, "Good"),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	want("source; done by Olli Official; done by Olli Official")

	// The decision is taken back and the Finnish put right: both are of a text
	// that is no more.
	must(v.Reopen(ctx, southern, "r", id, domain.Text{Fi: "Virhe", Sv: "Fel"}))(t)
	read := must(v.proposals.Get(ctx, southern, "r", id))(t)
	read.Text.What = "Kaksi penkkiä"
	must(v.Correct(ctx, southern, "r", id, read.Version, read.Text, "Määrä"))(t)
	want("source; outdated by Olli Official; outdated by Olli Official")
	if err := translate(southern, domain.Swedish, bänk, ""); err != nil {
		t.Fatal(err)
	}
	want("source; done by Sanna Stadiluotsi; outdated by Olli Official")
	before := must(v.proposals.Get(ctx, southern, "r", id))(t).Version
	if err := translate(southern, domain.Swedish, bänk, ""); err != nil {
		t.Fatal(err)
	}
	if after := must(v.proposals.Get(ctx, southern, "r", id))(t).Version; after != before {
		t.Error("what says nothing new made a version")
	}
	for name, c := range map[string]struct {
		l     domain.Language
		words proposal.Words
		want  string
	}{
		"the source":     {domain.Finnish, bänk, "language not_allowed"},
		"without a text": {domain.Swedish, proposal.Words{Title: "Bänk"}, "words.what required"},
	} {
		e := must(fault(translate(southern, c.l, c.words, "")))(t)
		if got := e.Fields[0].Path + " " + e.Fields[0].Code; got != c.want {
			t.Errorf("%s: got %s, want %s", name, got, c.want)
		}
	}
	if err := translate(western, domain.Swedish, bänk, ""); domain.KindOf(err) != domain.Forbidden {
		t.Errorf("another district's: got %v, want %s", err, domain.Forbidden)
	}
}

func fault(err error) (*domain.Error, error) {
	e, ok := err.(*domain.Error) //nolint:errorlint // refusals come as they are
	if !ok || len(e.Fields) == 0 {
		return nil, fmt.Errorf("got %w, want a field", err)
	}
	return e, nil
}

// Whoever does not work on a district does not see what it waits for.
func TestWhoSeesTranslations(t *testing.T) {
	t.Parallel()
	v := found(t, "proposing")
	ctx := context.Background()
	v.answered(t, bench("Penkki"), domain.Text{})
	for name, c := range map[string]struct {
		actor domain.Actor
		want  int
	}{"hers": {southern, 1}, "an official": {official, 1}, "another district's": {western, 0}} {
		l := must(v.translations().List(ctx, c.actor, "r", translation.Filter{}))(t)
		if len(l.Rows) != c.want || l.Counts[1].Missing != c.want {
			t.Errorf("%s: %d rows and %+v, want %d", name, len(l.Rows), l.Counts, c.want)
		}
	}
	for name, c := range map[string]struct {
		actor domain.Actor
		want  domain.Kind
	}{
		"a resident": {aino, domain.Forbidden}, "an expert": {expert, domain.Forbidden},
		"nobody": {anonymous, domain.Unauthenticated},
	} {
		_, listed := v.translations().List(ctx, c.actor, "r", translation.Filter{})
		_, sheeted := v.translations().Sheet(ctx, c.actor, "r", translation.Filter{Language: "sv"}, sheet.CSV, "fi")
		_, imported := v.translations().Import(ctx, c.actor, "r", "sv", []byte("x"), true)
		for _, err := range []error{listed, sheeted, imported} {
			if domain.KindOf(err) != c.want {
				t.Errorf("%s: got %v, want %s", name, err, c.want)
			}
		}
	}
	if _, err := v.translations().List(ctx, western, "r", translation.Filter{Area: "southern"}); domain.KindOf(err) !=
		domain.Forbidden {
		t.Errorf("an area that is not hers: got %v, want %s", err, domain.Forbidden)
	}
}

// reported are the rows of an import, in short.
func reported(r translation.Report) (all []string) {
	for _, row := range r.Rows {
		one := fmt.Sprintf("%d %s %s", row.Line, row.Status, fmt.Sprint(row.Changed))
		for _, f := range row.Faults {
			one += fmt.Sprintf(" %s %s %s", f.Column, f.Head, f.Code)
		}
		all = append(all, one)
	}
	return all
}

// A language goes out in either format and comes back: a try names file, row
// and column and changes nothing, one fault holds everything back, and the same
// sheet once more changes nothing.
func TestASheetOfTranslations(t *testing.T) {
	t.Parallel()
	for _, format := range []sheet.Format{sheet.XLSX, sheet.CSV} {
		t.Run(string(format), func(t *testing.T) {
			t.Parallel()
			v := found(t, "proposing")
			ctx, s := context.Background(), v.translations()
			first := v.answered(t, bench("Penkki"), domain.Text{})
			second := v.answered(t, bench("Pöytä"), domain.Text{})
			must(v.place(ctx, official, "r", []int64{second}))(t)
			file := must(s.Sheet(ctx, southern, "r", translation.Filter{Language: "sv", Open: true}, format, "fi"))(t)
			rows := func(f []byte, confirm bool) string {
				t.Helper()
				r := must(s.Import(ctx, southern, "r", "sv", f, confirm))(t)
				if r.Done != (confirm && !strings.Contains(fmt.Sprint(reported(r)), "error")) {
					t.Errorf("done is %v of %v", r.Done, reported(r))
				}
				return strings.Join(reported(r), "; ")
			}
			swedish := func(id int64) string {
				return must(v.proposals.Get(ctx, southern, "r", id))(t).Swedish.Title
			}
			if got, want := rows(file, true), "2 unchanged []; 3 unchanged []"; got != want {
				t.Errorf("empty: got %s, want %s", got, want)
			}
			// What is on the ballot comes first.
			half := filled(t, file, format, map[int]map[string]string{
				0: {"Otsikko, käännös": "Bord", "Teksti, käännös": "Ett bord"},
				1: {"Otsikko, käännös": "Bänk"},
			})
			if got, want := rows(half, true), "2 change [title what]; 3 error [] I Teksti, käännös required"; got != want {
				t.Errorf("half: got %s, want %s", got, want)
			}
			if swedish(first)+swedish(second) != "" {
				t.Error("a faulty sheet was saved")
			}
			whole := filled(t, half, format, map[int]map[string]string{1: {"Teksti, käännös": "En bänk"}})
			if got, want := rows(whole, false), "2 change [title what]; 3 change [title what]"; got != want {
				t.Errorf("tried: got %s, want %s", got, want)
			}
			if swedish(first)+swedish(second) != "" {
				t.Error("a try was saved")
			}
			rows(whole, true)
			if swedish(first) != "Bänk" || swedish(second) != "Bord" {
				t.Errorf("it says %q and %q", swedish(first), swedish(second))
			}
			if got := must(v.projects.Get(ctx, official, "r", 1))(t).Title.Sv; got != "Bord" {
				t.Errorf("the ballot says %q", got)
			}
			if got, want := rows(whole, true), "2 unchanged []; 3 unchanged []"; got != want {
				t.Errorf("again: got %s, want %s", got, want)
			}
			// Made before somebody else translated: not written over.
			other := filled(t, file, format, map[int]map[string]string{
				0: {"Otsikko, käännös": "Bordet", "Teksti, käännös": "Ett"},
			})
			if got, want := rows(other, true), "2 error [] B Tarkiste changed; 3 unchanged []"; got != want {
				t.Errorf("over another's: got %s, want %s", got, want)
			}
			if got := must(s.List(ctx, southern, "r", translation.Filter{Language: "sv", Open: true}))(t); got.Total != 0 {
				t.Errorf("%d are still open", got.Total)
			}
		})
	}
}

// An answer to a rejected proposal can be read in English, too; its text need
// not be.
func TestAnAnswerIsTranslated(t *testing.T) {
	t.Parallel()
	v := found(t, "proposing")
	ctx := context.Background()
	id := must(v.Draft(ctx, aino, "r", bench("Penkki")))(t).ID
	must(v.Submit(ctx, aino, "r", id))(t)
	must(v.Take(ctx, southern, "r", id))(t)
	p := must(v.Reject(ctx, southern, "r", id, proposal.NotOneOff, domain.Text{Fi: "Ei käy", Sv: "Nej"}))(t)
	if got := v.standing(t, southern, id); got != "source; done; missing-answer" {
		t.Errorf("it stands %s", got)
	}
	english := proposal.Translation{Language: domain.English, Answer: "No"}
	must(v.Translate(ctx, southern, "r", id, p.Version, english))(t)
	if got := v.standing(t, southern, id); got != "source; done; done" {
		t.Errorf("then it stands %s", got)
	}
	got := must(v.proposals.Get(ctx, aino, "r", id))(t)
	if got.Answer != (domain.Text{Fi: "Ei käy", Sv: "Nej", En: "No"}) || got.State != proposal.Rejected {
		t.Errorf("the author reads %+v of what is %s", got.Answer, got.State)
	}
	l := must(v.translations().List(ctx, southern, "r", translation.Filter{Subject: translation.OfRejected}))(t)
	if i := slices.IndexFunc(l.Rows, func(r translation.Row) bool { return r.Proposal.ID == id }); i < 0 {
		t.Error("it is not in the list of answers")
	}
}

// The list has only the languages that the ballot promises, and so has what
// counts as not translated.
func TestOnlyPromisedLanguagesWait(t *testing.T) {
	t.Parallel()
	v := found(t, "proposing")
	ctx := context.Background()
	id := v.answered(t, bench("Penkki"), domain.Text{})
	waiting := func() int {
		t.Helper()
		return must(v.Queue(ctx, southern, "r", proposal.List{Untranslated: true, Limit: 10}, false))(t).Total
	}
	for _, one := range []struct {
		languages, standing string
		counts, waits       int
	}{
		{"{}", "source; missing-title-what; missing-title-what", 3, 1},
		{"{fi,sv}", "source; missing-title-what", 2, 1},
		{"{fi,en}", "source; missing-title-what", 2, 0},
		{"{fi}", "source", 1, 0},
	} {
		v.stage(t, "UPDATE round SET languages = ?", one.languages)
		if got := v.standing(t, southern, id); got != one.standing {
			t.Errorf("%s: it stands %s, want %s", one.languages, got, one.standing)
		}
		l := must(v.translations().List(ctx, southern, "r", translation.Filter{}))(t)
		if len(l.Counts) != one.counts || waiting() != one.waits {
			t.Errorf("%s: counts %+v, and %d wait", one.languages, l.Counts, waiting())
		}
	}
}
