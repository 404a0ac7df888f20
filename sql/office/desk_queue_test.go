package office_test

import (
	"bytes"
	"context"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"osbu/domain"
	"osbu/domain/proposal"
	"osbu/domain/proposal/desk"
	"osbu/domain/sheet"
)

// The desk's queue in every order, by number and by name, beyond one's own
// districts, and with what its cases are decided by.
func TestQueueIsSortedAndSearched(t *testing.T) {
	v := found(t, "proposing")
	ctx := context.Background()
	asa := domain.Actor{ID: eino.ID, Name: "Åsa Ö", Roles: eino.Roles}
	begin := func(a domain.Actor, title, area string) int64 {
		text := bench(title)
		text.Area = area
		id := must(v.Draft(ctx, a, "r", text))(t).ID
		must(v.Submit(ctx, a, "r", id))(t)
		return id
	}
	one := begin(aino, "Keinu", "southern")
	two := begin(asa, "Aita", "southern")
	three := begin(aino, "Lamppu", "southern")
	west := begin(aino, "Penkki", "western")
	must(v.Take(ctx, southern, "r", three))(t)
	if err := v.Refer(ctx, southern, "r", desk.Referral{Proposals: []int64{two}, Division: "environment"}); err != nil {
		t.Fatal(err)
	}
	if err := v.estimate(ctx, expert, two, 0, feasible(10)); err != nil {
		t.Fatal(err)
	}
	list, _, err := v.desks.Get(ctx, official, "r")
	if err != nil {
		t.Fatal(err)
	}
	if err := v.AnswerCheck(ctx, southern, "r", one, list.Checklist[0].ID, desk.Yes, ""); err != nil {
		t.Fatal(err)
	}
	shown := proposal.Shown
	for _, c := range []struct {
		name  string
		actor domain.Actor
		list  proposal.List
		want  []int64
	}{
		{"oldest first", southern, proposal.List{}, []int64{one, two, three}},
		{"a colleague's", official, proposal.List{TakenBy: southern.ID, States: proposal.Shown}, []int64{two, three}},
		{"newest first", southern, proposal.List{Sort: proposal.ByAge, Descending: true}, []int64{three, two, one}},
		{"by number", southern, proposal.List{Sort: proposal.ByNumber, Descending: true}, []int64{three, two, one}},
		{"by title", southern, proposal.List{Sort: proposal.ByTitle}, []int64{two, one, three}},
		{"by area", official, proposal.List{Sort: proposal.ByArea}, []int64{one, two, three, west}},
		{"by theme", official, proposal.List{Sort: proposal.ByTheme}, []int64{one, two, three, west}},
		{"by state", southern, proposal.List{Sort: proposal.ByState, Descending: true}, []int64{two, three, one}},
		{"by deadline", southern, proposal.List{Sort: proposal.ByDeadline}, []int64{one, two, three}},
		{"by estimate", southern, proposal.List{Sort: proposal.ByEstimate}, []int64{two, one, three}},
		{
			"the dearest first", southern,
			proposal.List{Sort: proposal.ByEstimate, Descending: true},
			[]int64{two, one, three},
		},
		{"by checks", southern, proposal.List{Sort: proposal.ByChecks, Descending: true}, []int64{one, two, three}},
		{"the second page", southern, proposal.List{Sort: proposal.ByTitle, Offset: 1, Limit: 1}, []int64{one}},
		{"a number", southern, proposal.List{Words: strconv.FormatInt(two, 10)}, []int64{two}},
		{"a number elsewhere", southern, proposal.List{Words: "#" + strconv.FormatInt(west, 10)}, []int64{west}},
		{"no such number", southern, proposal.List{Words: "#999999"}, nil},
		{"an author", southern, proposal.List{Words: "åsa"}, []int64{two}},
		{"an author without dots", southern, proposal.List{Words: "Asa o"}, []int64{two}},
		{"nothing asked", southern, proposal.List{Answered: new(false)}, []int64{one, two, three}},
		{"answered", southern, proposal.List{Answered: new(true)}, nil},
		{"words", southern, proposal.List{Words: "lamput"}, []int64{three}},
		{"everywhere", southern, proposal.List{Everywhere: true}, []int64{one, two, three, west}},
		{"a western one", southern, proposal.List{Everywhere: true, Areas: []string{"western"}}, []int64{west}},
		{"any state", southern, proposal.List{States: shown}, []int64{one, two, three}},
	} {
		if c.list.Limit == 0 {
			c.list.Limit = 10
		}
		page := must(v.Queue(ctx, c.actor, "r", c.list, false))(t)
		var got []int64
		for _, p := range page.Proposals {
			got = append(got, p.ID)
		}
		if c.name == "by state" { // the referred one and the taken one stand alike
			slices.Sort(got)
			slices.Sort(c.want)
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%s: got %v, want %v", c.name, got, c.want)
		}
	}
	// Until somebody translates it, an accepted one is on the translators' list.
	must(v.Accept(ctx, southern, "r", three, proposal.Cost{Minimum: 1, Maximum: 2}, domain.Text{}))(t)
	untranslated := proposal.List{Untranslated: true, Limit: 10}
	listed := must(v.Queue(ctx, southern, "r", untranslated, false))(t)
	if listed.Total != 2 || listed.Proposals[1].ID != three {
		t.Errorf("%d are untranslated, want the one under evaluation and the accepted one", listed.Total)
	}
	p := listed.Proposals[1]
	must(v.Translate(ctx, southern, "r", three, p.Version, proposal.Translation{Language: domain.Swedish, Words: proposal.Words{Title: "Lampa", What: "En lampa."}}))(t)
	if left := must(v.Queue(ctx, southern, "r", untranslated, false))(t); left.Total != 1 {
		t.Errorf("%d are left to translate, want 1", left.Total)
	}
	// What is not published stays where people work on it.
	seen := func(a domain.Actor, list proposal.List) map[int64]proposal.View {
		list.Limit = 10
		all := map[int64]proposal.View{}
		for _, p := range must(v.Queue(ctx, a, "r", list, false))(t).Proposals {
			all[p.ID] = p
		}
		return all
	}
	inside, outside := seen(southern, proposal.List{}), seen(western, proposal.List{Everywhere: true})
	if inside[two].Estimate == nil || inside[one].Checks != 1 {
		t.Errorf("the facilitator sees estimate %v and %d checks", inside[two].Estimate, inside[one].Checks)
	}
	if outside[two].Estimate != nil || outside[one].Checks != 0 {
		t.Errorf("a neighbour sees estimate %v and %d checks", outside[two].Estimate, outside[one].Checks)
	}
}

