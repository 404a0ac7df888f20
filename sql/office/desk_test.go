package office_test

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"osbu/domain"
	"osbu/domain/proposal"
	"osbu/domain/proposal/desk"
	"osbu/sql/office"
)

// seated makes the facilitators known, as their sign-ins do.
func (v village) seated(t *testing.T) {
	t.Helper()
	for _, a := range []domain.Actor{southern, western, colleague} {
		v.stage(
			t,
			"INSERT INTO facilitator (account, areas) SELECT ?, string_to_array(?, ' ')",
			a.ID,
			strings.Join(a.Areas, " "),
		)
	}
}

func (v village) submitted(t *testing.T, author domain.Actor, area string) int64 {
	t.Helper()
	ctx := context.Background()
	text := bench("Penkki")
	text.Area = area
	id := must(v.Draft(ctx, author, "r", text))(t).ID
	must(v.Submit(ctx, author, "r", id))(t)
	return id
}

// A new proposal goes to the facilitator of its area who has the least to do,
// never to its author; where there is none, to nobody.
func TestRouting(t *testing.T) {
	t.Parallel()
	v := found(t, "proposing")
	ctx := context.Background()
	if p := must(v.proposals.Get(ctx, official, "r", v.submitted(t, aino, "southern")))(t); p.Facilitator.ID != 0 {
		t.Fatalf("routed to %v, whom nobody knows", p.Facilitator)
	}
	v.seated(t)
	var went []int64
	for range 4 {
		went = append(went, must(v.proposals.Get(ctx, official, "r", v.submitted(t, aino, "southern")))(t).Facilitator.ID)
	}
	if !slices.Equal(went, []int64{southern.ID, colleague.ID, southern.ID, colleague.ID}) {
		t.Errorf("routed to %v", went)
	}
	for area, want := range map[string]int64{"central": southern.ID, "northern": 0} {
		if p := must(v.proposals.Get(ctx, official, "r", v.submitted(t, aino, area)))(t); p.Facilitator.ID != want {
			t.Errorf("%s: routed to %v", area, p.Facilitator)
		}
	}
	if p := must(v.proposals.Get(ctx, official, "r", v.submitted(t, western, "western")))(t); p.Facilitator.ID != 0 {
		t.Errorf("her own came to her: %v", p.Facilitator)
	}
}

