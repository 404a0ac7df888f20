package office_test

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"osbu/domain"
	"osbu/domain/proposal"
	"osbu/domain/proposal/desk"
	"osbu/domain/proposal/estimate"
	"osbu/domain/proposal/merge"
	"osbu/domain/proposal/project"
	"osbu/domain/round"
)

// Phases and states of the tables below.
var (
	phases = []string{
		"draft",
		"proposing",
		"vetting",
		"frozen",
		"voting",
		"closed",
		"counted",
		"confirmed",
		"delivering",
		"archived",
	}
	states = []proposal.State{
		proposal.Draft, proposal.Submitted, proposal.InEvaluation, proposal.NeedsInformation, proposal.Accepted,
		proposal.Rejected,
		proposal.Appealed, proposal.Withdrawn, proposal.Merged, proposal.Split, proposal.OnBallot, proposal.Selected,
		proposal.NotSelected,
	}
)

// actors are whom the tables try, by the names they have there. The proposal is
// Aino's, or in the last case the facilitator's own.
var actors = []struct {
	name  string
	actor domain.Actor
}{
	{"anonymous", anonymous},
	{"resident", eino},
	{"author", aino},
	{"facilitator", southern}, // who rejected, where somebody has
	{"colleague", colleague},  // of the same area
	{"neighbour", western},    // facilitator of another area
	{"expert", expert},        // of the division that has it
	{"outsider", outsider},    // of another division
	{"official", official},
	{"own", southern},
}

// allowed is everything that anybody may do, as product.md tells it and apart
// from the rules in domain/proposal: who, what, in which phases, from which
// states, to which. Everything else must be refused.
var allowed = []struct{ who, action, phases, states, to string }{
	{"author own", "edit", "proposing", "draft", "draft"},
	{"author own", "edit", "proposing vetting", "submitted", "submitted"},
	{"author own", "edit", "proposing vetting", "needs_information", "needs_information"},
	{"author own", "submit", "proposing", "draft", "submitted"},
	{"author own", "submit", "proposing vetting", "needs_information", "submitted"},
	{
		"author own",
		"withdraw",
		"proposing vetting",
		"draft submitted in_evaluation needs_information appealed accepted on_ballot",
		"withdrawn",
	},
	{"author own", "withdraw", "frozen voting", "on_ballot", "withdrawn"},
	{"author own", "appeal", "proposing vetting", "rejected", "appealed"},
	{"facilitator colleague", "take", "proposing vetting", "submitted needs_information", "in_evaluation"},
	{"facilitator colleague", "ask", "proposing vetting", "submitted in_evaluation", "needs_information"},
	{"facilitator colleague", "reject", "proposing vetting", "submitted in_evaluation needs_information", "rejected"},
	{"facilitator colleague", "accept", "proposing vetting", "submitted in_evaluation needs_information", "accepted"},
	{"colleague official", "reject", "proposing vetting", "appealed", "rejected"},
	{"colleague official", "accept", "proposing vetting", "appealed", "accepted"},
	{"facilitator colleague", "refer", "proposing vetting", "submitted", "in_evaluation"},
	{"facilitator colleague official", "refer", "proposing vetting", "in_evaluation", "in_evaluation"},
	{"facilitator colleague official", "refer", "proposing vetting", "needs_information", "needs_information"},
	{"facilitator colleague official", "refer", "proposing vetting", "appealed", "appealed"},
	{"expert", "estimate", "proposing vetting", "in_evaluation", "in_evaluation"},
	{"expert", "estimate", "proposing vetting", "appealed", "appealed"},
	{"facilitator colleague", "merge", "proposing vetting", "submitted", "submitted"}, // the asking changes no state
	{"facilitator colleague", "merge", "proposing vetting", "in_evaluation", "in_evaluation"},
	{"facilitator colleague", "merge", "proposing vetting", "accepted", "accepted"},
	{"facilitator colleague", "split", "proposing vetting", "submitted", "submitted"},
	{"facilitator colleague", "split", "proposing vetting", "in_evaluation", "in_evaluation"},
	{"facilitator colleague", "split", "proposing vetting", "accepted", "accepted"},
	{"facilitator colleague official", "reopen", "proposing vetting", "accepted rejected", "in_evaluation"},
	{"facilitator colleague official", "correct", "proposing vetting", "submitted", "submitted"},
	{"facilitator colleague official", "correct", "proposing vetting", "in_evaluation", "in_evaluation"},
	{"facilitator colleague official", "translate", "proposing vetting", "in_evaluation", "in_evaluation"},
	{"facilitator colleague official", "translate", "proposing vetting", "accepted", "accepted"},
	{"facilitator colleague official", "translate", "proposing vetting", "rejected", "rejected"},
	{"facilitator colleague official", "translate", "proposing vetting", "on_ballot", "on_ballot"},
	{"official", "place", "draft proposing vetting", "accepted", "on_ballot"},
	{"official", "remove", "draft proposing vetting", "on_ballot", "accepted"},
	{
		"facilitator colleague official",
		"hide",
		"proposing vetting frozen voting closed counted confirmed delivering archived",
		hideable,
		"", // the state it is in
	},
	{"official", "hide", "draft", hideable, ""},
}