// Whoever decides has taken it: no step of its own is needed, and a question
// that is open ends with the decision.
func TestADecisionTakesTheCase(t *testing.T) {
	v := found(t, "proposing")
	ctx := context.Background()
	for _, c := range []struct {
		name   string
		decide func(id int64) (proposal.View, error)
		want   proposal.State
	}{
		{"accepted", func(id int64) (proposal.View, error) {
			return v.Accept(ctx, southern, "r", id, proposal.Cost{Minimum: 1, Maximum: 2}, domain.Text{})
		}, proposal.Accepted},
		{"rejected", func(id int64) (proposal.View, error) {
			return v.Reject(ctx, southern, "r", id, proposal.Unlawful, domain.Text{Fi: "Ei.", Sv: "Nej."})
		}, proposal.Rejected},
	} {
		fresh, asked := v.submitted(t, aino, "southern"), v.submitted(t, aino, "southern")
		must(v.Ask(ctx, southern, "r", asked, "Mihin?", time.Time{}))(t)
		for _, id := range []int64{fresh, asked} {
			if p := must(c.decide(id))(t); p.State != c.want || p.Facilitator.ID != southern.ID || !p.AnswerBy.IsZero() {
				t.Errorf("%s: %s by %v, to be answered by %v", c.name, p.State, p.Facilitator, p.AnswerBy)
			}
		}
	}
}

