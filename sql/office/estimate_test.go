package office_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"osbu/domain"
	"osbu/domain/proposal"
	"osbu/domain/proposal/desk"
	"osbu/domain/proposal/estimate"
	"osbu/sql/office"
)

// feasible is a judgement for colleagues: can be built for so many euros.
func feasible(euros int64) proposal.Judgement {
	return proposal.Judgement{
		Competence: proposal.Citys, Feasibility: proposal.Feasible,
		Cost: &proposal.Cost{
			Minimum:     domain.Euros(euros / 2),
			Maximum:     domain.Euros(euros),
			Maintenance: domain.Euros(10),
		},
	}
}

// published is the same for everybody.
func published(euros int64) proposal.Judgement {
	j := feasible(euros)
	j.Published, j.Reasons = true, domain.Text{Fi: "Onnistuu.", Sv: "Det går."}
	return j
}

// referred are proposals by Aino that the division has.
func (v village) referred(t *testing.T, n int, division string) (ids []int64) {
	t.Helper()
	for range n {
		ids = append(ids, v.submitted(t, aino, "southern"))
	}
	if err := v.Refer(context.Background(), southern, "r",
		desk.Referral{Proposals: ids, Division: division, Note: "Mahtuuko?"}); err != nil {
		t.Fatal(err)
	}
	return ids
}

func (v village) estimate(ctx context.Context, actor domain.Actor, id int64, number int, j proposal.Judgement) error {
	_, err := v.Estimate(
		ctx,
		actor,
		"r",
		actor.Divisions[0],
		[]estimate.Submission{{Proposal: id, Number: number, Judgement: j}},
	)
	return err
}

// What is sent to a division is taken, so that its author cannot change it
// meanwhile, and waits there with a clock.
func TestReferring(t *testing.T) {
	t.Parallel()
	v := found(t, "proposing")
	ctx := context.Background()
	ids := v.referred(t, 2, "environment")
	own, west, draft := v.submitted(
		t,
		southern,
		"southern",
	), v.submitted(
		t,
		aino,
		"western",
	), must(
		v.Draft(ctx, aino, "r", bench("Luonnos")),
	)(
		t,
	).ID
	decided := v.accepted(t, "Valmis")
	p := must(v.proposals.Get(ctx, southern, "r", ids[0]))(t)
	if p.State != proposal.InEvaluation || p.Facilitator.ID != southern.ID || p.Division != "environment" ||
		p.Estimation != proposal.Waiting ||
		p.EstimateBy.Format(time.DateTime) != "2026-01-24 23:59:00" {
		t.Errorf("%+v", p.Proposal)
	}
	versions := must(v.Versions(ctx, aino, "r", ids[0]))(t)
	if latest := versions[len(versions)-1]; latest.Action != proposal.ToTake || latest.By.Name != southern.Name ||
		latest.Number != p.Version {
		t.Errorf("%+v", latest)
	}
	for _, a := range []domain.Actor{anonymous, aino, eino} {
		if p := must(v.proposals.Get(ctx, a, "r", ids[0]))(t); p.Division != "" || p.Estimation != "" ||
			!p.EstimateBy.IsZero() {
			t.Errorf("%q sees where it was sent: %+v", a.Name, p.Proposal)
		}
	}
	notes := must(v.desks.Case(ctx, expert, "r", ids[0]))(t).Notes
	if len(notes) != 1 || notes[0].Division != "environment" || notes[0].Text != "Mahtuuko?" {
		t.Errorf("%+v", notes)
	}
	to := func(ids ...int64) desk.Referral { return desk.Referral{Proposals: ids, Division: "culture"} }
	far := to(ids...)
	far.Until = time.Date(2027, 1, 1, 0, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		name  string
		actor domain.Actor
		sent  desk.Referral
		want  domain.Kind
	}{
		{"nobody", anonymous, to(ids...), domain.Unauthenticated},
		{"the author", aino, to(ids...), domain.Forbidden},
		{"an expert", expert, to(ids...), domain.Forbidden},
		{"another district", western, to(ids...), domain.Forbidden},
		{"one of another district among hers", southern, to(ids[0], west), domain.Forbidden},
		{"her own", southern, to(own), domain.Forbidden},
		{"nowhere", southern, desk.Referral{Proposals: ids, Division: "defence"}, domain.Invalid},
		{"none", southern, to(), domain.Invalid},
		{"one twice", southern, to(ids[0], ids[0]), domain.Invalid},
		{"too late", southern, far, domain.Invalid},
		{"a draft", southern, to(draft), domain.NotFound},
		{"a decided one", southern, to(ids[0], decided), domain.Conflict},
	} {
		if err := v.Refer(ctx, c.actor, "r", c.sent); domain.KindOf(err) != c.want || err == nil {
			t.Errorf("%s: %v", c.name, err)
		}
	}
	if p := must(v.proposals.Get(ctx, southern, "r", ids[0]))(t); p.Division != "environment" {
		t.Errorf("a refused one went to %s", p.Division)
	}
	if err := v.Refer(ctx, official, "r", to(ids...)); err != nil {
		t.Error(err)
	}
}

