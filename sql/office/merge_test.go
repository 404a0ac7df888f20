package office_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgconn"

	"osbu/domain"
	"osbu/domain/post"
	"osbu/domain/proposal"
	"osbu/domain/proposal/interest"
	"osbu/domain/proposal/merge"
	"osbu/sql/office"
)

var (
	both = domain.Text{Fi: "Tekijä muutti mielensä", Sv: "Författaren ändrade sig"}
	park = merge.Part{
		Text:    proposal.Text{Title: "Rannan penkit", What: "Kaksi penkkiä", Area: "southern", Theme: "parks"},
		Swedish: proposal.Words{Title: "Strandens bänkar", What: "Två bänkar"},
	}
)

func merging(ids ...int64) merge.Plan {
	return merge.Plan{Kind: merge.Merging, Proposals: ids, Parts: []merge.Part{park}, Message: "Sama penkki"}
}

// asked asks for a merging of a proposal by Aino and one by Eino into a new
// one.
func (v village) asked(t *testing.T) (m merge.View, a, b int64) {
	t.Helper()
	a, b = v.submitted(t, aino, "southern"), v.submitted(t, eino, "southern")
	return must(v.Propose(context.Background(), southern, "r", merging(a, b)))(t), a, b
}

// done is asked, answered with yes by both, and completed.
func (v village) done(t *testing.T) (m merge.View, a, b, n int64) {
	t.Helper()
	ctx := context.Background()
	m, a, b = v.asked(t)
	must(v.merges.Answer(ctx, aino, "r", m.ID, merge.Agrees, ""))(t)
	must(v.merges.Answer(ctx, eino, "r", m.ID, merge.Agrees, ""))(t)
	m = must(v.Complete(ctx, southern, "r", m.ID, nil, ""))(t)
	return m, a, b, m.Parts[0].Proposal
}

func linked(links []merge.Link) (ids []int64) {
	for _, l := range links {
		ids = append(ids, l.Proposal)
	}
	return ids
}