// hideable leaves out what is merged or split: put stages no merge with it, and
// the database refuses to touch such a proposal; the table beside the rules,
// which needs no database, has them.
const hideable = "submitted in_evaluation needs_information accepted rejected appealed withdrawn"

func has(words, word string) bool { return slices.Contains(strings.Fields(words), word) }

// outcome is the state that follows, or the kinds of refusal that may be told.
func outcome(who, action, phase string, state proposal.State) (to proposal.State, refusals []domain.Kind) {
	ever := false
	for _, a := range allowed {
		if has(a.who, who) && a.action == action {
			ever = true
			if has(a.phases, phase) && has(a.states, string(state)) {
				return cmp.Or(proposal.State(a.to), state), nil
			}
		}
	}
	if (action == "refer" || action == "estimate") &&
		(phase == "draft" || state == proposal.Draft) { // of several at once: the role is looked at first
		return "", []domain.Kind{domain.NotFound, domain.Unauthenticated, domain.Forbidden, domain.Closed}
	}
	ballot := action == "place" || action == "remove" // of the ballot, not of a proposal
	switch {
	case !ballot && phase == "draft" && who != "official":
		return "", []domain.Kind{domain.NotFound}
	case !ballot && state == proposal.Draft && who != "author" && who != "own":
		return "", []domain.Kind{domain.NotFound}
	case who == "anonymous":
		return "", []domain.Kind{domain.Unauthenticated}
	case !ever,
		who == "official" && has("reject accept", action) && state != proposal.Appealed,
		who == "facilitator" && has("reject accept", action) && state == proposal.Appealed,
		action == "appeal" && state == proposal.Appealed:
		return "", []domain.Kind{domain.Forbidden} // an author appeals once, officials decide on that alone, and nobody twice
	case slices.IndexFunc(allowed, func(a struct{ who, action, phases, states, to string }) bool {
		return has(a.who, who) && a.action == action && has(a.phases, phase)
	}) < 0:
		return "", []domain.Kind{domain.Closed}
	case action == "remove":
		return "", []domain.Kind{domain.NotFound} // no such project
	}
	return "", []domain.Kind{domain.Conflict, domain.Closed}
}

// Every role × action × phase × state over the real store; and what a view says
// the actor may do is exactly what then succeeds.
func TestWhoMayDoWhatWhen(t *testing.T) {
	for _, phase := range phases {
		t.Run(phase, func(t *testing.T) {
			t.Parallel()
			v := found(t)
			v.stage(t, "UPDATE round SET phase = ?, freeze_decision = '§ 1', confirm_decision = '§ 2', copies_destroyed = '§ 3'", phase)
			if phase != "proposing" {
				v.SetClock(t, whileVoting)
			}
			for _, state := range states {
				if impossible := !round.Phase(phase).Reached(round.Frozen) &&
					(state == proposal.Selected || state == proposal.NotSelected); impossible {
					continue
				}
				for _, a := range actors {
					v.tryAll(t, phase, state, a.name, a.actor)
				}
			}
		})
	}
}

