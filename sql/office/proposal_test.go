package office_test

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/uptrace/bun"

	"osbu/domain"
	"osbu/domain/proposal"
	"osbu/domain/proposal/assisted"
	"osbu/domain/proposal/desk"
	"osbu/domain/proposal/discussion"
	"osbu/domain/proposal/enquiry"
	"osbu/domain/proposal/estimate"
	"osbu/domain/proposal/interest"
	"osbu/domain/proposal/merge"
	"osbu/domain/proposal/project"
	"osbu/sql/office"
	"osbu/sql/testdb"
)

// village is a round in the proposing phase with the services over the real
// store, and people.
type village struct {
	*testdb.DB
	services
	store *office.Store
}

// services are those of proposals. They are embedded, so that a test calls each
// by what it does; the aliases give them different names.
type services struct {
	*proposals
	*enquiries
	*interests
	*discussions
	*projects
	*assisteds
	*desks
	*estimates
	*merges
}

type (
	proposals   = proposal.Service
	enquiries   = enquiry.Service
	interests   = interest.Service
	discussions = discussion.Service
	projects    = project.Service
	assisteds   = assisted.Service
	desks       = desk.Service
	estimates   = estimate.Service
	merges      = merge.Service
)

func serve(store *office.Store) services {
	access := proposal.Access{Rounds: store, Store: store, TimeZone: time.UTC}
	proposals := proposal.New(
		proposal.Config{Access: access, Search: store, Colleagues: store, Estimates: store},
	)
	cases := desk.New(desk.Config{
		Access:      access,
		Colleagues:  store,
		Estimates:   store,
		Settings:    store,
		Assignments: store,
		Cases:       store,
		Contacts:    store,
		Filters:     store,
		Life:        proposals,
		Workload:    store,
		Overviews:   store,
	})
	return services{
		proposals,
		enquiry.New(enquiry.Config{Access: access, Store: store}),
		interest.New(interest.Config{Access: access, Store: store}),
		discussion.New(
			discussion.Config{Access: access, Store: store, Pace: discussion.Pace{Most: 4, Per: time.Hour}},
		),
		project.New(project.Config{Access: access, Store: store}),
		assisted.New(
			assisted.Config{
				Access:     access,
				Store:      store,
				Rows:       store,
				Colleagues: store,
				Pepper:     []byte("pepper"),
				Rand:       rand.Reader,
			},
		),
		cases,
		estimate.New(estimate.Config{Access: access, Store: store, Current: store, Desk: cases}),
		merge.New(merge.Config{Access: access, Store: store, Links: store, Conflicts: store}),
	}
}

// Moments of the rounds that newRound makes.
const (
	whileProposing = "2026-01-10T00:00:00Z"
	afterProposing = "2026-02-15T00:00:00Z"
	whileVoting    = "2026-03-15T00:00:00Z"
	afterVoting    = "2026-03-27T00:00:00Z"
)

var (
	anonymous = domain.Actor{}
	aino      = domain.Actor{ID: 1, Name: "Aino A", Roles: []domain.Role{domain.Resident}}
	eino      = domain.Actor{ID: 2, Name: "Eino E", Roles: []domain.Role{domain.Resident}}
	southern  = domain.Actor{
		ID:    3,
		Name:  "Sanna Stadiluotsi",
		Roles: []domain.Role{domain.Resident, domain.Facilitator},
		Areas: []string{"southern", "central"},
	}
	western = domain.Actor{
		ID:    4,
		Name:  "Ville Stadiluotsi",
		Roles: []domain.Role{domain.Resident, domain.Facilitator},
		Areas: []string{"western"},
	}
	expert = domain.Actor{
		ID:        5,
		Name:      "Erkki Expert",
		Roles:     []domain.Role{domain.Resident, domain.Expert},
		Divisions: []string{"environment"},
	}
	outsider = domain.Actor{
		ID:        8,
		Name:      "Outi Expert",
		Roles:     []domain.Role{domain.Resident, domain.Expert},
		Divisions: []string{"culture"},
	}
	colleague = domain.Actor{
		ID:    7,
		Name:  "Kaisa Stadiluotsi",
		Roles: []domain.Role{domain.Resident, domain.Facilitator},
		Areas: []string{"southern"},
	}
	official = domain.Actor{ID: 6, Name: "Olli Official", Roles: []domain.Role{domain.Resident, domain.Official}}
)