func TestMergingIntoANewOneAndBack(t *testing.T) {
	t.Parallel()
	v := found(t, "proposing")
	ctx := context.Background()
	m, a, b := v.asked(t)
	before := must(v.proposals.Get(ctx, aino, "r", a))(t)
	for actor, want := range map[string]string{
		"aino": "[answer]", "eino": "[answer]", "southern": "[complete drop]",
		"colleague": "[complete drop]", "western": "[]", "expert": "[]",
	} {
		who := map[string]domain.Actor{
			"aino": aino, "eino": eino, "southern": southern, "colleague": colleague,
			"western": western, "expert": expert,
		}[actor]
		ties := must(v.Ties(ctx, who, "r", a))(t)
		if ties.Merge == nil || fmt.Sprint(ties.Merge.May) != want {
			t.Errorf("%s: %+v", actor, ties.Merge)
		}
	}
	if ties := must(v.Ties(ctx, anonymous, "r", a))(t); ties.Merge != nil {
		t.Errorf("everybody sees what is asked: %+v", ties)
	}
	if _, err := v.Complete(ctx, southern, "r", m.ID, nil, "Ei vastausta"); domain.CodeOf(
		err,
	) != merge.CodeWaits {
		t.Errorf("before the deadline: %v", err)
	}
	must(v.merges.Answer(ctx, aino, "r", m.ID, merge.Agrees, "Hyvä ajatus"))(t)
	if seen := must(v.Ties(ctx, eino, "r", a))(t).Merge; len(seen.Members[0].Consents) != 0 ||
		len(seen.Members[1].Consents) != 1 {
		t.Errorf("an author sees others' answers: %+v", seen.Members)
	}
	if seen := must(v.Ties(ctx, southern, "r", b))(t).Merge; seen.Members[0].Consents[0].Message != "Hyvä ajatus" ||
		seen.Members[0].Consents[0].Basis != merge.Own {
		t.Errorf("the facilitator does not see them: %+v", seen.Members)
	}
	must(v.merges.Answer(ctx, eino, "r", m.ID, merge.Agrees, ""))(t)

	// supporters and followers of the originals
	for who, of := range map[int64]int64{southern.ID: a, western.ID: a, expert.ID: b} {
		actor := map[int64]domain.Actor{southern.ID: southern, western.ID: western, expert.ID: expert}[who]
		must(v.interests.Set(ctx, actor, "r", of, interest.Support, true))(t)
		must(v.interests.Set(ctx, actor, "r", of, interest.Follow, true))(t)
	}
	must(v.interests.Set(ctx, western, "r", b, interest.Support, true))(t) // both: counts once
	must(v.discussions.Comment(ctx, expert, "r", a, 0, "Kannatan", domain.Finnish))(t)
	m = must(v.Complete(ctx, colleague, "r", m.ID, nil, ""))(t)
	n := m.Parts[0].Proposal
	made := must(v.proposals.Get(ctx, aino, "r", n))(t)
	if made.State != proposal.InEvaluation || made.Text.Title != "Rannan penkit" ||
		made.Swedish.Title != "Strandens bänkar" ||
		!made.Mine ||
		made.Facilitator.ID != colleague.ID ||
		len(made.Coauthors) != 2 ||
		slices.Contains(made.May, proposal.ToWithdraw) {
		t.Errorf("%+v", made)
	}
	public := must(v.Ties(ctx, anonymous, "r", n))(t)
	if !slices.Equal(linked(public.MadeOf), []int64{a, b}) || public.MadeOf[1].Authors[0] != "Eino E" ||
		public.Latest != nil {
		t.Errorf("%+v", public)
	}
	original := must(v.proposals.Get(ctx, aino, "r", a))(t)
	if original.State != proposal.Merged || original.Text != before.Text || original.Author != before.Author ||
		len(original.May) != 0 {
		t.Errorf("%+v", original)
	}
	if ties := must(v.Ties(ctx, anonymous, "r", b))(t); !slices.Equal(linked(ties.Into), []int64{n}) ||
		ties.Into[0].Title != "Rannan penkit" {
		t.Errorf("%+v", ties)
	}
	always := interest.New(interest.Config{
		Access:     proposal.Access{Rounds: v.store, Store: v.store},
		Store:      v.store,
		Supporters: interest.ShowAlways,
	})
	interested := func(actor domain.Actor, id int64) string {
		i := must(always.Of(ctx, actor, "r", id))(t)
		return fmt.Sprint(i.Supports, i.Follows, *i.Supporters)
	}
	is(
		t,
		[]string{
			interested(western, n),
			interested(expert, n),
			interested(aino, n),
			interested(western, a),
			interested(expert, a),
		},
		"true true 3, true true 3, false false 3, true true 2, false false 2",
	)
	if page := must(v.proposals.List(ctx, expert, "r", proposal.List{Limit: 10}, proposal.Followed))(t); page.Total != 2 {
		t.Errorf("she follows %d", page.Total)
	}
	must(v.interests.Set(ctx, western, "r", n, interest.Support, false))(t)
	if got := interested(western, a); got != "false true 1" {
		t.Errorf("who no longer supports the merged one supports an original: %s", got)
	}
	must(v.Accept(ctx, southern, "r", n, proposal.Cost{Maximum: 500}, domain.Text{}))(t)
	must(v.discussions.Comment(ctx, expert, "r", n, 0, "Hyvin yhdistetty", domain.Finnish))(t)

	m = must(v.Undo(ctx, southern, "r", m.ID, both))(t)
	if m.Stage != merge.Undone || m.Undone != both {
		t.Errorf("%+v", m)
	}
	after := must(v.proposals.Get(ctx, aino, "r", a))(t)
	if after.State != before.State || after.Text != before.Text || after.Facilitator != before.Facilitator ||
		after.Version != before.Version+2 {
		t.Errorf("%+v, before %+v", after, before)
	}
	ties := must(v.Ties(ctx, anonymous, "r", n))(t)
	if gone := must(v.proposals.Get(ctx, anonymous, "r", n))(t); gone.State != proposal.Withdrawn || gone.Cost == nil ||
		ties.Undone == nil ||
		*ties.Undone != both ||
		!slices.Equal(linked(ties.MadeOf), []int64{a, b}) {
		t.Errorf("%+v %+v", gone, ties)
	}
	if d := must(v.discussions.Read(ctx, anonymous, "r", n, 0, 10))(t); len(d.Comments) != 1 {
		t.Errorf("the comments of the merged one went: %+v", d)
	}
	if ties := must(v.Ties(ctx, anonymous, "r", a))(t); len(ties.Into) != 0 {
		t.Errorf("%+v", ties)
	}
	is(t, []string{interested(expert, n), interested(expert, b)}, "false false 0, true true 1")
	var story []string
	for _, version := range must(v.Versions(ctx, anonymous, "r", a))(t) {
		story = append(story, fmt.Sprintf("%s %s %q", version.Action, version.State, version.Reason+version.Answer.Fi))
	}
	is(
		t,
		story,
		`submit submitted "", ask_merge submitted "", merge merged "", undo submitted "Tekijä muutti mielensä"`,
	)
	again := must(v.Propose(ctx, southern, "r", merging(a, b)))(t) // and so on, as often as people want
	must(v.Drop(ctx, southern, "r", again.ID))(t)
}