// An estimate is added to those before it; the public sees the latest published
// one, without names, and the author hears of it once.
func TestEstimating(t *testing.T) {
	t.Parallel()
	v := found(t, "proposing")
	ctx := context.Background()
	v.stage(t, "INSERT INTO mailbox (account, address, confirmed, language) VALUES (?, 'sealed', true, 'fi')", aino.ID)
	id := v.referred(t, 1, "environment")[0]
	emails := func() (n int) {
		t.Helper()
		if err := v.Owner.QueryRowContext(ctx,
			"SELECT count(*) FROM outbox WHERE notification = 'estimated' AND proposal = ?", id).Scan(&n); err != nil {
			t.Fatal(err)
		}
		return n
	}
	before := must(v.proposals.Get(ctx, aino, "r", id))(t).Version
	half := feasible(1000)
	half.Reasons, half.Note = domain.Text{Sv: "Det går."}, "Salainen huomautus"
	if err := v.estimate(ctx, expert, id, 0, half); err != nil {
		t.Fatal(err)
	}
	p := must(v.proposals.Get(ctx, expert, "r", id))(t)
	if p.Estimation != proposal.Unpublished || p.Version != before || p.Estimate != nil || emails() != 0 {
		t.Errorf("one for colleagues: %+v", p)
	}
	queue := must(v.Queue(ctx, expert, "r", proposal.List{Limit: 10}, false))(t)
	if e := queue.Proposals[0].Estimate; e == nil || !slices.Equal(e.Missing(), []domain.Language{domain.Finnish}) ||
		e.Note == "" {
		t.Errorf("the queue shows %+v", e)
	}
	if err := v.estimate(ctx, expert, id, 1, published(1200)); err != nil {
		t.Fatal(err)
	}
	for range 2 { // the answer was lost, and the expert tries again
		if added := must(v.Estimate(ctx, expert, "r", "environment",
			[]estimate.Submission{{Proposal: id, Number: 1, Judgement: published(1200)}}))(t); added != 0 {
			t.Errorf("a retry added %d", added)
		}
	}
	if p = must(v.proposals.Get(ctx, aino, "r", id))(t); p.Version != before+1 || p.Estimate == nil ||
		p.Estimate.Cost.Maximum != domain.Euros(1200) ||
		p.Estimate.DivisionName.Fi != "Kaupunkiympäristö" ||
		p.Estimate.By != (proposal.Person{}) ||
		p.Estimate.Note != "" ||
		emails() != 1 {
		t.Errorf("the published one: %+v, %d e-mails", p.Estimate, emails())
	}
	if err := v.estimate(ctx, expert, id, 2, half); err != nil {
		t.Fatal(err)
	}
	if p = must(v.proposals.Get(ctx, anonymous, "r", id))(t); p.Estimate == nil || p.Estimate.Number != 2 {
		t.Errorf("while a new one is being written everybody sees %+v", p.Estimate)
	}
	history := must(v.estimates.List(ctx, southern, "r", id))(t)
	var told []string
	for i, e := range history {
		from := proposal.Judgement{}
		if i > 0 {
			from = history[i-1].Judgement
		}
		told = append(told, fmt.Sprintf("%d %s: %s", e.Number, e.By.Name,
			strings.Join(estimate.Changed(e.Judgement, from), " ")))
	}
	is(t, told, "1 Erkki Expert: competence feasibility cost.minimum cost.maximum cost.maintenance reasons.sv note, "+
		"2 Erkki Expert: cost.minimum cost.maximum reasons.fi note published, 3 Erkki Expert: cost.minimum cost.maximum "+
		"reasons.fi note published")
	for _, c := range []struct {
		actor domain.Actor
		want  domain.Kind
	}{
		{anonymous, domain.Unauthenticated},
		{aino, domain.Forbidden},
		{eino, domain.Forbidden},
		{western, domain.Forbidden},
		{outsider, domain.Forbidden},
	} {
		if _, err := v.estimates.List(ctx, c.actor, "r", id); domain.KindOf(err) != c.want {
			t.Errorf("%q reads the history: %v", c.actor.Name, err)
		}
		all := fmt.Sprintf(
			"%+v %+v",
			must(v.proposals.Get(ctx, c.actor, "r", id))(t).Estimate,
			must(v.Versions(ctx, c.actor, "r", id))(t),
		)
		if strings.Contains(all, "Salainen") || !c.actor.Staff() && strings.Contains(all, "Erkki") {
			t.Errorf("%q sees %s", c.actor.Name, all)
		}
	}
	for name, query := range map[string]string{
		"change": "UPDATE estimate SET note = ''",
		"delete": "DELETE FROM estimate",
	} {
		if _, err := v.DB.DB.ExecContext(ctx, query); err == nil ||
			!strings.Contains(err.Error(), "permission denied") {
			t.Errorf("%s: %v", name, err)
		}
	}
	goTo(t, v.DB, "r", "vetting")
	v.stage(t, "UPDATE round SET phase = 'frozen', freeze_decision = '§ 1'")
	if err := v.estimate(ctx, expert, id, 3, published(1)); domain.KindOf(err) != domain.Closed {
		t.Errorf("after the freeze: %v", err)
	}
	_, err := v.DB.DB.ExecContext(
		ctx,
		`INSERT INTO estimate SELECT proposal, 9, round, at, by, by_name, division, division_name, competence, forward,
			feasibility, class,
		minimum, maximum, maintenance, reasons, note, published FROM estimate WHERE number = 1`,
	)
	if err == nil || !strings.Contains(err.Error(), "is frozen") {
		t.Errorf("the database takes one after the freeze: %v", err)
	}
}