func found(t *testing.T, phases ...string) village {
	t.Helper()
	d, store := open(t)
	v := village{d, serve(store), store}
	d.SetClock(t, whileProposing)
	if err := store.CreateRound(context.Background(), newRound("r"), entry("r", "create")); err != nil {
		t.Fatal(err)
	}
	settle(t, d)
	goTo(t, d, "r", phases...)
	return v
}

// settle gives the people their accounts.
func settle(t *testing.T, d *testdb.DB) {
	t.Helper()
	for _, a := range []domain.Actor{aino, eino, southern, western, expert, official, colleague, outsider} {
		if _, err := d.Owner.ExecContext(context.Background(), `INSERT INTO account (id, key, identified, name, language)
			VALUES (?, sha256(?::text::bytea), true, ?, 'fi')`, a.ID, a.Name, a.Name); err != nil {
			t.Fatal(err)
		}
	}
}

// stage changes rows as nobody can: without triggers.
func (v village) stage(t *testing.T, query string, args ...any) {
	t.Helper()
	ctx := context.Background()
	err := v.Owner.RunInTx(ctx, nil, func(ctx context.Context, tx bun.Tx) error {
		if _, err := tx.ExecContext(ctx, "SET LOCAL session_replication_role = replica"); err != nil {
			return err
		}
		_, err := tx.ExecContext(ctx, query, args...)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func bench(title string) proposal.Text {
	return proposal.Text{Title: title, What: "Penkki rantaan", Area: "southern", Theme: "parks"}
}

func must[T any](v T, err error) func(*testing.T) T {
	return func(t *testing.T) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

// accepted brings a proposal by Aino to the state accepted.
func (v village) accepted(t *testing.T, title string) int64 {
	t.Helper()
	ctx := context.Background()
	id := must(v.Draft(ctx, aino, "r", bench(title)))(t).ID
	must(v.Submit(ctx, aino, "r", id))(t)
	must(v.Take(ctx, southern, "r", id))(t)
	must(v.Accept(ctx, southern, "r", id, proposal.Cost{Minimum: 100, Maximum: 200, Maintenance: 30}, domain.Text{}))(t)
	return id
}

func TestLifeOfAProposal(t *testing.T) {
	t.Parallel()
	v := found(t, "proposing")
	ctx := context.Background()
	p := must(v.Draft(ctx, aino, "r", proposal.Text{Title: "Penkki"}))(t)
	p = must(v.Edit(ctx, aino, "r", p.ID, 1, bench("Penkki\nrantaan"), nil))(t)
	if p.Version != 2 || p.Text.Title != "Penkki rantaan" {
		t.Fatalf("%+v", p)
	}
	if p = must(v.Edit(ctx, aino, "r", p.ID, 1, bench("Penkki rantaan"), nil))(t); p.Version != 2 {
		t.Fatalf("an autosave that changes nothing made version %d", p.Version)
	}
	if _, err := v.Edit(ctx, aino, "r", p.ID, 1, bench("Pöytä"), nil); domain.CodeOf(err) != domain.CodeEdited {
		t.Fatal(err)
	}
	must(v.Submit(ctx, aino, "r", p.ID))(t)
	must(v.Take(ctx, southern, "r", p.ID))(t)
	must(v.Ask(ctx, southern, "r", p.ID, "Mihin kohtaan?", time.Time{}))(t)
	for _, c := range []struct {
		actor domain.Actor
		want  string
	}{
		{anonymous, ""},
		{eino, ""},
		{aino, "Mihin kohtaan?"},
		{southern, "Mihin kohtaan?"},
		{expert, "Mihin kohtaan?"},
		{official, "Mihin kohtaan?"},
	} {
		if got := must(v.proposals.Get(ctx, c.actor, "r", p.ID))(t); got.Question != c.want || got.Author.Name != "Aino A" {
			t.Errorf("%s sees %+v", c.actor.Name, got)
		}
	}
	must(v.Edit(ctx, aino, "r", p.ID, 5, bench("Penkki Eiranrantaan"), nil))(t)
	must(v.Submit(ctx, aino, "r", p.ID))(t)
	must(v.Take(ctx, southern, "r", p.ID))(t)
	p = must(
		v.Reject(ctx, southern, "r", p.ID, proposal.Duplicate, domain.Text{Fi: "Sama kuin 1", Sv: "Samma som 1"}),
	)(
		t,
	)
	public := must(v.proposals.Get(ctx, anonymous, "r", p.ID))(t)
	if public.State != proposal.Rejected || public.Reason != proposal.Duplicate ||
		public.Answer != (domain.Text{Fi: "Sama kuin 1", Sv: "Samma som 1"}) {
		t.Fatalf("%+v", public)
	}

	told := func(a domain.Actor) string {
		var lines []string
		for i, version := range must(v.Versions(ctx, a, "r", p.ID))(t) {
			if a.ID == aino.ID && version.Number != i+1 {
				t.Errorf("version %d at %d", version.Number, i)
			}
			lines = append(
				lines,
				fmt.Sprintf(
					"%d %s %s %s %s",
					version.Number,
					version.By.Name,
					version.Action,
					version.State,
					version.Reason,
				),
			)
		}
		return strings.Join(lines, "\n")
	}
	mine := `1 Aino A draft draft 
2 Aino A edit draft 
3 Aino A submit submitted 
4 Sanna Stadiluotsi take in_evaluation 
5 Sanna Stadiluotsi ask needs_information Mihin kohtaan?
6 Aino A edit needs_information 
7 Aino A submit submitted 
8 Sanna Stadiluotsi take in_evaluation 
9 Sanna Stadiluotsi reject rejected duplicate`
	if got := told(aino); got != mine {
		t.Errorf("the author sees\n%s", got)
	}
	_, since, _ := strings.Cut(mine, "edit draft \n")
	if got := told(official); got != since {
		t.Errorf("staff see\n%s", got)
	}
	if got := told(anonymous); got != strings.Replace(since, "Mihin kohtaan?", "", 1) {
		t.Errorf("everybody sees\n%s", got)
	}
	if text := must(v.Versions(ctx, aino, "r", p.ID))(t)[1].Text; text.Title != "Penkki rantaan" {
		t.Errorf("version 2 says %+v", text)
	}
}

func TestVersionsCannotBeChanged(t *testing.T) {
	t.Parallel()
	v := found(t, "proposing")
	v.accepted(t, "Penkki")
	for _, q := range []string{
		"UPDATE proposal_version SET title = 'x'", "DELETE FROM proposal_version", "TRUNCATE proposal_version",
		"DELETE FROM proposal", "TRUNCATE proposal CASCADE",
	} {
		if _, err := v.ExecContext(context.Background(), q); err == nil {
			t.Errorf("accepted: %s", q)
		}
	}
}

func TestSubmissionsMustBeComplete(t *testing.T) {
	t.Parallel()
	v := found(t, "proposing")
	ctx := context.Background()
	p := must(v.Draft(ctx, aino, "r", proposal.Text{}))(t)
	var e *domain.Error
	if _, err := v.Submit(ctx, aino, "r", p.ID); !errors.As(err, &e) ||
		fmt.Sprint(e.Fields) != "[{title required  } {what required  } {area required  } {theme required  }]" {
		t.Fatal(err)
	}
	p = must(v.Edit(ctx, aino, "r", p.ID, 1, bench("Penkki"), nil))(t)
	p = must(v.Submit(ctx, aino, "r", p.ID))(t)
	if _, err := v.Edit(ctx, aino, "r", p.ID, p.Version, proposal.Text{Title: "Penkki"}, nil); !errors.As(err, &e) ||
		e.Fields[0].Path != "text.what" {
		t.Fatalf("a submitted proposal lost its text: %v", err)
	}
}

// Of many editors of one version exactly one saves; the others are told.
func TestRaceOfEditors(t *testing.T) {
	t.Parallel()
	v := found(t, "proposing")
	ctx := context.Background()
	p := must(v.Draft(ctx, aino, "r", bench("0")))(t)
	var wg sync.WaitGroup
	results := make([]error, 8)
	for i := range results {
		wg.Go(func() { _, results[i] = v.Edit(ctx, aino, "r", p.ID, 1, bench(fmt.Sprint(i+1)), nil) })
	}
	wg.Wait()
	saved := 0
	for _, err := range results {
		switch {
		case err == nil:
			saved++
		case domain.CodeOf(err) != domain.CodeEdited || domain.KindOf(err) != domain.Conflict:
			t.Error(err)
		}
	}
	if versions := must(v.Versions(ctx, aino, "r", p.ID))(t); saved != 1 || len(versions) != 2 {
		t.Fatalf("%d saved, %d versions", saved, len(versions))
	}
}

// A withdrawal and a decision at the same moment: one of them comes first, and
// the other is judged by what it left.
func TestRaceOfWithdrawalAndDecision(t *testing.T) {
	t.Parallel()
	v := found(t, "proposing")
	ctx := context.Background()
	for range 10 {
		id := must(v.Draft(ctx, aino, "r", bench("Penkki")))(t).ID
		must(v.Submit(ctx, aino, "r", id))(t)
		must(v.Take(ctx, southern, "r", id))(t)
		var accepted, withdrawn error
		var wg sync.WaitGroup
		wg.Go(func() { _, accepted = v.Accept(ctx, southern, "r", id, proposal.Cost{Maximum: 1}, domain.Text{}) })
		wg.Go(func() { _, withdrawn = v.Withdraw(ctx, aino, "r", id) })
		wg.Wait()
		if withdrawn != nil || accepted != nil && domain.CodeOf(accepted) != proposal.CodeState {
			t.Fatal(accepted, withdrawn)
		}
		if got := must(v.proposals.Get(ctx, aino, "r", id))(t); got.State != proposal.Withdrawn {
			t.Fatalf("%+v", got)
		}
	}
}

func TestSearch(t *testing.T) {
	t.Parallel()
	v := found(t, "proposing")
	ctx := context.Background()
	ids := map[string]int64{}
	for title, what := range map[string]string{
		"Uimahalli Myllypuroon":    "Uimahallin saunat kuntoon",
		"Lekplats i Kottby":        "Nya gungor till lekplatsen",
		"100 % puita_ja \\ kukkia": "Pensaita, \"niitty\"; ketoja",
		"حديقة للأطفال":            "🌳🌳",
		"KÄPYLÄN PALLOKENTTÄ":      "Valot",
	} {
		text := bench(title)
		text.What = what
		p := must(v.Draft(ctx, aino, "r", text))(t)
		must(v.Submit(ctx, aino, "r", p.ID))(t)
		ids[strings.Fields(title)[0]] = p.ID
	}
	must(v.Draft(ctx, aino, "r", bench("Uimahalli luonnoksena")))(t)
	for _, c := range []struct{ words, want string }{
		{"uimahallit", "Uimahalli"},       // another Finnish form
		{"lekplatser", "Lekplats"},        // another Swedish form
		{"mahal", "Uimahalli"},            // a part of a word
		{"KÄPYLÄN pallo", "KÄPYLÄN"},      // case
		{"käpylä", "KÄPYLÄN"},             //
		{"ka\u0308pyla\u0308", "KÄPYLÄN"}, // as some systems type it
		{"حديقة", "حديقة"},
		{"🌳", "حديقة"},
		{"100 %", "100"},
		{"puita_", "100"},
		{`\`, "100"},
		{`niitty";`, "100"},
		{"myllypuro -sauna", ""},
		{"' OR 1=1 --", ""},
		{"%", "100"},
		{"_", "100"},
		{":* & | !", ""},
		{"luonnoksena", ""},
		{"gunga", "Lekplats"},
	} {
		page := must(v.proposals.List(ctx, anonymous, "r", proposal.List{Words: c.words, Limit: 10}, ""))(t)
		var got []string
		for _, p := range page.Proposals {
			got = append(got, strings.Fields(p.Text.Title)[0])
		}
		if strings.Join(got, " ") != c.want || page.Total != len(got) {
			t.Errorf("%q: found %q of %d, want %q", c.words, got, page.Total, c.want)
		}
	}
}

// queries counts what a pool is asked.
type queries struct{ n int }

func (q *queries) BeforeQuery(ctx context.Context, _ *bun.QueryEvent) context.Context {
	q.n++
	return ctx
}
func (q *queries) AfterQuery(context.Context, *bun.QueryEvent) {}

func TestListsArePagedWithAFixedNumberOfQueries(t *testing.T) {
	t.Parallel()
	v := found(t, "proposing")
	ctx := context.Background()
	var all []int64
	for i := range 25 {
		text := bench(fmt.Sprint("Penkki ", i))
		if i%5 == 0 {
			text.Area, text.Theme = "western", "sports"
		}
		p := must(v.Draft(ctx, aino, "r", text))(t)
		if i%6 != 0 {
			must(v.Submit(ctx, aino, "r", p.ID))(t)
			all = append([]int64{p.ID}, all...)
		}
	}
	asked := &queries{}
	v.DB.DB.DB = v.DB.DB.DB.WithQueryHook(asked)
	v.services = serve(office.New(v.DB.DB, helsinki(t)))
	count := func(limit int) (ids []int64, queries int) {
		list := proposal.List{Limit: limit}
		for {
			asked.n = 0
			page := must(v.proposals.List(ctx, eino, "r", list, ""))(t)
			queries = asked.n
			for _, p := range page.Proposals {
				ids = append(ids, p.ID)
			}
			if page.Total != len(all) {
				t.Errorf("total %d, not %d", page.Total, len(all))
			}
			if page.Next == 0 {
				return ids, queries
			}
			list.From = page.Next
		}
	}
	byOne, one := count(1)
	bySeven, _ := count(7)
	byAll, many := count(100)
	if !slices.Equal(byOne, all) || !slices.Equal(bySeven, all) || !slices.Equal(byAll, all) {
		t.Fatalf("pages miss or repeat rows:\n%v\n%v\n%v\n%v", byOne, bySeven, byAll, all)
	}
	if exactly, _ := count(len(all)); !slices.Equal(exactly, all) {
		t.Fatal("a page as long as the list")
	}
	if one == 0 || one != many {
		t.Fatalf("%d queries for one row, %d for %d", one, many, len(all))
	}
	for _, c := range []struct {
		list  proposal.List
		actor domain.Actor
		mine  proposal.Whose
		want  int
	}{
		{proposal.List{Areas: []string{"western"}}, anonymous, "", 4},
		{proposal.List{Theme: "sports"}, anonymous, "", 4},
		{proposal.List{States: []proposal.State{proposal.Draft}}, anonymous, "", 0},
		{proposal.List{States: []proposal.State{proposal.Draft}}, aino, "", 0},
		{proposal.List{States: []proposal.State{proposal.Draft}}, aino, proposal.Mine, 5},
		{proposal.List{}, aino, proposal.Mine, 25},
		{proposal.List{}, eino, proposal.Mine, 0},
		{proposal.List{Areas: []string{"none"}}, anonymous, "", 0},
	} {
		c.list.Limit = 50
		page := must(v.proposals.List(ctx, c.actor, "r", c.list, c.mine))(t)
		if page.Total != c.want || len(page.Proposals) != c.want {
			t.Errorf("%+v mine=%s: %d", c.list, c.mine, page.Total)
		}
	}
	if _, err := v.proposals.List(ctx, anonymous, "r", proposal.List{Limit: 1}, proposal.Mine); domain.KindOf(
		err,
	) != domain.Unauthenticated {
		t.Error(err)
	}
	if _, err := v.proposals.List(ctx, anonymous, "none", proposal.List{Limit: 1},
		""); domain.KindOf(err) != domain.NotFound {
		t.Error(err)
	}
}

func TestQueue(t *testing.T) {
	t.Parallel()
	v := found(t, "proposing")
	ctx := context.Background()
	var south, west int64
	for _, area := range []string{"southern", "western", "northern"} {
		text := bench("Penkki")
		text.Area = area
		id := must(v.Draft(ctx, aino, "r", text))(t).ID
		must(v.Submit(ctx, aino, "r", id))(t)
		switch area {
		case "southern":
			south = id
		case "western":
			west = id
		}
	}
	must(v.Take(ctx, southern, "r", south))(t)
	v.stage(t, "UPDATE proposal SET state = 'withdrawn' WHERE area = 'northern'")
	must(v.Draft(ctx, aino, "r", bench("Luonnos")))(t)
	queue := func(a domain.Actor, list proposal.List, mine bool) ([]int64, error) {
		list.Limit = 10
		page, err := v.Queue(ctx, a, "r", list, mine)
		var ids []int64
		for _, p := range page.Proposals {
			ids = append(ids, p.ID)
		}
		return ids, err
	}
	for _, c := range []struct {
		actor domain.Actor
		list  proposal.List
		mine  bool
		want  []int64
		kind  domain.Kind
	}{
		{southern, proposal.List{}, false, []int64{south}, ""},
		{southern, proposal.List{}, true, []int64{south}, ""},
		{southern, proposal.List{Areas: []string{"southern"}}, false, []int64{south}, ""},
		{southern, proposal.List{Areas: []string{"western"}}, false, nil, domain.Forbidden},
		{southern, proposal.List{Offset: 1}, false, nil, ""},
		{southern, proposal.List{States: []proposal.State{proposal.Submitted}}, false, nil, ""},
		{southern, proposal.List{States: []proposal.State{proposal.Draft}}, false, nil, ""},
		{western, proposal.List{}, false, []int64{west}, ""},
		{western, proposal.List{}, true, nil, ""},
		{official, proposal.List{}, false, []int64{south, west}, ""},
		{expert, proposal.List{}, false, nil, ""}, // nothing was sent to her division
		{domain.Actor{ID: 9, Roles: []domain.Role{domain.Facilitator}}, proposal.List{}, false, nil, ""},
		{aino, proposal.List{}, false, nil, domain.Forbidden},
		{anonymous, proposal.List{}, false, nil, domain.Unauthenticated},
	} {
		got, err := queue(c.actor, c.list, c.mine)
		if c.kind == "" && err != nil || c.kind != "" && domain.KindOf(err) != c.kind || !slices.Equal(got, c.want) {
			t.Errorf("%s %+v: %v %v", c.actor.Name, c.list, got, err)
		}
	}
	if p := must(v.Queue(ctx, official, "r", proposal.List{Limit: 1}, false))(t).Proposals[0]; !slices.Equal(
		p.May,
		[]proposal.Action{proposal.ToRefer, proposal.ToCorrect, proposal.ToTranslate, proposal.ToHide},
	) {
		t.Errorf("an official may %v", p.May)
	}
}
