package office_test

import (
	"context"
	"testing"
	"time"

	"osbu/domain"
	"osbu/domain/equality"
	"osbu/domain/proposal"
	"osbu/domain/proposal/desk"
)

// A decision is taken back until the freeze, and made again: another cost,
// another reason, another person where there was an appeal. Its author and its
// followers are told, and everybody reads why.
func TestADecisionIsReopened(t *testing.T) {
	t.Parallel()
	v := found(t, "proposing")
	ctx := context.Background()
	v.mailbox(t, aino)
	why := domain.Text{Fi: "Hinta oli väärä", Sv: "Priset var fel"}
	id := must(v.Draft(ctx, aino, "r", bench("Penkki")))(t).ID
	must(v.Submit(ctx, aino, "r", id))(t)
	must(v.Take(ctx, southern, "r", id))(t)
	must(v.Accept(ctx, southern, "r", id, proposal.Cost{Maximum: 100}, domain.Text{Fi: "Totta", Sv: "Sant"}))(t)
	v.outbox(t)
	if _, err := v.Reopen(ctx, official, "r", id, domain.Text{Fi: "Vain suomeksi"}); domain.KindOf(err) != domain.Invalid {
		t.Errorf("without Swedish: got %v, want %s", err, domain.Invalid)
	}
	reopened := must(v.Reopen(ctx, official, "r", id, why))(t)
	if reopened.State != proposal.InEvaluation || reopened.Cost == nil || reopened.Answer != (domain.Text{}) {
		t.Errorf("staff see %s with cost %v and answer %v", reopened.State, reopened.Cost, reopened.Answer)
	}
	if open := must(v.proposals.Get(ctx, aino, "r", id))(t); open.Cost != nil {
		t.Errorf("its author is told the cost of a decision that was taken back: %v", *open.Cost)
	}
	is(t, v.outbox(t), "reopened decisions 1")
	must(v.Reject(ctx, southern, "r", id, proposal.Duplicate, why))(t)
	must(v.Reopen(ctx, colleague, "r", id, why))(t)
	must(v.Reject(ctx, colleague, "r", id, proposal.Other, why))(t) // another rejects than first
	must(v.Appeal(ctx, aino, "r", id, "Ei ole."))(t)
	must(v.Accept(ctx, southern, "r", id, proposal.Cost{Maximum: 200}, domain.Text{}))(t)
	must(v.Reopen(ctx, colleague, "r", id, why))(t)
	if _, err := v.Reject(ctx, colleague, "r", id, proposal.Other, why); domain.KindOf(err) != domain.Forbidden {
		t.Errorf("who rejected decides on the appeal: got %v, want %s", err, domain.Forbidden)
	}
	must(v.Accept(ctx, official, "r", id, proposal.Cost{Maximum: 300}, domain.Text{}))(t)
	told := 0
	for _, version := range must(v.Versions(ctx, anonymous, "r", id))(t) {
		if version.Action == proposal.ToReopen && version.Answer == why {
			told++
		}
	}
	if told != 3 {
		t.Errorf("everybody reads of %d reopened decisions, want 3", told)
	}
	v.stage(t, "UPDATE round SET phase = 'frozen', freeze_decision = '§ 1'")
	if _, err := v.Reopen(ctx, official, "r", id, why); domain.KindOf(err) != domain.Closed {
		t.Errorf("after the freeze: got %v, want %s", err, domain.Closed)
	}
}