// Another division's task is forwarded: that one's queue has it, with a new
// clock, and the history keeps it.
func TestForwarding(t *testing.T) {
	t.Parallel()
	v := found(t, "proposing")
	ctx := context.Background()
	id := v.referred(t, 1, "environment")[0]
	v.SetClock(t, "2026-01-15T00:00:00Z")
	away := proposal.Judgement{Competence: proposal.Forward, Forward: "culture", Note: "Taidehanke"}
	for range 2 { // twice: a retry is no other forwarding
		if err := v.estimate(ctx, expert, id, 0, away); err != nil {
			t.Fatal(err)
		}
	}
	p := must(v.proposals.Get(ctx, outsider, "r", id))(t)
	if p.Division != "culture" || p.Estimation != proposal.Waiting || p.Estimates != 1 ||
		p.EstimateBy.Format(time.DateOnly) != "2026-01-29" {
		t.Errorf("%+v", p.Proposal)
	}
	for actor, want := range map[int64]int{expert.ID: 0, outsider.ID: 1} {
		a := map[int64]domain.Actor{expert.ID: expert, outsider.ID: outsider}[actor]
		if page := must(v.Queue(ctx, a, "r", proposal.List{Limit: 10}, false))(t); page.Total != want {
			t.Errorf("%s has %d", a.Name, page.Total)
		}
	}
	if err := v.estimate(ctx, expert, id, 1, feasible(1)); domain.KindOf(err) != domain.Forbidden {
		t.Errorf("the division that forwarded it estimates: %v", err)
	}
	if err := v.estimate(ctx, outsider, id, 1, feasible(700)); err != nil {
		t.Error(err)
	}
	all := must(v.estimates.List(ctx, outsider, "r", id))(t)
	if len(all) != 2 || all[0].Division != "environment" || all[0].Forward != "culture" ||
		all[1].Division != "culture" {
		t.Errorf("%+v", all)
	}
}

// Whoever writes over an estimate that she has not seen is told what changed,
// and nothing is stored; the other rows of the same step are not either.
func TestNobodyOverwritesAnEstimate(t *testing.T) {
	t.Parallel()
	v := found(t, "proposing")
	ctx := context.Background()
	ids := v.referred(t, 2, "environment")
	if err := v.estimate(ctx, expert, ids[1], 0, feasible(1000)); err != nil {
		t.Fatal(err)
	}
	if err := v.estimate(ctx, expert, ids[1], 1, feasible(2000)); err != nil {
		t.Fatal(err)
	}
	_, err := v.Estimate(
		ctx,
		expert,
		"r",
		"environment",
		[]estimate.Submission{
			{Proposal: ids[1], Number: 1, Judgement: feasible(3000)},
			{Proposal: ids[0], Judgement: feasible(1)},
		},
	)
	if domain.CodeOf(err) != domain.CodeEdited ||
		!strings.Contains(err.Error(), "estimates[0].cost.maximum: changed") ||
		strings.Contains(err.Error(), "note") {
		t.Error(err)
	}
	if all := must(v.estimates.List(ctx, expert, "r", ids[0]))(t); len(all) != 0 {
		t.Errorf("a refused step stored %+v", all)
	}
	var at sync.WaitGroup
	errs := make([]error, 6)
	for i := range errs {
		at.Go(func() { errs[i] = v.estimate(ctx, expert, ids[0], 0, feasible(int64(100+2*i))) })
	}
	at.Wait()
	won := 0
	for _, err := range errs {
		if err == nil {
			won++
		} else if domain.CodeOf(err) != domain.CodeEdited {
			t.Error(err)
		}
	}
	if all := must(v.estimates.List(ctx, expert, "r", ids[0]))(t); won != 1 || len(all) != 1 {
		t.Errorf("%d of %d at once won, %d stored", won, len(errs), len(all))
	}
}