// tryAll tries all actions of one actor on a proposal in a state.
func (v village) tryAll(t *testing.T, phase string, state proposal.State, who string, actor domain.Actor) {
	ctx := context.Background()
	var did []proposal.Action
	id := v.put(t, state, who == "own")
	staged := state == proposal.Merged || state == proposal.Split
	for _, action := range []string{
		"edit", "submit", "withdraw", "take", "ask", "reject", "accept", "appeal", "refer",
		"estimate", "merge", "split", "reopen", "correct", "translate", "place", "remove", "hide",
	} {
		if action == "hide" && staged {
			continue
		}
		err := v.do(ctx, actor, id, action)
		what := fmt.Sprintf("%s: %s %ss a proposal in %s", phase, who, action, state)
		to, refusals := outcome(who, action, phase, state)
		after := v.stateOf(t, id)
		switch {
		case refusals == nil && (err != nil || after != to):
			t.Errorf("%s: must become %s, but %s, %v", what, to, after, err)
		case refusals != nil && (err == nil || after != state):
			t.Errorf("%s: must be refused, but became %s", what, after)
		case refusals != nil && !slices.Contains(refusals, domain.KindOf(err)):
			t.Errorf("%s: refused as %s, not %v: %v", what, domain.KindOf(err), refusals, err)
		}
		if err == nil && action != "remove" {
			did = append(did, proposal.Action(action))
		}
		if err == nil {
			v.put(t, state, who == "own")
		}
	}
	if phase == "draft" && who != "official" {
		return
	}
	view, err := v.proposals.Get(ctx, actor, "r", id)
	if staged {
		view.May = slices.DeleteFunc(view.May, func(a proposal.Action) bool { return a == proposal.ToHide })
	}
	switch {
	case state == proposal.Draft && who != "author" && who != "own":
		if domain.KindOf(err) != domain.NotFound {
			t.Errorf("%s: %s sees a draft: %v", phase, who, err)
		}
	case err != nil || !slices.Equal(view.May, did):
		t.Errorf("%s: %s in %s was told %v, but did %v (%v)", phase, who, state, view.May, did, err)
	}
}

// put makes the one proposal stand in a state, whatever was done to it.
func (v village) put(t *testing.T, state proposal.State, own bool) int64 {
	t.Helper()
	author := aino
	if own {
		author = southern
	}
	ballot, decided := state == proposal.OnBallot || state == proposal.Selected ||
		state == proposal.NotSelected, state == proposal.Rejected ||
		state == proposal.Appealed
	v.stage(t, `
		WITH gone AS (DELETE FROM project), estimates AS (DELETE FROM estimate), history AS (DELETE
		FROM proposal_version), merges AS (DELETE FROM merge), members AS (DELETE FROM merge_member),
		parts AS (DELETE FROM merge_part), consents AS (DELETE FROM merge_consent), partner AS (
			INSERT INTO proposal (id, round, state, version, author, author_name, facilitator_name, title, what, why, place,
			area, language, question, reason,
				submitted_at, updated_at, words)
			OVERRIDING SYSTEM VALUE VALUES (1001, 'r', 'submitted', 1, 6, '', '', 'Pöytä', 'Pöytä', '', '', 'southern', 'fi', '',
			'', osbu_now(), osbu_now(), '')
			ON CONFLICT (id) DO UPDATE SET version = 1
		),
		one AS (
			INSERT INTO proposal (id, round, state, version, author, author_name, facilitator_name, title, what, why, place,
			area, theme, language, question,
				reason, answer, rejected_by, appeal, division, estimate_by, estimation, minimum, maximum, maintenance, submitted_at,
				updated_at, words)
			OVERRIDING SYSTEM VALUE
			VALUES (1000, 'r', ?0, 1, ?1, '', '', 'Penkki', 'Penkki', '', '', 'southern', 'parks', 'fi', '',
				CASE WHEN ?2 THEN 'other' ELSE '' END, CASE WHEN ?2 THEN '{"fi": "a", "sv": "b"}'::jsonb END, CASE
				WHEN ?2 THEN 3 END,
				CASE WHEN ?0 = 'appealed' THEN 'Ei ole.' ELSE '' END, 'environment', osbu_now(), 'waiting', 1, 2, 3,
				CASE WHEN ?0 <> 'draft' THEN osbu_now() END, osbu_now(), '')
			ON CONFLICT (id) DO UPDATE SET (state, version, author, title, reason, answer, rejected_by, appeal, division,
			estimation, estimates, answer_by, minimum, maximum, maintenance, submitted_at, hidden, hidden_note) =
				(excluded.state, 1, excluded.author, excluded.title, excluded.reason, excluded.answer, excluded.rejected_by,
				excluded.appeal, 'environment', 'waiting', 0, NULL, 1, 2, 3, excluded.submitted_at, NULL, '')
		)
		SELECT`, state, author.ID, decided)
	if ballot {
		v.stage(
			t,
			`INSERT INTO project (round, number, proposal, area, theme, title, description, place, minimum, maximum, maintenance)
			VALUES ('r', 5, 1000, 'southern', 'parks', '{"fi": "Penkki"}', '{"fi": "Penkki"}', '{}', 1, 2, 3)`,
		)
	}
	return 1000
}