func TestHandingOver(t *testing.T) {
	t.Parallel()
	v := found(t, "proposing")
	ctx := context.Background()
	v.seated(t)
	one, two, west := v.submitted(
		t,
		aino,
		"southern",
	), v.submitted(
		t,
		aino,
		"southern",
	), v.submitted(
		t,
		aino,
		"western",
	)
	own := v.submitted(t, southern, "southern")
	draft := must(v.Draft(ctx, aino, "r", bench("Luonnos")))(t).ID
	decided := v.accepted(t, "Valmis")
	before := must(v.proposals.Get(ctx, aino, "r", one))(t).Version
	for _, c := range []struct {
		name  string
		actor domain.Actor
		ids   []int64
		to    int64
		want  domain.Kind
	}{
		{"nobody", anonymous, []int64{one}, colleague.ID, domain.Unauthenticated},
		{"a resident", eino, []int64{one}, colleague.ID, domain.Forbidden},
		{"the author", aino, []int64{one}, colleague.ID, domain.Forbidden},
		{"an expert", expert, []int64{one}, colleague.ID, domain.Forbidden},
		{"another district", western, []int64{one}, western.ID, domain.Forbidden},
		{"one of another district among hers", southern, []int64{one, west}, southern.ID, domain.Forbidden},
		{"her own", southern, []int64{own}, colleague.ID, domain.Forbidden},
		{"to another district's", southern, []int64{one}, western.ID, domain.Conflict},
		{"to the author", colleague, []int64{own}, southern.ID, domain.Conflict},
		{"to somebody who is no facilitator", southern, []int64{one}, aino.ID, domain.Invalid},
		{"none", southern, nil, colleague.ID, domain.Invalid},
		{"one twice", southern, []int64{one, one}, colleague.ID, domain.Invalid},
		{"a draft", official, []int64{draft}, colleague.ID, domain.NotFound},
		{"a decided one", southern, []int64{one, decided}, colleague.ID, domain.Conflict},
		{"one that is not there", southern, []int64{one, 99999}, colleague.ID, domain.NotFound},
	} {
		if err := v.Assign(ctx, c.actor, "r", c.ids, c.to, "Lomani alkaa"); domain.KindOf(err) != c.want || err == nil {
			t.Errorf("%s: %v", c.name, err)
		}
	}
	if f := must(v.desks.Case(ctx, southern, "r", one))(t); len(f.Notes) != 0 {
		t.Fatalf("a refused handing over left %+v", f.Notes)
	}
	if err := v.Assign(ctx, southern, "r", []int64{two, one}, colleague.ID, "Lomani alkaa"); err != nil {
		t.Fatal(err)
	}
	if err := v.Assign(ctx, official, "r", []int64{two}, 0, ""); err != nil {
		t.Fatal(err)
	}
	p := must(v.proposals.Get(ctx, aino, "r", one))(t)
	if p.Facilitator.ID != colleague.ID || p.Version != before {
		t.Errorf("%+v", p)
	}
	must(v.Edit(ctx, aino, "r", one, before, bench("Pöytä"), nil))(t) // nothing that she was writing is lost
	var told []string
	for _, n := range must(v.desks.Case(ctx, southern, "r", two))(t).Notes {
		told = append(told, fmt.Sprintf("%s to %s: %s", n.By.Name, n.To.Name, n.Text))
	}
	is(t, told, "Sanna Stadiluotsi to Kaisa Stadiluotsi: Lomani alkaa, Olli Official to : ")
	goTo(t, v.DB, "r", "vetting")
	if err := v.Assign(ctx, southern, "r", []int64{one}, southern.ID, ""); err != nil {
		t.Error(err)
	}
	v.stage(t, "UPDATE round SET phase = 'voting', freeze_decision = '§ 1'")
	if err := v.Assign(ctx, southern, "r", []int64{one}, colleague.ID, ""); domain.KindOf(err) != domain.Closed {
		t.Errorf("during the vote: %v", err)
	}
}