func TestWhatAnEstimateMustSay(t *testing.T) {
	t.Parallel()
	v := found(t, "proposing")
	ctx := context.Background()
	id := v.referred(t, 1, "environment")[0]
	with := func(change func(*proposal.Judgement)) proposal.Judgement {
		j := published(1000)
		change(&j)
		return j
	}
	for want, j := range map[string]proposal.Judgement{
		"competence: unknown":      {},
		"feasibility: required":    {Competence: proposal.Citys},
		"cost: required":           {Competence: proposal.Citys, Feasibility: proposal.WithChanges},
		"reasons.sv: required":     with(func(j *proposal.Judgement) { j.Reasons.Sv = "" }),
		"reasons.fi: required":     {Competence: proposal.NotOurs, Reasons: domain.Text{Sv: "Nej."}},
		"reasons.fi: required; ":   {Competence: proposal.Citys, Feasibility: proposal.Infeasible},
		"cost: not_allowed":        with(func(j *proposal.Judgement) { j.Feasibility = proposal.Infeasible }),
		"feasibility: not_allowed": with(func(j *proposal.Judgement) { j.Competence, j.Cost = proposal.NotOurs, nil }),
		"forward: not_allowed":     with(func(j *proposal.Judgement) { j.Forward = "culture" }),
		"forward: unknown":         {Competence: proposal.Forward, Forward: "defence", Note: "x"},
		"forward: not_allowed env": {Competence: proposal.Forward, Forward: "environment", Note: "x"},
		"note: required":           {Competence: proposal.Forward, Forward: "culture"},
		"published: not_allowed": {
			Competence: proposal.Forward, Forward: "culture", Published: true,
			Reasons: domain.Text{Fi: "a", Sv: "b"},
		},
		"class: unknown":               with(func(j *proposal.Judgement) { j.Class = "z" }),
		"cost.maximum: bad_format 1 €": with(func(j *proposal.Judgement) { j.Cost.Maximum++ }),
		"cost.maximum: too_small":      with(func(j *proposal.Judgement) { j.Cost.Maximum = 100 }),
		"note: too_long":               with(func(j *proposal.Judgement) { j.Note = strings.Repeat("x", 2001) }),
	} {
		if err := v.estimate(ctx, expert, id, 0, j); domain.KindOf(err) != domain.Invalid ||
			!strings.Contains(err.Error(), strings.TrimSuffix(want, "; ")) {
			t.Errorf("want %s: %v", want, err)
		}
	}
	if err := v.estimate(ctx, expert, id, 0, with(func(j *proposal.Judgement) { j.Class = "c" })); err != nil {
		t.Fatal(err)
	}
	if e := must(v.proposals.Get(ctx, aino, "r", id))(t).Estimate; e.Class != "c" ||
		*e.Cost != (proposal.Cost{
			Minimum: domain.Euros(50_000), Maximum: domain.Euros(100_000),
			Maintenance: domain.Euros(10),
		}) {
		t.Errorf("a class became %+v", e.Cost)
	}
	for name, change := range map[string]string{
		"estimate_reasoned": "published = true, reasons = '{}'",
		"estimate_costed":   "minimum = NULL, maximum = NULL, maintenance = NULL", "estimate_cost": "maximum = 12345",
		"estimate_forwarded": "forward = 'culture'",
		"estimate_judged":    "feasibility = '', minimum = NULL, maximum = NULL, maintenance = NULL",
	} {
		if _, err := v.Owner.ExecContext(ctx, "UPDATE estimate SET "+change); err == nil ||
			!strings.Contains(err.Error(), name) {
			t.Errorf("the table takes %s: %v", change, err)
		}
	}
}