func (v village) stateOf(t *testing.T, id int64) (s proposal.State) {
	t.Helper()
	if err := v.Owner.QueryRowContext(context.Background(), "SELECT state FROM proposal WHERE id = ?", id).
		Scan(&s); err != nil {
		t.Fatal(err)
	}
	return s
}

func (v village) do(ctx context.Context, actor domain.Actor, id int64, action string) (err error) {
	switch action {
	case "edit":
		_, err = v.Edit(ctx, actor, "r", id, 1, bench("Pöytä"), nil)
	case "submit":
		_, err = v.Submit(ctx, actor, "r", id)
	case "withdraw":
		_, err = v.Withdraw(ctx, actor, "r", id)
	case "merge":
		_, err = v.Propose(ctx, actor, "r", merging(id, 1001))
	case "split":
		_, err = v.Propose(
			ctx,
			actor,
			"r",
			merge.Plan{Kind: merge.Splitting, Proposals: []int64{id}, Parts: []merge.Part{park, park}},
		)
	case "take":
		_, err = v.Take(ctx, actor, "r", id)
	case "ask":
		_, err = v.Ask(ctx, actor, "r", id, "Mihin?", time.Time{})
	case "reject":
		_, err = v.Reject(ctx, actor, "r", id, proposal.NotFeasible, domain.Text{Fi: "Ei", Sv: "Nej"})
	case "accept":
		_, err = v.Accept(ctx, actor, "r", id, proposal.Cost{Maximum: 100}, domain.Text{})
	case "appeal":
		_, err = v.Appeal(ctx, actor, "r", id, "Ei ole.")
	case "reopen":
		_, err = v.Reopen(ctx, actor, "r", id, domain.Text{Fi: "Virhe", Sv: "Fel"})
	case "correct":
		_, err = v.Correct(ctx, actor, "r", id, 1, bench("Pöytä"), "Kirjoitusvirhe")
	case "translate":
		_, err = v.Translate(ctx, actor, "r", id, 1, proposal.Translation{Language: domain.Swedish, Words: proposal.Words{Title: "Bord", What: "Ett bord"}})
	case "refer":
		err = v.Refer(ctx, actor, "r", desk.Referral{Proposals: []int64{id}, Division: "environment"})
	case "estimate":
		_, err = v.Estimate(ctx, actor, "r", "environment", []estimate.Submission{{Proposal: id, Judgement: feasible(1000)}})
	case "place":
		_, err = v.place(ctx, actor, "r", []int64{id})
	case "hide":
		_, err = v.discussions.HideProposal(ctx, actor, "r", id, proposal.OtherFault, "Toisen tietoja.")
	case "remove":
		err = v.projects.Remove(ctx, actor, "r", 5, v.ballot(ctx))
	}
	return err
}

// What makes something new, or concerns the whole ballot, per role and phase.
func TestWhoMayDraftImportAndNumber(t *testing.T) {
	t.Parallel()
	v := found(t)
	ctx := context.Background()
	v.put(t, proposal.OnBallot, false)
	for _, phase := range phases {
		v.stage(t, "UPDATE round SET phase = ?, freeze_decision = '§ 1', confirm_decision = '§ 2', copies_destroyed = '§ 3'", phase)
		for _, a := range actors {
			_, draft := v.Draft(ctx, a.actor, "r", bench("Uusi"))
			_, imported := v.projects.Import(
				ctx,
				a.actor,
				"r",
				[]project.Project{
					{Title: domain.Text{Fi: "Valmis"}, Area: "southern", Cost: proposal.Cost{Maximum: 1}},
				},
			)
			_, numbered := v.Number(ctx, a.actor, "r", v.ballot(ctx))
			none, some := v.place(ctx, a.actor, "r", nil)
			before := phase == "draft" || phase == "proposing" || phase == "vetting"
			for _, c := range []struct {
				action string
				err    error
				want   domain.Kind
			}{
				{"draft", draft, kind(phase == "draft" &&
					a.name != "official", domain.NotFound, a.name == "anonymous", domain.Unauthenticated, phase != "proposing",
					domain.Closed)},
				{
					"import", imported,
					kind(a.name == "anonymous", domain.Unauthenticated, a.name != "official", domain.Forbidden, !before,
						domain.Closed),
				},
				{
					"number", numbered,
					kind(a.name == "anonymous", domain.Unauthenticated, a.name != "official", domain.Forbidden, !before,
						domain.Closed),
				},
				{
					"place none", some,
					kind(a.name == "anonymous", domain.Unauthenticated, a.name != "official", domain.Forbidden, !before,
						domain.Closed),
				},
			} {
				if c.want == "" && c.err != nil || c.want != "" && (c.err == nil || domain.KindOf(c.err) != c.want) {
					t.Errorf("%s: %s %ss: %v, want %s", phase, a.name, c.action, c.err, c.want)
				}
			}
			if (some == nil) != (none != nil) {
				t.Errorf("%s: %s: %v", phase, a.name, none)
			}
		}
	}
	v.stage(t, "UPDATE round SET phase = 'proposing'")
	for _, moment := range []string{"2025-12-31T23:59:59Z", "2026-01-31T10:00:00Z"} {
		v.SetClock(t, moment)
		if _, err := v.Draft(ctx, aino, "r", bench("Uusi")); domain.KindOf(err) != domain.Closed {
			t.Errorf("at %s: %v", moment, err)
		}
	}
}