// Nobody but the area's facilitators and officials writes into a file; experts
// read; residents, the author and other districts see nothing of it.
func TestWhoSeesTheFile(t *testing.T) {
	t.Parallel()
	v := found(t, "proposing")
	ctx := context.Background()
	id, own := v.submitted(t, aino, "southern"), v.submitted(t, southern, "southern")
	if err := v.Refer(ctx, southern, "r", desk.Referral{Proposals: []int64{id}, Division: "environment"}); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		actor       domain.Actor
		read, write domain.Kind
	}{
		{anonymous, domain.Unauthenticated, domain.Unauthenticated},
		{aino, domain.Forbidden, domain.Forbidden},
		{eino, domain.Forbidden, domain.Forbidden},
		{western, domain.Forbidden, domain.Forbidden},
		{expert, "", domain.Forbidden},
		{outsider, domain.Forbidden, domain.Forbidden},
		{southern, "", ""},
		{colleague, "", ""},
		{official, "", ""},
	} {
		_, read := v.desks.Case(ctx, c.actor, "r", id)
		note := v.desks.AddNote(ctx, c.actor, "r", id, "Salainen muistiinpano")
		mark := v.AnswerCheck(ctx, c.actor, "r", id, "legality", desk.No, "Salainen perustelu")
		log := v.AddContact(
			ctx,
			c.actor,
			"r",
			desk.Contact{Proposal: id, Channel: "phone", Topic: "idea", Language: "fi", Minutes: 15},
		)
		area := v.AddContact(
			ctx,
			c.actor,
			"r",
			desk.Contact{Area: "southern", Channel: "event", Topic: "voting", Language: "other", Minutes: 480},
		)
		for _, did := range []struct {
			what string
			err  error
			want domain.Kind
		}{
			{"reads", read, c.read},
			{"notes", note, c.write},
			{"marks", mark, c.write},
			{"logs", log, c.write},
			{"logs in the area", area, c.write},
		} {
			if did.want == "" && did.err != nil ||
				did.want != "" && (did.err == nil || domain.KindOf(did.err) != did.want) {
				t.Errorf("%q %s: %v, want %q", c.actor.Name, did.what, did.err, did.want)
			}
		}
	}
	if _, err := v.desks.Case(ctx, southern, "r", own); domain.KindOf(err) != domain.Forbidden {
		t.Errorf("she reads what colleagues say of her own proposal: %v", err)
	}
	if _, err := v.desks.Case(ctx, official, "other", id); domain.KindOf(err) != domain.NotFound {
		t.Errorf("under another round: %v", err)
	}
	f := must(v.desks.Case(ctx, southern, "r", id))(t)
	if len(f.Notes) != 4 || len(f.Answers) != 1 || f.Answers[0].By.Name != "Olli Official" || len(f.Contacts) != 3 ||
		f.Contacts[0].Area != "southern" {
		t.Errorf("%+v", f)
	}
	if f := must(v.desks.Case(ctx, expert, "r", id))(t); len(f.Notes) != 4 || len(f.Answers) != 1 || f.Contacts != nil {
		t.Errorf("an expert reads how people were helped: %+v", f)
	}
	for _, a := range []domain.Actor{anonymous, aino, eino} {
		all := fmt.Sprintf("%+v %+v", must(v.proposals.Get(ctx, a, "r", id))(t), must(v.Versions(ctx, a, "r", id))(t))
		if strings.Contains(all, "Salainen") {
			t.Errorf("%q sees %s", a.Name, all)
		}
	}
	for actor, want := range map[string]int{"southern": 6, "western": 0, "official": 6} {
		a := map[string]domain.Actor{"southern": southern, "western": western, "official": official}[actor]
		if got := must(v.Contacts(ctx, a, "r"))(t); len(got) != want {
			t.Errorf("%s: %d contacts", actor, len(got))
		}
	}
	for _, a := range []domain.Actor{anonymous, aino, expert} {
		if _, err := v.Contacts(ctx, a, "r"); err == nil {
			t.Errorf("%q reads contacts", a.Name)
		}
	}
	for name, query := range map[string]string{
		"note": "UPDATE note SET to_whom = NULL", "note ": "DELETE FROM note",
		"contact": "UPDATE contact SET minutes = 1", "mark": "DELETE FROM mark",
	} {
		if _, err := v.DB.DB.ExecContext(ctx, query); err == nil ||
			!strings.Contains(err.Error(), "permission denied") {
			t.Errorf("%s: %v", name, err)
		}
	}
	for _, set := range []string{"text = ''", "text = 'x'", "text = 'x', erased_by = 'x'", "erased_by = ''"} {
		if _, err := v.DB.DB.ExecContext(ctx, "UPDATE note SET "+set); err == nil ||
			!strings.Contains(err.Error(), "a note is erased, by somebody, or stays") {
			t.Errorf("a note takes %s: %v", set, err)
		}
	}
}