// A proposal in the wrong area goes to the right one, and to somebody there;
// over an older version it does not.
func TestAProposalIsCorrected(t *testing.T) {
	t.Parallel()
	v := found(t, "proposing")
	ctx := context.Background()
	v.mailbox(t, aino)
	id := must(v.Draft(ctx, aino, "r", bench("Penkki")))(t).ID
	must(v.Submit(ctx, aino, "r", id))(t)
	read := must(v.Take(ctx, southern, "r", id))(t)
	v.outbox(t)
	moved := read.Text
	moved.Area = "western"
	if _, err := v.Correct(ctx, southern, "r", id, read.Version, moved, ""); domain.KindOf(err) != domain.Invalid {
		t.Errorf("without a reason: got %v, want %s", err, domain.Invalid)
	}
	done := must(v.Correct(ctx, southern, "r", id, read.Version, moved, "Paikka on lännessä"))(t)
	if done.Text.Area != "western" || done.Facilitator.ID == southern.ID {
		t.Errorf("it is in %s and %v's", done.Text.Area, done.Facilitator)
	}
	is(t, v.outbox(t), "corrected progress 1")
	moved.Title = "Pöytä"
	if _, err := v.Correct(ctx, official, "r", id, read.Version, moved, "Nimi"); domain.CodeOf(err) != domain.CodeEdited {
		t.Errorf("over an older version: got %v, want %s", err, domain.CodeEdited)
	}
	for _, version := range must(v.Versions(ctx, anonymous, "r", id))(t) {
		if version.Action == proposal.ToCorrect && version.Reason != "" {
			t.Error("everybody reads why it was corrected")
		}
	}
}

// A translation reaches the ballot, whichever language came first.
func TestATranslationReachesTheBallot(t *testing.T) {
	t.Parallel()
	v := found(t, "proposing")
	ctx := context.Background()
	swedish := bench("Bänk")
	swedish.Language = domain.Swedish
	english := bench("Bench")
	english.Language = domain.English
	for _, c := range []struct {
		text  proposal.Text
		words proposal.Translation
		want  domain.Text
	}{
		{
			bench("Penkki"),
			proposal.Translation{Language: domain.Swedish, Words: proposal.Words{Title: "Bänk", What: "En bänk"}},
			domain.Text{Fi: "Penkki", Sv: "Bänk"},
		},
		{
			swedish,
			proposal.Translation{Language: domain.Finnish, Words: proposal.Words{Title: "Penkki", What: "Penkki"}},
			domain.Text{Fi: "Penkki", Sv: "Bänk"},
		},
		{
			english,
			proposal.Translation{Language: domain.Finnish, Words: proposal.Words{Title: "Penkki", What: "Penkki"}},
			domain.Text{Fi: "Penkki", En: "Bench"},
		},
		{
			swedish,
			proposal.Translation{Language: domain.English, Words: proposal.Words{Title: "Bench", What: "A bench"}},
			domain.Text{Sv: "Bänk", En: "Bench"},
		},
	} {
		id := must(v.Draft(ctx, aino, "r", c.text))(t).ID
		must(v.Submit(ctx, aino, "r", id))(t)
		must(v.Take(ctx, southern, "r", id))(t)
		must(v.Accept(ctx, southern, "r", id, proposal.Cost{Maximum: 100}, domain.Text{}))(t)
		must(v.place(ctx, official, "r", []int64{id}))(t)
		read := must(v.proposals.Get(ctx, southern, "r", id))(t)
		must(v.Translate(ctx, southern, "r", id, read.Version, c.words))(t)
		project := must(v.projects.Get(ctx, official, "r", read.Project))(t)
		if project.Title != c.want {
			t.Errorf("the ballot says %+v, want %+v", project.Title, c.want)
		}
	}
}

// What a note tells of somebody's private matters can be erased; that there was
// one, and who erased it, stays. Others' cases are out of reach.
func TestANoteIsErased(t *testing.T) {
	t.Parallel()
	v := found(t, "proposing")
	ctx := context.Background()
	id := must(v.Draft(ctx, aino, "r", bench("Penkki")))(t).ID
	must(v.Submit(ctx, aino, "r", id))(t)
	if err := v.AddNote(ctx, southern, "r", id, "Soita 010150-900C"); err != nil {
		t.Fatal(err)
	}
	note := must(v.Case(ctx, southern, "r", id))(t).Notes[0].ID
	if err := v.EraseNote(ctx, western, "r", id, note); domain.KindOf(err) != domain.Forbidden {
		t.Errorf("another area's facilitator: got %v, want %s", err, domain.Forbidden)
	}
	if err := v.EraseNote(ctx, official, "r", id, note+1); domain.KindOf(err) != domain.NotFound {
		t.Errorf("a note that is not there: got %v, want %s", err, domain.NotFound)
	}
	for _, by := range []domain.Actor{official, southern} { // the second time changes nothing
		if err := v.EraseNote(ctx, by, "r", id, note); err != nil {
			t.Fatal(err)
		}
	}
	got := must(v.Case(ctx, southern, "r", id))(t).Notes[0]
	if got.Text != "" || got.ErasedBy != official.Name || got.By.Name != southern.Name {
		t.Errorf("left is %+v", got)
	}
}