// The same decided on many: each stands for itself, and what is refused says
// why.
func TestManyAreDecidedAtOnce(t *testing.T) {
	v := found(t, "proposing")
	ctx := context.Background()
	ready := v.referred(t, 1, "environment")[0]
	if err := v.estimate(ctx, expert, ready, 0, published(10)); err != nil {
		t.Fatal(err)
	}
	fresh, elsewhere := v.submitted(t, aino, "southern"), v.submitted(t, aino, "western")
	decide := func(b desk.Bulk) map[int64]domain.Code {
		t.Helper()
		codes := map[int64]domain.Code{}
		for _, o := range must(v.Decide(ctx, southern, "r", b))(t) {
			codes[o.Proposal] = ""
			if o.Refusal != nil {
				codes[o.Proposal] = o.Refusal.Code
			}
		}
		return codes
	}
	all := []int64{ready, fresh, elsewhere}
	correct := desk.Bulk{Action: proposal.ToCorrect, Proposals: all, Theme: "sports", Why: "Väärä teema."}
	for _, c := range []struct {
		bulk desk.Bulk
		want []domain.Code
	}{
		{correct, []domain.Code{"", "", domain.CodeNotAllowed}},
		{desk.Bulk{Action: proposal.ToTake, Proposals: all}, []domain.Code{proposal.CodeState, "", domain.CodeNotAllowed}},
		{desk.Bulk{Action: proposal.ToAccept, Proposals: all}, []domain.Code{"", desk.CodeNoEstimate, desk.CodeNoEstimate}},
		{
			desk.Bulk{
				Action: proposal.ToReject, Proposals: all, Reason: proposal.Unlawful,
				Text: domain.Text{Fi: "Ei.", Sv: "Nej."},
			},
			[]domain.Code{proposal.CodeState, "", domain.CodeNotAllowed},
		},
	} {
		codes := decide(c.bulk)
		for i, id := range all {
			if codes[id] != c.want[i] {
				t.Errorf("%s %d: got %q, want %q", c.bulk.Action, i, codes[id], c.want[i])
			}
		}
	}
	p := must(v.proposals.Get(ctx, southern, "r", ready))(t)
	if p.State != proposal.Accepted || p.Cost.Maximum != domain.Euros(10) || p.Answer.Sv != "Det går." ||
		p.Text.Theme != "sports" {
		t.Errorf("accepted from its estimate: %+v", p.Proposal)
	}
	if p := must(v.proposals.Get(ctx, southern, "r", fresh))(t); p.State != proposal.Rejected {
		t.Errorf("%s, want rejected", p.State)
	}
	for name, b := range map[string]desk.Bulk{
		"no action":   {Proposals: all},
		"no reason":   {Action: proposal.ToReject, Proposals: all},
		"no theme":    {Action: proposal.ToCorrect, Proposals: all, Why: "Väärä."},
		"other theme": {Action: proposal.ToCorrect, Proposals: all, Why: "Väärä.", Theme: "none"},
		"none":        {Action: proposal.ToTake},
	} {
		if _, err := v.Decide(ctx, southern, "r", b); domain.KindOf(err) != domain.Invalid {
			t.Errorf("%s: %v", name, err)
		}
	}
	for _, a := range []domain.Actor{aino, expert, anonymous} {
		if _, err := v.Decide(ctx, a, "r", correct); err == nil {
			t.Errorf("%s decided", a.Name)
		}
	}
}