func TestTheDeskIsSetByOfficials(t *testing.T) {
	t.Parallel()
	v := found(t, "proposing")
	ctx := context.Background()
	d, colleagues, err := v.desks.Get(ctx, southern, "r")
	if err != nil || len(d.Checklist) != 6 || len(d.Templates) != 8 || len(colleagues) != 0 {
		t.Fatalf("%+v %v", d, err)
	}
	mine := desk.Desk{
		Divisions: []desk.Division{
			{ID: "parks", Name: domain.Text{Fi: "Puistot", Sv: "Parker"}},
		}, Checklist: []desk.Check{{ID: "shade", Text: domain.Text{Fi: "Onko varjoa?", Sv: "Finns skugga?"}}},
		Templates: []desk.Template{{Reason: proposal.Other, Text: domain.Text{Fi: "Ei.", Sv: "Nej."}}},
	}
	for _, a := range []domain.Actor{anonymous, aino, southern, expert} {
		if err := v.desks.Update(ctx, a, "r", d.Version(), mine); err == nil {
			t.Errorf("%q sets the desk", a.Name)
		}
	}
	if err := v.desks.Update(ctx, official, "r", d.Version(), mine); err != nil {
		t.Fatal(err)
	}
	if d, _, err = v.desks.Get(ctx, expert, "r"); err != nil || !slices.Equal(d.Checklist, mine.Checklist) ||
		!slices.Equal(d.Templates, mine.Templates) ||
		!slices.Equal(d.Divisions, mine.Divisions) {
		t.Errorf("%+v %v", d, err)
	}
	if _, _, err := v.desks.Get(ctx, aino, "r"); domain.KindOf(err) != domain.Forbidden {
		t.Error(err)
	}
	id := v.submitted(t, aino, "southern")
	if err := v.Refer(ctx, southern, "r", desk.Referral{Proposals: []int64{id}, Division: "parks"}); err != nil {
		t.Fatal(err)
	}
	for what, err := range map[string]error{
		"divisions: required": v.desks.Update(ctx, official, "r", mine.Version(), desk.Desk{}),
		"divisions[0].name.sv: r": v.desks.Update(ctx, official, "r", mine.Version(),
			desk.Desk{Divisions: []desk.Division{{ID: "parks", Name: domain.Text{Fi: "Puistot"}}}}),
		"divisions[1].id: dupl": v.desks.Update(ctx, official, "r", mine.Version(),
			desk.Desk{Divisions: append(mine.Divisions, mine.Divisions...)}),
		"check: unknown":   v.AnswerCheck(ctx, southern, "r", id, "legality", desk.Yes, ""),
		"verdict: unknown": v.AnswerCheck(ctx, southern, "r", id, "shade", "maybe", ""),
		"text: required":   v.desks.AddNote(ctx, southern, "r", id, " \n"),
		"minutes: too_large": v.AddContact(ctx, southern, "r",
			desk.Contact{Area: "southern", Channel: "phone", Topic: "idea", Language: "fi", Minutes: 481}),
		"minutes: too_small": v.AddContact(ctx, southern, "r",
			desk.Contact{Area: "southern", Channel: "phone", Topic: "idea", Language: "fi"}),
		"channel: unknown": v.AddContact(ctx, southern, "r",
			desk.Contact{Area: "southern", Channel: "fax", Topic: "idea", Language: "fi", Minutes: 1}),
		"checklist[1].id: dup": v.desks.Update(ctx, official, "r", mine.Version(),
			desk.Desk{Checklist: append(mine.Checklist, mine.Checklist...)}),
		"templates[0].text.sv: r": v.desks.Update(ctx, official, "r", mine.Version(),
			desk.Desk{Templates: []desk.Template{{Reason: proposal.Other, Text: domain.Text{Fi: "Ei."}}}}),
	} {
		if err == nil || !strings.Contains(err.Error(), what) {
			t.Errorf("want %s: %v", what, err)
		}
	}
	goTo(t, v.DB, "r", "vetting", "frozen")
	if err := v.desks.Update(ctx, official, "r", mine.Version(), mine); domain.KindOf(err) != domain.Closed {
		t.Errorf("after the freeze: %v", err)
	}
}