// kind is the kind beside the first true condition.
func kind(pairs ...any) domain.Kind {
	for i := 0; i < len(pairs); i += 2 {
		if pairs[i].(bool) {
			return pairs[i+1].(domain.Kind)
		}
	}
	return ""
}

// After the window of proposing closed by the clock, the phase still being
// proposing: no new text, but vetting goes on.
func TestTheClockClosesProposingBeforeTheOfficialDoes(t *testing.T) {
	t.Parallel()
	v := found(t, "proposing")
	ctx := context.Background()
	draft := must(v.Draft(ctx, aino, "r", bench("Luonnos")))(t).ID
	sent := must(v.Draft(ctx, aino, "r", bench("Penkki")))(t).ID
	must(v.Submit(ctx, aino, "r", sent))(t)
	v.SetClock(t, afterProposing)
	for _, action := range []string{"edit", "submit"} {
		if err := v.do(ctx, aino, draft, action); domain.CodeOf(err) != domain.CodePhase {
			t.Errorf("%s: %v", action, err)
		}
	}
	if got := must(v.proposals.Get(ctx, aino, "r", draft))(t).
		May; !slices.Equal(got, []proposal.Action{proposal.ToWithdraw}) {
		t.Errorf("told %v", got)
	}
	for _, action := range []string{"take", "ask"} {
		if err := v.do(ctx, southern, sent, action); err != nil {
			t.Error(err)
		}
	}
	if err := v.do(ctx, aino, sent, "submit"); err != nil {
		t.Errorf("an answer to a question: %v", err)
	}
}

// When the vote is over by the clock nobody withdraws any more, though the
// official has not closed yet.
func TestNoWithdrawalAfterTheVote(t *testing.T) {
	t.Parallel()
	v := found(t, "proposing")
	ctx := context.Background()
	id := v.accepted(t, "Penkki")
	must(v.place(ctx, official, "r", nil))(t)
	goTo(t, v.DB, "r", "vetting", "frozen", "voting")
	v.SetClock(t, afterVoting)
	if _, err := v.Withdraw(ctx, aino, "r", id); domain.KindOf(err) != domain.Closed {
		t.Fatal(err)
	}
}

// A withdrawn draft stays its author's secret.
func TestAWithdrawnDraftIsNobodysBusiness(t *testing.T) {
	t.Parallel()
	v := found(t, "proposing")
	ctx := context.Background()
	id := must(v.Draft(ctx, aino, "r", bench("Penkki")))(t).ID
	must(v.Withdraw(ctx, aino, "r", id))(t)
	must(v.proposals.Get(ctx, aino, "r", id))(t)
	for _, a := range []domain.Actor{anonymous, eino, southern, expert, official} {
		if _, err := v.proposals.Get(ctx, a, "r", id); domain.KindOf(err) != domain.NotFound {
			t.Errorf("%s: %v", a.Name, err)
		}
		if _, err := v.Versions(ctx, a, "r", id); domain.KindOf(err) != domain.NotFound {
			t.Errorf("%s: %v", a.Name, err)
		}
	}
	if _, err := v.proposals.Get(ctx, aino, "other", id); domain.KindOf(err) != domain.NotFound {
		t.Error(err)
	}
	if err := v.store.CreateRound(ctx, newRound("other"), entry("other", "create")); err != nil {
		t.Fatal(err)
	}
	if _, err := v.proposals.Get(ctx, aino, "other", id); domain.KindOf(err) != domain.NotFound {
		t.Errorf("under another round's address: %v", err)
	}
}
