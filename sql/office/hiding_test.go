package office_test

import (
	"context"
	"testing"

	"osbu/domain"
	"osbu/domain/proposal"
	"osbu/domain/proposal/discussion"
)

// A proposal that should not be read is reported once by each, hidden with a
// reason, gone for the public wherever it was told, and shown again: then its
// history keeps back what was hidden and is not said any more.
func TestAProposalIsHidden(t *testing.T) {
	v := found(t, "proposing")
	ctx := context.Background()
	v.mailbox(t, aino)
	v.mailbox(t, eino)
	rude := bench("Naapuri Virtanen varastaa")
	id := must(v.Draft(ctx, aino, "r", rude))(t).ID
	must(v.Submit(ctx, aino, "r", id))(t)
	other := must(v.Draft(ctx, aino, "r", bench("Penkki")))(t).ID
	must(v.Submit(ctx, aino, "r", other))(t)
	if err := v.ReportProposal(ctx, aino, "r", id, proposal.PersonalData); domain.KindOf(err) != domain.Forbidden {
		t.Errorf("her own: got %v, want %s", err, domain.Forbidden)
	}
	if err := v.ReportProposal(ctx, anonymous, "r", id, "x"); domain.KindOf(err) != domain.Unauthenticated {
		t.Errorf("a visitor: got %v, want %s", err, domain.Unauthenticated)
	}
	if err := v.ReportProposal(ctx, eino, "r", id, "x"); domain.KindOf(err) != domain.Invalid {
		t.Errorf("for nothing: got %v, want %s", err, domain.Invalid)
	}
	for _, fault := range []proposal.Fault{proposal.PersonalData, proposal.Offensive} { // the first counts
		if err := v.ReportProposal(ctx, eino, "r", id, fault); err != nil {
			t.Fatal(err)
		}
	}
	waiting := func(actor domain.Actor, hidden bool) (found []discussion.ReportedProposal) {
		t.Helper()
		return must(v.ReportedProposals(ctx, actor, "r", hidden))(t)
	}
	if got := waiting(southern, false); len(got) != 1 || got[0].ID != id || got[0].Title != rude.Title ||
		len(got[0].Faults) != 1 || got[0].Faults[0] != proposal.PersonalData {
		t.Errorf("got %+v, want the one that was reported, for what", got)
	}
	if got := waiting(western, false); len(got) != 0 {
		t.Errorf("another district's: got %+v", got)
	}
	if _, err := v.ReportedProposals(ctx, eino, "r", false); domain.KindOf(err) != domain.Forbidden {
		t.Errorf("a resident's list: got %v", err)
	}
	for name, actor := range map[string]domain.Actor{"its author": aino, "a resident": eino, "another district": western} {
		if _, err := v.HideProposal(ctx, actor, "r", id, proposal.Offensive, ""); domain.KindOf(err) != domain.Forbidden {
			t.Errorf("%s hides it: got %v, want %s", name, err, domain.Forbidden)
		}
	}
	v.outbox(t)
	must(v.HideProposal(ctx, southern, "r", id, proposal.PersonalData, "Älä nimeä naapuria"))(t)
	is(t, v.outbox(t), "hidden decisions 1")
	if got := waiting(southern, false); len(got) != 0 {
		t.Errorf("it waits still: %+v", got)
	}
	if got := waiting(official, true); len(got) != 1 || got[0].Hidden != proposal.PersonalData {
		t.Errorf("got %+v, want the hidden one", got)
	}

	gone := func(actor domain.Actor) bool {
		t.Helper()
		_, one := v.proposals.Get(ctx, actor, "r", id)
		_, versions := v.Versions(ctx, actor, "r", id)
		listed := must(v.proposals.List(ctx, actor, "r", proposal.List{Limit: 10}, proposal.Everybodys))(t)
		searched := must(v.proposals.List(ctx, actor, "r", proposal.List{Limit: 10, Words: "virtanen"}, proposal.Everybodys))(t)
		similar := must(v.proposals.Similar(ctx, actor, "r", rude.Title))(t)
		return domain.KindOf(one) == domain.NotFound && domain.KindOf(versions) == domain.NotFound &&
			len(listed.Proposals) == 1 && listed.Total == 1 && len(searched.Proposals) == 0 && len(similar) == 0
	}
	if !gone(anonymous) || !gone(eino) {
		t.Error("the public goes on reading it")
	}
	open := must(v.proposals.Open(ctx, "r", proposal.List{}, 10))(t)
	if all := must(open.Next(ctx))(t); len(all) != 1 || all[0].ID != other {
		t.Errorf("open data has %d proposals, want the other", len(all))
	}
	if err := v.ReportProposal(ctx, eino, "r", id, proposal.Offensive); domain.KindOf(err) != domain.NotFound {
		t.Errorf("reported while it is hidden: got %v", err)
	}
	if mine := must(v.proposals.Get(ctx, aino, "r", id))(t); mine.Hidden != proposal.PersonalData ||
		mine.HiddenNote != "Älä nimeä naapuria" {
		t.Errorf("its author reads %q and %q", mine.Hidden, mine.HiddenNote)
	}

	mended := bench("Penkki Virtasen talolle")
	must(v.Edit(ctx, aino, "r", id, must(v.proposals.Get(ctx, aino, "r", id))(t).Version, mended, nil))(t)
	must(v.KeepProposal(ctx, official, "r", id))(t)
	is(t, v.outbox(t), "shown decisions 1")
	if again := must(v.proposals.Get(ctx, eino, "r", id))(t); again.Text.Title != mended.Title || again.Hidden != "" {
		t.Errorf("got %+v, want it shown again", again.Text)
	}
	for _, version := range must(v.Versions(ctx, eino, "r", id))(t) {
		if version.Text.Title == rude.Title || version.Text.What != "" && version.Text.Title == "" ||
			version.Reason == "Älä nimeä naapuria" {
			t.Errorf("the history still says what was hidden: %+v", version)
		}
	}
	before := 0
	for _, version := range must(v.Versions(ctx, southern, "r", id))(t) {
		if version.Text.Title == rude.Title {
			before++
		}
	}
	if before == 0 {
		t.Error("its moderators cannot read what was hidden")
	}
}