// The queue is found by words, by whose it is and by its clock, with as many
// queries for one row as for many.
func TestTheQueueIsFiltered(t *testing.T) {
	t.Parallel()
	v := found(t, "proposing")
	ctx := context.Background()
	v.seated(t)
	asked, other := v.submitted(t, aino, "southern"), v.submitted(t, aino, "southern")
	free := v.submitted(t, aino, "southern")
	if err := v.Assign(ctx, southern, "r", []int64{free}, 0, ""); err != nil {
		t.Fatal(err)
	}
	must(v.Take(ctx, southern, "r", asked))(t)
	p := must(
		v.Ask(
			ctx,
			southern,
			"r",
			asked,
			"Mihin?",
			must(v.proposals.Get(ctx, southern, "r", asked))(t).UpdatedAt.AddDate(0, 0, 2),
		),
	)(
		t,
	)
	for _, c := range []struct {
		name, moment string
		list         proposal.List
		mine         bool
		want         []int64
	}{
		{"all", "", proposal.List{}, false, []int64{asked, other, free}},
		{"nobody's", "", proposal.List{Free: true}, false, []int64{free}},
		{"mine", "", proposal.List{}, true, []int64{asked}},
		{"words", "", proposal.List{Words: "penkit"}, false, []int64{asked, other, free}},
		{"no such words", "", proposal.List{Words: "uimahalli"}, false, nil},
		{"not late yet", p.AnswerBy.Add(-1e9).UTC().Format("2006-01-02T15:04:05Z"), proposal.List{Late: true}, false, nil},
		{"late", p.AnswerBy.UTC().Format("2006-01-02T15:04:05Z"), proposal.List{Late: true}, false, []int64{asked}},
	} {
		if c.moment != "" {
			v.SetClock(t, c.moment)
		}
		c.list.Limit = 10
		page, err := v.Queue(ctx, southern, "r", c.list, c.mine)
		if err != nil {
			t.Fatal(err)
		}
		var got []int64
		for _, p := range page.Proposals {
			got = append(got, p.ID)
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
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
		counted.n = 0
		if err := do(); err != nil {
			t.Fatal(err)
		}
		return counted.n
	}
	one := asks(func() error { return v.Assign(ctx, southern, "r", []int64{asked}, colleague.ID, "") })
	three := asks(func() error { return v.Assign(ctx, southern, "r", []int64{asked, other, free}, southern.ID, "") })
	file := asks(func() error { _, err := v.desks.Case(ctx, southern, "r", asked); return err })
	for range 5 {
		if err := v.desks.AddNote(ctx, southern, "r", asked, "Muistiinpano"); err != nil {
			t.Fatal(err)
		}
	}
	if more := asks(func() error { _, err := v.desks.Case(ctx, southern, "r", asked); return err }); one == 0 ||
		one != three ||
		file != more {
		t.Errorf(
			"%d queries to hand over one, %d for three; %d for an empty file, %d for a full one",
			one,
			three,
			file,
			more,
		)
	}
}

func TestNobodyOverwritesTheDeskUnseen(t *testing.T) {
	t.Parallel()
	v := found(t, "proposing")
	ctx := context.Background()
	seen, _, err := v.desks.Get(ctx, official, "r")
	if err != nil {
		t.Fatal(err)
	}
	// Two who have read the same save at once, one a check and one a template.
	first, _, err := v.desks.Get(ctx, official, "r")
	if err != nil {
		t.Fatal(err)
	}
	second, _, err := v.desks.Get(ctx, official, "r")
	if err != nil {
		t.Fatal(err)
	}
	first.Checklist = first.Checklist[1:]
	second.Templates = second.Templates[1:]
	refused, version := make(chan error), seen.Version()
	for _, d := range []desk.Desk{first, second} {
		go func() { refused <- v.desks.Update(ctx, official, "r", version, d) }()
	}
	errs := []error{<-refused, <-refused}
	if (errs[0] == nil) == (errs[1] == nil) {
		t.Fatalf("want one of them refused, got %v", errs)
	}
	err = cmp.Or(errs[0], errs[1])
	part := "checklist"
	now, _, e := v.desks.Get(ctx, official, "r")
	if e != nil {
		t.Fatal(e)
	}
	if len(now.Templates) != len(seen.Templates) {
		part = "templates"
	}
	if domain.CodeOf(err) != domain.CodeEdited || !strings.Contains(err.Error(), part+": changed") {
		t.Errorf("got %v, want %s to be named", err, part)
	}
	if err := v.desks.Update(ctx, official, "r", now.Version(), second); err != nil {
		t.Errorf("over the version that was read: %v", err)
	}
}