// A contact that was noted by mistake is struck out: it stays to be seen with
// who did that, and no number has it. Others' districts are out of reach.
func TestAContactIsStruckOut(t *testing.T) {
	t.Parallel()
	v := found(t, "proposing")
	ctx := context.Background()
	for range 12 { // enough to be told
		c := desk.Contact{Area: "southern", Channel: "phone", Topic: "idea", Language: "fi", Minutes: 5}
		if err := v.AddContact(ctx, southern, "r", c); err != nil {
			t.Fatal(err)
		}
	}
	wrong := must(v.Contacts(ctx, southern, "r"))(t)[0].ID
	for name, c := range map[string]struct {
		actor domain.Actor
		id    int64
		want  domain.Kind
	}{
		"another district":      {western, wrong, domain.NotFound},
		"a resident":            {aino, wrong, domain.Forbidden},
		"nobody":                {anonymous, wrong, domain.Unauthenticated},
		"one that is not there": {southern, wrong + 1, domain.NotFound},
	} {
		if err := v.StrikeContact(ctx, c.actor, "r", c.id); domain.KindOf(err) != c.want {
			t.Errorf("%s: got %v, want %s", name, err, c.want)
		}
	}
	for _, by := range []domain.Actor{southern, official} { // the second time changes nothing
		if err := v.StrikeContact(ctx, by, "r", wrong); err != nil {
			t.Fatal(err)
		}
	}
	if got := must(v.Contacts(ctx, official, "r"))(t); got[0].StruckBy != southern.Name || got[0].Minutes != 5 ||
		got[1].StruckBy != "" {
		t.Errorf("got %+v, want the first one struck out by %s", got, southern.Name)
	}
	_, tables, err := equality.New(v.store).Tables(ctx, official, "r")
	if err != nil {
		t.Fatal(err)
	}
	for _, table := range tables {
		if table.Measure == "help" && table.Total.Total.N != 11 {
			t.Errorf("by %s: got %d contacts, want 11", table.By, table.Total.Total.N)
		}
	}
	if _, err := v.ExecContext(ctx, "UPDATE contact SET struck_by = ''"); err == nil {
		t.Error("the database takes a stroke back")
	}
}

// Of a proposal that nobody has claimed a question goes to nobody, and whoever
// keeps it writes the answer.
func TestTheKeeperWritesTheAnswer(t *testing.T) {
	t.Parallel()
	v := found(t, "proposing")
	ctx := context.Background()
	v.mailbox(t, southern)
	entered, _, err := v.Enter(ctx, southern, "r", told("Penkki"), "", true)
	if err != nil {
		t.Fatal(err)
	}
	must(v.Take(ctx, southern, "r", entered.ID))(t)
	v.outbox(t)
	asked := must(v.Ask(ctx, southern, "r", entered.ID, "Mihin?", time.Time{}))(t)
	is(t, v.outbox(t), "")
	answer := told("Penkki rantaan")
	amended := must(v.Amend(ctx, southern, "r", asked.ID, asked.Version, answer, "Vastasi puhelimessa"))(t)
	if amended.State != proposal.NeedsInformation || amended.Text.Title != "Penkki rantaan" {
		t.Errorf("it is %s and says %q", amended.State, amended.Text.Title)
	}
	must(v.Take(ctx, southern, "r", asked.ID))(t)
}