// A division's queue is found like the desk's, with as many queries for one row
// as for many.
func TestADivisionsQueue(t *testing.T) {
	t.Parallel()
	v := found(t, "proposing")
	ctx := context.Background()
	both := expert
	both.Divisions = []string{"environment", "culture"}
	one, other := v.referred(t, 1, "environment")[0], v.referred(t, 1, "culture")[0]
	late := v.submitted(t, aino, "southern")
	if err := v.Refer(ctx, southern, "r",
		desk.Referral{
			Proposals: []int64{late}, Division: "environment",
			Until: time.Date(2026, 1, 11, 0, 0, 0, 0, time.UTC),
		}); err != nil {
		t.Fatal(err)
	}
	v.submitted(t, aino, "southern") // sent nowhere
	if err := v.estimate(ctx, expert, one, 0, feasible(10)); err != nil {
		t.Fatal(err)
	}
	v.SetClock(t, "2026-01-12T00:00:00Z")
	for _, c := range []struct {
		name  string
		actor domain.Actor
		list  proposal.List
		want  []int64
	}{
		{"hers", expert, proposal.List{}, []int64{one, late}},
		{"of both", both, proposal.List{}, []int64{one, other, late}},
		{"of one", both, proposal.List{Divisions: []string{"culture"}}, []int64{other}},
		{"an official's", official, proposal.List{Divisions: []string{"culture"}}, []int64{other}},
		{"sent by me", southern, proposal.List{Divisions: []string{"environment"}}, []int64{one, late}},
		{"waiting", expert, proposal.List{Estimation: proposal.Waiting}, []int64{late}},
		{"unpublished", expert, proposal.List{Estimation: proposal.Unpublished}, []int64{one}},
		{"late", expert, proposal.List{Late: true}, []int64{late}},
		{"words", expert, proposal.List{Words: "penkeille"}, []int64{one, late}},
		{"other words", expert, proposal.List{Words: "uimahalli"}, nil},
	} {
		c.list.Limit = 10
		var got []int64
		for _, p := range must(v.Queue(ctx, c.actor, "r", c.list, false))(t).Proposals {
			got = append(got, p.ID)
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
	}
	none := expert
	none.Divisions = nil
	if page := must(v.Queue(ctx, none, "r", proposal.List{Limit: 10}, false))(t); page.Total != 0 {
		t.Errorf("an expert of no division has %d", page.Total)
	}
	for _, c := range []struct {
		name  string
		actor domain.Actor
		list  proposal.List
		want  domain.Kind
	}{
		{"another division", outsider, proposal.List{Divisions: []string{"environment"}}, domain.Forbidden},
		{
			"another's district", western,
			proposal.List{Divisions: []string{"environment"}, Areas: []string{"southern"}},
			domain.Forbidden,
		},
		{"a resident", aino, proposal.List{Divisions: []string{"environment"}}, domain.Forbidden},
		{"nobody", anonymous, proposal.List{}, domain.Unauthenticated},
	} {
		if _, err := v.Queue(ctx, c.actor, "r", c.list, false); domain.KindOf(err) != c.want {
			t.Errorf("%s: %v", c.name, err)
		}
	}
	counted := &queries{}
	v.DB.DB.DB = v.DB.DB.DB.WithQueryHook(counted)
	store := office.New(v.DB.DB, helsinki(t))
	v.services = serve(store)
	if _, err := store.Round(context.Background(), "r"); err != nil { // it is kept, and read no more
		t.Fatal(err)
	}
	asks := func(do func() error) int {
		t.Helper()
		counted.n = 0
		if err := do(); err != nil {
			t.Fatal(err)
		}
		return counted.n
	}
	queue := func(limit int) int {
		return asks(
			func() error { _, err := v.Queue(ctx, expert, "r", proposal.List{Limit: limit}, false); return err },
		)
	}
	if short, long := queue(1), queue(10); short != long {
		t.Errorf("%d queries for one row, %d for more", short, long)
	}
	said := func(euros int64, ids ...int64) int {
		return asks(func() error {
			all := make([]estimate.Submission, len(ids))
			for i, id := range ids {
				all[i] = estimate.Submission{
					Proposal:  id,
					Number:    must(v.proposals.Get(ctx, expert, "r", id))(t).Estimates,
					Judgement: published(euros),
				}
			}
			counted.n = 0
			_, err := v.Estimate(ctx, expert, "r", "environment", all)
			return err
		})
	}
	if single, two := said(500, one), said(600, one, late); single != two {
		t.Errorf("%d queries to estimate one, %d for two", single, two)
	}
}