// Kept filters are hers, and the round's are everybody's among its staff.
func TestFiltersAreKept(t *testing.T) {
	v := found(t, "proposing")
	ctx := context.Background()
	keep := func(a domain.Actor, name, query string, shared bool) error {
		return v.KeepFilter(ctx, a, "r", desk.Filter{Name: name, Query: query, Shared: shared})
	}
	names := func(a domain.Actor) (names []string) {
		for _, f := range must(v.ListFilters(ctx, a, "r"))(t) {
			names = append(names, f.Name+" "+f.Query)
		}
		return names
	}
	for _, err := range []error{
		keep(southern, "Kiireiset", "late=yes", false),
		keep(southern, " Kiireiset ", "late=yes&sort=deadline", false),
		keep(official, "Arvioidut", "estimation=given", true),
		keep(western, "Omat", "mine=yes", false),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	want := []string{"Arvioidut estimation=given", "Kiireiset late=yes&sort=deadline"}
	if got := names(southern); !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	for name, c := range map[string]struct {
		err  error
		want domain.Kind
	}{
		"the round's by a facilitator": {keep(southern, "Kaikkien", "late=yes", true), domain.Forbidden},
		"a resident's":                 {keep(aino, "Omat", "late=yes", false), domain.Forbidden},
		"no name":                      {keep(southern, " ", "late=yes", false), domain.Invalid},
		"another site":                 {keep(southern, "Muualla", "//example.org", false), domain.Invalid},
	} {
		if domain.KindOf(c.err) != c.want {
			t.Errorf("%s: %v", name, c.err)
		}
	}
	for i := range 29 {
		if err := keep(southern, strconv.Itoa(i), "late=yes", false); err != nil {
			t.Fatal(err)
		}
	}
	if err := keep(southern, "Yksi liikaa", "late=yes", false); domain.KindOf(err) != domain.Invalid {
		t.Errorf("the 31st: %v", err)
	}
	mine := must(v.ListFilters(ctx, southern, "r"))(t)
	if err := v.DropFilter(ctx, western, "r", mine[1].ID, false); domain.KindOf(err) != domain.NotFound {
		t.Errorf("another's: %v", err)
	}
	if err := v.DropFilter(ctx, southern, "r", mine[0].ID, true); domain.KindOf(err) != domain.Forbidden {
		t.Errorf("the round's by a facilitator: %v", err)
	}
	if err := v.DropFilter(ctx, southern, "r", mine[1].ID, false); err != nil {
		t.Error(err)
	}
	if err := v.DropFilter(ctx, official, "r", mine[0].ID, true); err != nil || len(names(western)) != 1 {
		t.Errorf("%v, %q are left", err, names(western))
	}
}

// The whole queue goes into a spreadsheet, as it is filtered, with inert cells
// and words in the reader's language.
func TestTheQueueIsExported(t *testing.T) {
	v := found(t, "proposing")
	ctx := context.Background()
	ready := v.referred(t, 1, "environment")[0]
	if err := v.estimate(ctx, expert, ready, 0, published(10)); err != nil {
		t.Fatal(err)
	}
	text := bench("=1+1")
	id := must(v.Draft(ctx, aino, "r", text))(t).ID
	must(v.Submit(ctx, aino, "r", id))(t)
	v.submitted(t, aino, "western") // another's district
	file := string(must(v.Export(ctx, southern, "r", proposal.List{}, false, sheet.CSV, domain.Swedish))(t))
	lines := strings.Split(strings.TrimSpace(file), "\n")
	if len(lines) != 3 || !strings.Contains(lines[0], `"Högst, euro"`) {
		t.Fatalf("got\n%s\nwant a head and two rows", file)
	}
	for _, want := range []string{`"Bedöms"`, `"Kan genomföras"`, `"5"`, `"10"`} {
		if !strings.Contains(lines[1], want) {
			t.Errorf("got %s, want %s", lines[1], want)
		}
	}
	if strings.Contains(lines[2], `;"=1+1"`) || !strings.Contains(lines[2], "=1+1") {
		t.Errorf("a title is run as a formula: %s", lines[2])
	}
	book := must(v.Export(ctx, official, "r", proposal.List{}, false, sheet.XLSX, domain.Finnish))(t)
	if !bytes.HasPrefix(book, []byte("PK")) {
		t.Error("that is no workbook")
	}
	if _, err := v.Export(ctx, aino, "r", proposal.List{}, false, sheet.CSV, domain.Finnish); domain.KindOf(
		err,
	) != domain.Forbidden {
		t.Errorf("a resident: %v", err)
	}
}