// A no leaves that proposal out, and so does a decision meanwhile; of the
// silent the facilitator decides after the deadline, with a reason.
func TestEditingKeepsBothLanguages(t *testing.T) {
	t.Parallel()
	v := found(t, "proposing")
	ctx := context.Background()
	_, _, _, n := v.done(t)
	p := must(v.Ask(ctx, southern, "r", n, "Montako?", time.Time{}))(t)
	three := p.Text
	three.What, three.Language = "Kolme penkkiä", domain.Swedish
	p = must(v.Edit(ctx, aino, "r", n, p.Version, three, nil))(t)
	if p.Text.What != "Kolme penkkiä" || p.Text.Language != domain.Finnish || p.Swedish != park.Swedish {
		t.Errorf("%+v", p)
	}
	words := proposal.Words{Title: "Strandens bänkar", What: " Tre bänkar ", Why: "Man vilar"}
	version := p.Version
	p = must(v.Edit(ctx, eino, "r", n, version, p.Text, &words))(t)
	want := proposal.Words{Title: "Strandens bänkar", What: "Tre bänkar", Why: "Man vilar"}
	versions := must(v.Versions(ctx, anonymous, "r", n))(t)
	last := versions[len(versions)-1]
	if p.Swedish != want || p.Version != version+1 || last.Action != proposal.ToEdit || last.By.ID != eino.ID ||
		last.Swedish != want ||
		versions[0].Swedish != park.Swedish {
		t.Errorf("%+v %+v", p, versions)
	}
	if again := must(v.Edit(ctx, eino, "r", n, p.Version, p.Text, &want))(t); again.Version != p.Version {
		t.Errorf("a save that changes nothing made version %d", again.Version)
	}
	for name, edit := range map[string]func() error{
		"swedish.title required": func() error {
			_, err := v.Edit(ctx, aino, "r", n, p.Version, p.Text, &proposal.Words{What: "Tre"})
			return err
		},
		"swedish not_allowed": func() error {
			_, err := v.Edit(ctx, aino, "r", v.submitted(t, aino, "southern"), 2, bench("Penkki"), &want)
			return err
		},
	} {
		var e *domain.Error
		if err := edit(); !errors.As(err, &e) || e.Kind != domain.Invalid ||
			e.Fields[0].Path+" "+e.Fields[0].Code != name {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestWhoGoesIn(t *testing.T) {
	t.Parallel()
	v := found(t, "proposing")
	ctx := context.Background()
	into, no, silent, left, gone := v.submitted(
		t,
		aino,
		"southern",
	), v.submitted(
		t,
		eino,
		"southern",
	), v.submitted(
		t,
		western,
		"southern",
	), v.submitted(
		t,
		expert,
		"southern",
	), v.submitted(
		t,
		official,
		"southern",
	)
	city := v.submitted(t, aino, "southern")
	v.stage(t, "UPDATE proposal SET author = NULL, author_name = '' WHERE id = ?", city)
	v.stage(t, "DELETE FROM author WHERE proposal = ?", city)
	m := must(
		v.Propose(
			ctx,
			southern,
			"r",
			merge.Plan{Kind: merge.Merging, Proposals: []int64{into, no, silent, left, gone, city}, Into: into},
		),
	)(
		t,
	)
	must(v.merges.Answer(ctx, aino, "r", m.ID, merge.Agrees, ""))(t)
	must(v.merges.Answer(ctx, eino, "r", m.ID, merge.Refuses, "En halua"))(t)
	must(v.Withdraw(ctx, official, "r", gone))(t)
	v.SetClock(t, "2026-01-25T00:00:00Z")
	if _, err := v.Complete(ctx, southern, "r", m.ID, []int64{silent}, ""); err == nil ||
		!strings.Contains(err.Error(), "reason: required") {
		t.Errorf("without a reason: %v", err)
	}
	if _, err := v.Complete(ctx, southern, "r", m.ID, []int64{no}, "Silti"); err == nil ||
		!strings.Contains(err.Error(), "include[0]: not_allowed") {
		t.Errorf("against a no: %v", err)
	}
	m = must(v.Complete(ctx, southern, "r", m.ID, []int64{silent}, "Kysyin kahdesti"))(t)
	var got []string
	for _, member := range m.Members {
		c := member.Consents[0]
		got = append(got, fmt.Sprintf("%s %s %s %s", member.Membership, member.State, c.Answer, c.Basis))
	}
	is(
		t,
		got,
		"absorbed submitted yes author, left submitted no author, joined merged yes silence, left submitted no silence, "+
			"left withdrawn no silence, joined merged yes assisted",
	)
	if ties := must(v.Ties(ctx, anonymous, "r", into))(t); !slices.Equal(linked(ties.MadeOf), []int64{silent, city}) {
		t.Errorf("%+v", ties)
	}
	if ties := must(v.Ties(ctx, colleague, "r", into))(t); ties.Latest == nil ||
		ties.Latest.Decided != "Kysyin kahdesti" {
		t.Errorf("%+v", ties.Latest)
	}
	must(v.Undo(ctx, southern, "r", m.ID, both))(t)
	if p := must(v.proposals.Get(ctx, anonymous, "r", into))(t); p.State != proposal.Submitted {
		t.Errorf("what others had merged into is %s", p.State)
	}
	if p := must(v.proposals.Get(ctx, anonymous, "r", city))(t); p.State != proposal.Submitted {
		t.Errorf("%+v", p)
	}

	alone := must(v.Propose(ctx, southern, "r", merging(into, no)))(t)
	must(v.merges.Answer(ctx, aino, "r", alone.ID, merge.Refuses, ""))(t)
	must(v.merges.Answer(ctx, eino, "r", alone.ID, merge.Agrees, ""))(t)
	if _, err := v.Complete(ctx, southern, "r", alone.ID, nil, ""); domain.CodeOf(err) != merge.CodeRefused {
		t.Errorf("one alone: %v", err)
	}
	must(v.Drop(ctx, southern, "r", alone.ID))(t)
}

func TestSplitting(t *testing.T) {
	t.Parallel()
	v := found(t, "proposing")
	ctx := context.Background()
	id := v.submitted(t, aino, "southern")
	must(v.interests.Set(ctx, eino, "r", id, interest.Support, true))(t)
	must(v.interests.Set(ctx, eino, "r", id, interest.Follow, true))(t)
	second := park
	second.Text.Title, second.Text.Area = "Polku", "central"
	plan := merge.Plan{Kind: merge.Splitting, Proposals: []int64{id}, Parts: []merge.Part{park, second}}
	refused := must(v.Propose(ctx, southern, "r", plan))(t)
	must(v.merges.Answer(ctx, aino, "r", refused.ID, merge.Refuses, ""))(t)
	if _, err := v.Complete(ctx, southern, "r", refused.ID, nil, ""); domain.CodeOf(err) != merge.CodeRefused {
		t.Errorf("against its author: %v", err)
	}
	must(v.Drop(ctx, southern, "r", refused.ID))(t)
	m := must(v.Propose(ctx, southern, "r", plan))(t)
	if _, err := v.Drop(ctx, colleague, "r", m.ID); domain.KindOf(err) != domain.Forbidden {
		t.Errorf("a part lies in another district: %v", err)
	}
	must(v.merges.Answer(ctx, aino, "r", m.ID, merge.Agrees, ""))(t)
	m = must(v.Complete(ctx, southern, "r", m.ID, nil, ""))(t)
	one, two := m.Parts[0].Proposal, m.Parts[1].Proposal
	if ties := must(v.Ties(ctx, anonymous, "r", id))(t); !slices.Equal(linked(ties.SplitInto), []int64{one, two}) {
		t.Errorf("%+v", ties)
	}
	if ties := must(v.Ties(ctx, anonymous, "r", two))(t); !slices.Equal(linked(ties.SplitFrom), []int64{id}) {
		t.Errorf("%+v", ties)
	}
	if i := must(v.interests.Of(ctx, eino, "r", two))(t); i.Supports || !i.Follows { // of the whole, not of each part
		t.Errorf("%+v", i)
	}
	if p := must(v.proposals.Get(ctx, anonymous, "r", id))(t); p.State != proposal.Split {
		t.Errorf("%+v", p)
	}
	must(v.Reject(ctx, southern, "r", two, proposal.Duplicate, both))(t) // each goes its own way
	other := v.submitted(t, eino, "southern")
	later := must(v.Propose(ctx, southern, "r", merging(one, other)))(t)
	if _, err := v.Undo(ctx, southern, "r", m.ID, both); domain.CodeOf(err) != merge.CodeOpen {
		t.Errorf("while a part is asked for: %v", err)
	}
	must(v.merges.Answer(ctx, aino, "r", later.ID, merge.Agrees, ""))(t)
	must(v.merges.Answer(ctx, eino, "r", later.ID, merge.Agrees, ""))(t)
	later = must(v.Complete(ctx, southern, "r", later.ID, nil, ""))(t)
	if _, err := v.Undo(ctx, southern, "r", m.ID, both); domain.CodeOf(err) != merge.CodeBuiltOn {
		t.Errorf("what was built on it: %v", err)
	}
	must(v.Undo(ctx, southern, "r", later.ID, both))(t)
	must(v.Undo(ctx, southern, "r", m.ID, both))(t)
	if p := must(v.proposals.Get(ctx, anonymous, "r", id))(t); p.State != proposal.Submitted {
		t.Errorf("%+v", p)
	}
	if p := must(v.proposals.Get(ctx, anonymous, "r", one))(t); p.State != proposal.Withdrawn {
		t.Errorf("%+v", p)
	}
}

func TestRefusalsOfMerges(t *testing.T) {
	t.Parallel()
	v := found(t, "proposing")
	ctx := context.Background()
	a, b, west := v.submitted(t, aino, "southern"), v.submitted(t, eino, "southern"), v.submitted(t, aino, "western")
	own := v.submitted(t, southern, "southern")
	draft := must(v.Draft(ctx, aino, "r", bench("Luonnos")))(t).ID
	question := v.submitted(t, aino, "southern")
	must(v.Take(ctx, southern, "r", question))(t)
	must(v.Ask(ctx, southern, "r", question, "Mihin?", time.Time{}))(t)
	far := merging(a, b)
	far.Parts = []merge.Part{park}
	far.Parts[0].Text.Area = "western"
	poor := merging(a, b)
	poor.Parts = []merge.Part{{}}
	late := merging(a, b)
	late.AnswerBy = time.Date(2025, 1, 1, 0, 0, 0, 0, time.UTC)
	for name, c := range map[string]struct {
		actor domain.Actor
		plan  merge.Plan
		want  string
	}{
		"nobody":            {anonymous, merging(a, b), "sign_in_required"},
		"a resident":        {aino, merging(a, b), "not_allowed"},
		"an expert":         {expert, merging(a, b), "not_allowed"},
		"an official":       {official, merging(a, b), "not_allowed"},
		"another district":  {western, merging(a, b), "not_allowed"},
		"one of another":    {southern, merging(a, west), "not_allowed"},
		"her own":           {southern, merging(a, own), "not_allowed"},
		"made elsewhere":    {southern, far, "not_allowed"},
		"a draft":           {southern, merging(a, draft), "not_found"},
		"none such":         {southern, merging(a, 99999), "not_found"},
		"one with question": {southern, merging(a, question), "proposal_state_forbids"},
		"one alone":         {southern, merging(a), "proposals: too_few"},
		"one twice":         {southern, merging(a, a), "proposals: duplicate"},
		"without a text": {southern, poor, "parts[0].text.title: required; parts[0].text.what: required; " +
			"parts[0].text.area: required; parts[0].text.theme: required; parts[0].swedish.title: required"},
		"no part":         {southern, merge.Plan{Kind: merge.Merging, Proposals: []int64{a, b}}, "parts: too_few"},
		"into a stranger": {southern, merge.Plan{Kind: merge.Merging, Proposals: []int64{a, b}, Into: west}, "into: unknown"},
		"split into one": {
			southern,
			merge.Plan{Kind: merge.Splitting, Proposals: []int64{a}, Parts: []merge.Part{park}},
			"parts: too_few",
		},
		"split of two": {
			southern,
			merge.Plan{Kind: merge.Splitting, Proposals: []int64{a, b}, Parts: []merge.Part{park, park}},
			"proposals: too_many",
		},
		"no kind":         {southern, merge.Plan{Kind: "mix", Proposals: []int64{a, b}}, "kind: unknown"},
		"a past deadline": {southern, late, "answer_by: too_small"},
	} {
		if name == "without a text" {
			c.plan.Parts[0] = merge.Part{}
		}
		if _, err := v.Propose(ctx, c.actor, "r", c.plan); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %s", name, err, c.want)
		}
	}
	if got := must(v.Versions(ctx, aino, "r", a))(t); len(got) != 2 {
		t.Errorf("a refused merge left versions: %+v", got)
	}
	m := must(v.Propose(ctx, southern, "r", merging(a, b)))(t)
	answer := func(actor domain.Actor, answer merge.Answer) error {
		_, err := v.merges.Answer(ctx, actor, "r", m.ID, answer, "")
		return err
	}
	complete := func(actor domain.Actor) error { _, err := v.Complete(ctx, actor, "r", m.ID, nil, "x"); return err }
	drop := func(actor domain.Actor) error { _, err := v.Drop(ctx, actor, "r", m.ID); return err }
	undo := func(actor domain.Actor) error { _, err := v.Undo(ctx, actor, "r", m.ID, both); return err }
	refused := func(name string, err error, want domain.Code) {
		t.Helper()
		if err == nil || domain.CodeOf(err) != want {
			t.Errorf("%s: %v, want %s", name, err, want)
		}
	}
	refused("nobody answers", answer(anonymous, merge.Agrees), domain.CodeSignIn)
	refused("somebody else answers", answer(expert, merge.Agrees), domain.CodeNotAllowed)
	refused("the facilitator answers", answer(southern, merge.Agrees), domain.CodeNotAllowed)
	refused("maybe", answer(aino, "unclear"), domain.CodeInvalid)
	if err := answer(aino, merge.Agrees); err != nil {
		t.Fatal(err)
	}
	refused("a second answer", answer(aino, merge.Refuses), merge.CodeAnswered)
	for _, actor := range []domain.Actor{anonymous, aino, expert, official, western} {
		want := domain.CodeNotAllowed
		if actor.Anonymous() {
			want = domain.CodeSignIn
		}
		refused(actor.Name+" completes", complete(actor), want)
		refused(actor.Name+" drops", drop(actor), want)
		refused(actor.Name+" undoes", undo(actor), want)
	}
	refused("undone before it is done", undo(southern), merge.CodeSettled)
	if _, err := v.Drop(ctx, southern, "other", m.ID); domain.KindOf(err) != domain.NotFound {
		t.Errorf("under another round: %v", err)
	}
	for _, actor := range []domain.Actor{anonymous, aino} {
		if _, err := v.merges.List(ctx, actor, "r"); err == nil {
			t.Errorf("%q lists merges", actor.Name)
		}
	}
	for actor, want := range map[int]domain.Actor{1: southern, 0: western} {
		if got := must(v.merges.List(ctx, want, "r"))(t); len(got) != actor {
			t.Errorf("%s: %+v", want.Name, got)
		}
	}
	if got := must(v.merges.List(ctx, official, "r"))(t); len(got) != 1 {
		t.Errorf("%+v", got)
	}
	if err := answer(eino, merge.Agrees); err != nil {
		t.Fatal(err)
	}
	if err := complete(southern); err != nil {
		t.Fatal(err)
	}
	refused("completed twice", complete(southern), merge.CodeSettled)
	refused("dropped when done", drop(southern), merge.CodeSettled)
	refused("answered when done", answer(aino, merge.Agrees), merge.CodeSettled)
	if _, err := v.Undo(ctx, southern, "r", m.ID, domain.Text{Fi: "Vain suomeksi"}); err == nil ||
		!strings.Contains(err.Error(), "text.sv: required") {
		t.Errorf("without Swedish: %v", err)
	}
	n := must(v.Ties(ctx, southern, "r", a))(t).Into[0].Proposal
	must(v.Accept(ctx, southern, "r", n, proposal.Cost{Maximum: 500}, domain.Text{}))(t)
	projects := must(v.place(ctx, official, "r", []int64{n}))(t)
	if projects[0].Title != (domain.Text{Fi: "Rannan penkit", Sv: "Strandens bänkar"}) ||
		projects[0].Description.Sv != "Två bänkar" {
		t.Errorf("%+v", projects[0])
	}
	refused("undone from the ballot", undo(southern), merge.CodeBuiltOn)
	goTo(t, v.DB, "r", "vetting", "frozen")
	refused("undone after the freeze", undo(southern), domain.CodePhase)
	refused(
		"merged after the freeze",
		func() error { _, err := v.Propose(ctx, southern, "r", merging(west, question)); return err }(),
		domain.CodeNotAllowed,
	)
}

// What the database itself refuses, under the production role.
func TestTheDatabaseKeepsMerges(t *testing.T) {
	t.Parallel()
	v := found(t, "proposing")
	ctx := context.Background()
	_, a, b, n := v.done(t)
	open, c, d := v.asked(t)
	must(v.merges.Answer(ctx, aino, "r", open.ID, merge.Refuses, ""))(t)
	must(v.AddConflict(ctx, official, "r", []int64{c, d}, both))(t)
	refused := func(q, want string) {
		t.Helper()
		_, err := v.ExecContext(ctx, q)
		told, _ := errors.AsType[*pgconn.PgError](err)
		if told == nil || told.ConstraintName != want && !strings.Contains(told.Message, want) {
			t.Errorf("%s: %v, want %s", q, err, want)
		}
	}
	for q, want := range map[string]string{
		fmt.Sprintf("UPDATE proposal SET state = 'submitted' WHERE id = %d",
			a): "proposal_merged",
		fmt.Sprintf("UPDATE proposal SET state = 'merged' WHERE id = %d",
			c): "proposal_merged",
		fmt.Sprintf("UPDATE merge_member SET membership = 'restored' WHERE proposal = %d",
			a): "proposal_merged",
		fmt.Sprintf("INSERT INTO merge_member (merge, round, proposal, membership) VALUES (1, 'r', %d, 'waiting')",
			c): "merge_member_waiting_once",
		fmt.Sprintf("UPDATE merge_member SET membership = 'joined', before = 'x' WHERE merge = 2 AND proposal = %d",
			c): "proposal_merged",
		"UPDATE merge SET stage = 'asked', settled_at = NULL WHERE id = 1":      "merge_stage_order",
		"UPDATE merge SET stage = 'done', settled_at = osbu_now() WHERE id = 2": "merge_whole",
		"UPDATE merge SET stage = 'undone' WHERE id = 1":                        "merge_undone_why",
		"UPDATE merge_consent SET answer = 'yes' WHERE answer = 'no'":           "merge_answered_once",
		"UPDATE merge_consent SET account = 3":                                  "permission denied",
		"DELETE FROM merge_consent":                                             "permission denied",
		"DELETE FROM merge_member":                                              "permission denied",
		"DELETE FROM merge":                                                     "permission denied",
		"UPDATE conflict SET reason = '{}'":                                     "permission denied",
		"INSERT INTO conflict (round, reason, by, by_name, at) VALUES ('r', '{\"fi\": \"x\"}', 6, '', osbu_now())": "conflict_reasoned",
		"INSERT INTO merge (round, kind, stage, message, by, by_name, asked_at, answer_by, settled_at) VALUES ('r', " +
			"'merge', 'done', '', 3, '', osbu_now(), osbu_now(), osbu_now())": "merge_stage_order",
	} {
		refused(q, want)
	}
	// A circle: what was made of two goes into one of them.
	v.stage(t, "UPDATE proposal SET state = 'in_evaluation' WHERE id = ?", a)
	v.stage(
		t,
		`INSERT INTO merge (round, kind, stage, message, by, by_name, asked_at, answer_by)
			VALUES ('r', 'merge', 'asked', '', 3, '', osbu_now(), osbu_now())`,
	)
	v.stage(
		t,
		"INSERT INTO merge_member (merge, round, proposal, membership, before) VALUES ((SELECT max(id) FROM merge), 'r', "+
			"?, 'joined', 'x'), ((SELECT max(id) FROM merge), 'r', ?, 'absorbed', 'x')",
		n,
		b,
	)
	v.stage(
		t,
		"INSERT INTO merge_part (merge, round, number, proposal, made, title, what, why, place, language) VALUES ((SELECT "+
			"max(id) FROM merge), 'r', 1, ?, false, '', '', '', '', 'fi')",
		b,
	)
	refused(
		"UPDATE merge SET stage = 'done', settled_at = osbu_now() WHERE id = (SELECT max(id) FROM merge)",
		"merge_circle",
	)
	if err := v.store.CreateRound(ctx, newRound("other"), entry("other", "create")); err != nil {
		t.Fatal(err)
	}
	v.stage(
		t,
		`INSERT INTO merge (round, kind, stage, message, by, by_name, asked_at, answer_by)
			VALUES ('other', 'merge', 'asked', '', 3, '', osbu_now(), osbu_now())`,
	)
	refused(
		fmt.Sprintf(
			"INSERT INTO merge_member (merge, round, proposal, membership) SELECT max(id), 'other', %d, 'waiting' FROM merge",
			b,
		),
		"merge_round",
	)
	v.stage(t, "UPDATE round SET phase = 'frozen', freeze_decision = '§ 1' WHERE id = 'r'")
	for _, q := range []string{
		"UPDATE merge SET stage = 'undone', undone = '{\"fi\": \"x\", \"sv\": \"x\"}' WHERE id = 1",
		"UPDATE merge_member SET membership = 'restored'",
		"UPDATE merge_part SET proposal = 1 WHERE proposal IS NULL",
		"UPDATE merge_consent SET answer = 'yes', basis = 'author', at = osbu_now() WHERE answer IS NULL",
		"DELETE FROM conflict",
		"DELETE FROM conflict_member",
		"INSERT INTO conflict (round, reason, by, by_name, at) VALUES ('r', '{\"fi\": \"x\", \"sv\": \"x\"}', 6, '', " +
			"osbu_now())",
		fmt.Sprintf("UPDATE proposal SET state = 'submitted' WHERE id = %d", b),
	} {
		refused(q, "frozen")
	}
}

// Of two facilitators who want the same proposal at the same moment one gets
// it, and the other is told.
func TestRaceOfMerges(t *testing.T) {
	t.Parallel()
	v := found(t, "proposing")
	ctx := context.Background()
	for range 5 {
		a, b, c := v.submitted(t, aino, "southern"), v.submitted(t, eino, "southern"), v.submitted(t, eino, "southern")
		results := make([]error, 2)
		var wg sync.WaitGroup
		wg.Go(func() { _, results[0] = v.Propose(ctx, southern, "r", merging(a, b)) })
		wg.Go(func() { _, results[1] = v.Propose(ctx, colleague, "r", merging(c, b)) })
		wg.Wait()
		if (results[0] == nil) == (results[1] == nil) {
			t.Fatal(results)
		}
		for _, err := range results {
			if err != nil && (domain.CodeOf(err) != merge.CodeOpen || domain.KindOf(err) != domain.Conflict) {
				t.Error(err)
			}
		}
	}
}

func TestConflictsAreNotedAndStandOnTheBallot(t *testing.T) {
	t.Parallel()
	v := found(t, "proposing")
	ctx := context.Background()
	a, b, c := v.accepted(t, "Penkki"), v.accepted(t, "Pöytä"), v.accepted(t, "Polku")
	for name, err := range map[string]error{
		"sign_in_required": func() error {
			_,
				err := v.AddConflict(ctx, anonymous, "r", []int64{a, b}, both)
			return err
		}(),
		"not_allowed": func() error { _, err := v.AddConflict(ctx, aino, "r", []int64{a, b}, both); return err }(),
		"noted by a facilitator": func() error {
			_,
				err := v.AddConflict(ctx, western, "r", []int64{a, b}, both)
			return err
		}(),
		"reason.sv: required": func() error {
			_, err := v.AddConflict(ctx, southern, "r", []int64{a, b}, domain.Text{Fi: "x"})
			return err
		}(),
		"proposals: too_few": func() error { _, err := v.AddConflict(ctx, southern, "r", []int64{a}, both); return err }(),
		"proposals: duplicate": func() error {
			_,
				err := v.AddConflict(ctx, southern, "r", []int64{a, a}, both)
			return err
		}(),
		"not_found": func() error { _, err := v.AddConflict(ctx, southern, "r", []int64{a, 99999}, both); return err }(),
	} {
		if err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("want %s: %v", name, err)
		}
	}
	first := must(v.AddConflict(ctx, southern, "r", []int64{c, a, b}, both))(t)
	must(v.AddConflict(ctx, expert, "r", []int64{a, b}, both))(t)
	ties := must(v.Ties(ctx, anonymous, "r", b))(t)
	if len(ties.Conflicts) != 2 || len(ties.Conflicts[0].Proposals) != 3 || ties.Conflicts[0].Reason != both ||
		ties.Conflicts[0].May {
		t.Fatalf("%+v", ties.Conflicts)
	}
	must(v.place(ctx, official, "r", []int64{a, b}))(t)
	p := must(v.projects.Get(ctx, anonymous, "r", 1))(t)
	if len(p.Conflicts) != 2 || !slices.Equal(p.Conflicts[0].Numbers, []int{2}) || p.Conflicts[0].Reason != both {
		t.Errorf("%+v", p.Conflicts)
	}
	state := must(v.store.State(ctx, "r"))(t)
	if len(state.Conflicts) != 2 || !slices.Equal(state.Conflicts[0].Projects, []int{1, 2}) {
		t.Errorf("%+v", state.Conflicts)
	}
	if err := v.LiftConflict(ctx, western, "r", first.ID); domain.KindOf(err) != domain.Forbidden {
		t.Error(err)
	}
	if err := v.LiftConflict(ctx, colleague, "r", first.ID); err != nil {
		t.Error(err)
	}
	if err := v.LiftConflict(ctx, colleague, "r", first.ID); domain.KindOf(err) != domain.NotFound {
		t.Error(err)
	}
	goTo(t, v.DB, "r", "vetting", "frozen")
	if err := v.LiftConflict(ctx, southern, "r", first.ID+1); domain.KindOf(err) != domain.Closed {
		t.Error(err)
	}
	if _, err := v.AddConflict(ctx, southern, "r", []int64{a, c}, both); domain.KindOf(err) != domain.Closed {
		t.Error(err)
	}
	if day := must(v.projects.Today(ctx, anonymous, "r", ""))(t); len(day.Projects[0].Conflicts) != 1 {
		t.Errorf("%+v", day.Projects)
	}
}

// Ties, lists and completions take as many queries for many members as for two.
// What a merge makes takes over the conflicts of its originals, into the
// manifest, and an undoing gives them back.
func TestConflictsFollowMerges(t *testing.T) {
	t.Parallel()
	v := found(t, "proposing")
	ctx := context.Background()
	m, a, b := v.asked(t)
	c := v.accepted(t, "Polku")
	must(v.AddConflict(ctx, southern, "r", []int64{a, c}, both))(t)
	must(v.AddConflict(ctx, southern, "r", []int64{a, b}, both))(t)
	for _, author := range []domain.Actor{aino, eino} {
		must(v.merges.Answer(ctx, author, "r", m.ID, merge.Agrees, ""))(t)
	}
	m = must(v.Complete(ctx, southern, "r", m.ID, nil, ""))(t)
	n := m.Parts[0].Proposal
	conflicting := func(of int64) (all string) {
		for _, conflict := range must(v.Ties(ctx, anonymous, "r", of))(t).Conflicts {
			all += fmt.Sprint(linked(conflict.Proposals))
		}
		return all
	}
	merged := fmt.Sprint([]int64{c, n}) // and no conflict of the new one with itself
	is(t, []string{conflicting(n), conflicting(c), conflicting(a)}, merged+", "+merged+", ")

	must(v.Accept(ctx, southern, "r", n, proposal.Cost{Maximum: 500}, domain.Text{}))(t)
	must(v.place(ctx, official, "r", nil))(t)
	projects := must(v.projects.Today(ctx, anonymous, "r", "southern"))(t).Projects
	state := must(v.store.State(ctx, "r"))(t)
	if len(projects) != 2 || len(projects[0].Conflicts) != 1 || len(state.Conflicts) != 1 ||
		fmt.Sprint(state.Conflicts[0].Projects) != "[1 2]" ||
		state.Conflicts[0].Reason != both {
		t.Errorf("%+v %+v", projects, state.Conflicts)
	}
	for _, p := range projects {
		if err := v.projects.Remove(ctx, official, "r", p.Number, v.ballot(ctx)); err != nil {
			t.Fatal(err)
		}
	}
	must(v.Undo(ctx, southern, "r", m.ID, both))(t)
	is(
		t,
		[]string{conflicting(n), conflicting(a), conflicting(c)},
		", "+fmt.Sprint([]int64{a, c})+fmt.Sprint([]int64{a, b})+", "+fmt.Sprint([]int64{a, c}),
	)
}

func TestMergesTakeAFixedNumberOfQueries(t *testing.T) {
	t.Parallel()
	v := found(t, "proposing")
	ctx := context.Background()
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
	var counts [2][4]int
	for i, members := range []int{2, 8} {
		ids := make([]int64, members)
		for j := range ids {
			ids[j] = v.submitted(t, aino, "southern")
		}
		var m merge.View
		counts[i][0] = asks(func() (err error) { m, err = v.Propose(ctx, southern, "r", merging(ids...)); return err })
		counts[i][1] = asks(func() error { _, err := v.merges.List(ctx, southern, "r"); return err })
		must(v.merges.Answer(ctx, aino, "r", m.ID, merge.Agrees, ""))(t)
		counts[i][2] = asks(func() error { _, err := v.Complete(ctx, southern, "r", m.ID, nil, ""); return err })
		counts[i][3] = asks(func() error { _, err := v.Ties(ctx, southern, "r", ids[0]); return err })
	}
	if counts[0] != counts[1] {
		t.Errorf("%v queries for two members, %v for eight", counts[0], counts[1])
	}
}

// Each author is asked and told by e-mail once, followers of the originals hear
// of the merged one's steps, and a question that was answered is not sent
// any more.
func TestEmailsOfMerges(t *testing.T) {
	t.Parallel()
	v := found(t, "proposing")
	ctx := context.Background()
	for _, who := range []domain.Actor{aino, eino, western} {
		v.stage(t, "INSERT INTO mailbox (account, address, confirmed, language) VALUES (?, 'x', true, 'fi')", who.ID)
	}
	v.stage(t, "UPDATE account SET language = 'sv'")
	m, a, b := v.asked(t)
	must(v.interests.Set(ctx, western, "r", a, interest.Follow, true))(t)
	must(v.interests.Set(ctx, western, "r", b, interest.Follow, true))(t)
	must(v.merges.Answer(ctx, eino, "r", m.ID, merge.Agrees, ""))(t)
	claim := func() (got []string) {
		for {
			l, _, err := v.store.ClaimEmail(ctx, []time.Duration{time.Hour})
			if err != nil {
				t.Fatal(err)
			}
			if l == nil {
				slices.Sort(got)
				return got
			}
			if l.Notification != post.Submitted && l.Notification != post.Taken {
				got = append(got, fmt.Sprintf("%d %s %s %v %v", l.To.Account, l.Notification, l.Kind, l.Wanted, l.Others))
			}
			if l.Notification == post.MergeAsked && l.Wanted && (!l.Until.Equal(m.AnswerBy) || l.Words != "Sama penkki") {
				t.Errorf("%+v", l)
			}
		}
	}
	is(t, claim(), "1 merge_asked questions true [Penkki], 2 merge_asked questions false [Penkki]")
	must(v.merges.Answer(ctx, aino, "r", m.ID, merge.Agrees, ""))(t)
	m = must(v.Complete(ctx, southern, "r", m.ID, nil, ""))(t)
	is(
		t,
		claim(),
		"1 merged decisions true [Rannan penkit], 2 merged decisions true [Rannan penkit], 4 merged followed false [Rannan "+
			"penkit], 4 merged followed true [Rannan penkit]", // who follows both hears of it once
	)
	must(v.Accept(ctx, southern, "r", m.Parts[0].Proposal, proposal.Cost{Maximum: 500}, domain.Text{}))(t)
	is(t, claim(), "1 accepted decisions true [], 2 accepted decisions true [], 4 accepted followed true []")
	must(v.Undo(ctx, southern, "r", m.ID, both))(t)
	is(t, claim(), "1 unmade decisions true [], 2 unmade decisions true [], 4 unmade followed true []")
}
