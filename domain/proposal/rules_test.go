package proposal_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"osbu/domain"
	"osbu/domain/proposal"
	"osbu/domain/round"
)

// The life of a proposal once more, written apart from the rules: of which
// proposals, who, what, when, from which states, to which ("": as it was).
// Everything else must be refused.
//
// hers was begun by the author and joined by the coauthor; own is the
// facilitator's; kept was entered for somebody who has not claimed it; claimed
// was, by the author; heard was hers, and appealed before its decision was
// reopened.
var life = []struct{ of, who, action, when, from, to string }{
	{"hers claimed", "author coauthor", "edit", "proposing", "draft", ""},
	{"hers claimed", "author coauthor", "edit", vetting, "submitted needs_information", ""},
	{"hers claimed", "author coauthor", "submit", "proposing", "draft", "submitted"},
	{"hers claimed", "author coauthor", "submit", vetting, "needs_information", "submitted"},
	{"hers claimed", "author", "withdraw", vetting, withdrawable, "withdrawn"},
	{"hers claimed", "author", "withdraw", "frozen voting", "on_ballot", "withdrawn"},
	{"hers claimed", "author coauthor", "appeal", vetting, "rejected", "appealed"},

	{"own", "facilitator coauthor", "edit", "proposing", "draft", ""},
	{"own", "facilitator coauthor", "edit", vetting, "submitted needs_information", ""},
	{"own", "facilitator coauthor", "submit", "proposing", "draft", "submitted"},
	{"own", "facilitator coauthor", "submit", vetting, "needs_information", "submitted"},
	{"own", "facilitator", "withdraw", vetting, withdrawable, "withdrawn"},
	{"own", "facilitator", "withdraw", "frozen voting", "on_ballot", "withdrawn"},
	{"own", "facilitator coauthor", "appeal", vetting, "rejected", "appealed"},

	{"kept", "facilitator colleague", "amend", "proposing", "draft", ""},
	{"kept", "facilitator colleague", "amend", vetting, "submitted needs_information", ""},
	{"kept", "facilitator colleague", "submit", "proposing", "draft", "submitted"},
	{"kept", "facilitator colleague", "withdraw", vetting, "draft submitted", "withdrawn"},
	{
		"kept", "facilitator colleague", "reissue", vetting,
		"draft submitted in_evaluation needs_information rejected appealed accepted on_ballot", "",
	},

	{"hers claimed kept", "facilitator colleague", "take", vetting, "submitted needs_information", "in_evaluation"},
	{"hers claimed kept", "facilitator colleague", "ask", vetting, "submitted in_evaluation", "needs_information"},
	{"hers claimed kept", "facilitator colleague", "reject", vetting, "submitted in_evaluation needs_information", "rejected"},
	{"hers claimed kept", "facilitator colleague", "accept", vetting, "submitted in_evaluation needs_information", "accepted"},
	{"hers claimed kept", "facilitator colleague", "refer", vetting, "submitted", "in_evaluation"},
	{"hers claimed kept", "facilitator", "refer", vetting, "in_evaluation needs_information appealed", ""},
	{"hers claimed kept", "facilitator colleague", "merge", vetting, "submitted in_evaluation accepted", ""},
	{"hers claimed kept", "facilitator colleague", "split", vetting, "submitted in_evaluation accepted", ""},
	{"own", "colleague", "take", vetting, "submitted needs_information", "in_evaluation"},
	{"own", "colleague", "ask", vetting, "submitted in_evaluation", "needs_information"},
	{"own", "colleague", "reject", vetting, "submitted in_evaluation needs_information", "rejected"},
	{"own", "colleague", "accept", vetting, "submitted in_evaluation needs_information", "accepted"},
	{"own", "colleague", "refer", vetting, "submitted", "in_evaluation"},
	{"own", "colleague", "merge", vetting, "submitted in_evaluation accepted", ""},
	{"own", "colleague", "split", vetting, "submitted in_evaluation accepted", ""},

	{"heard", "author coauthor", "edit", "proposing", "draft", ""},
	{"heard", "author coauthor", "edit", vetting, "submitted needs_information", ""},
	{"heard", "author coauthor", "submit", "proposing", "draft", "submitted"},
	{"heard", "author coauthor", "submit", vetting, "needs_information", "submitted"},
	{"heard", "author", "withdraw", vetting, withdrawable, "withdrawn"},
	{"heard", "author", "withdraw", "frozen voting", "on_ballot", "withdrawn"},
	{"heard", "facilitator colleague", "take", vetting, "submitted needs_information", "in_evaluation"},
	{"heard", "facilitator colleague", "ask", vetting, "submitted in_evaluation", "needs_information"},
	{"heard", "colleague official", "reject", vetting, "in_evaluation", "rejected"},
	{"heard", "colleague official", "accept", vetting, "in_evaluation", "accepted"},
	{"heard", "facilitator colleague", "refer", vetting, "submitted", "in_evaluation"},
	{"heard", "facilitator", "refer", vetting, "in_evaluation needs_information appealed", ""},
	{"heard", "facilitator colleague", "merge", vetting, "submitted in_evaluation accepted", ""},
	{"heard", "facilitator colleague", "split", vetting, "submitted in_evaluation accepted", ""},

	{"hers claimed kept heard", "facilitator", "reopen", vetting, "accepted rejected", "in_evaluation"},
	{"hers claimed kept heard", "facilitator", "correct", vetting, "submitted in_evaluation", ""},
	{"hers claimed kept heard", "facilitator", "translate", vetting, "in_evaluation accepted rejected on_ballot", ""},
	{anyones, "colleague official", "reopen", vetting, "accepted rejected", "in_evaluation"},
	{anyones, "colleague official", "correct", vetting, "submitted in_evaluation", ""},
	{anyones, "colleague official", "translate", vetting, "in_evaluation accepted rejected on_ballot", ""},
	{anyones, "colleague official", "refer", vetting, "in_evaluation needs_information appealed", ""},
	{anyones, "colleague official", "reject", vetting, "appealed", "rejected"},
	{anyones, "colleague official", "accept", vetting, "appealed", "accepted"},
	{anyones, "expert", "estimate", vetting, "in_evaluation appealed", ""},
	{anyones, "official", "place", "draft " + vetting, "accepted", "on_ballot"},
	{anyones, "official", "remove", "draft " + vetting, "on_ballot", "accepted"},
	{"hers claimed kept heard", "facilitator colleague official", "hide", always, hideable, ""},
	{"own", "colleague official", "hide", always, hideable, ""},
}

const (
	anyones      = "hers claimed kept own heard"
	vetting      = "before proposing after vetting" // from the first proposal until the freeze
	always       = vetting + " draft frozen voting over closed counted confirmed delivering archived"
	hideable     = "submitted in_evaluation needs_information accepted rejected appealed withdrawn merged split"
	withdrawable = "draft submitted in_evaluation needs_information appealed accepted on_ballot"
)

// moments are phases of the round and, where the clock decides, where it stands
// in the phase.
var moments = []struct {
	name  string
	phase round.Phase
	day   int // of January 2026
}{
	{"draft", round.Draft, 1},
	{"before", round.Proposing, 1},
	{"proposing", round.Proposing, 10},
	{"after", round.Proposing, 20},
	{"vetting", round.Vetting, 20},
	{"frozen", round.Frozen, 20},
	{"voting", round.Voting, 25},
	{"over", round.Voting, 30},
	{"closed", round.Closed, 30},
	{"counted", round.Counted, 30},
	{"confirmed", round.Confirmed, 30},
	{"delivering", round.Delivering, 30},
	{"archived", round.Archived, 30},
}

func january(day int) time.Time { return time.Date(2026, time.January, day, 12, 0, 0, 0, time.UTC) }

var (
	aino   = proposal.Person{ID: 1}
	kerttu = proposal.Person{ID: 2}
	sanna  = proposal.Person{ID: 3}
)

// people are whom the table tries. The facilitator has rejected what was
// rejected.
var people = []struct {
	name  string
	actor domain.Actor
}{
	{"visitor", domain.Actor{}},
	{"author", domain.Actor{ID: aino.ID}},
	{"coauthor", domain.Actor{ID: kerttu.ID}},
	{"facilitator", facilitator(sanna.ID, "south")},
	{"colleague", facilitator(4, "south")},
	{"neighbour", facilitator(5, "north")},
	{"expert", domain.Actor{ID: 6, Roles: []domain.Role{domain.Expert}, Divisions: []string{"culture"}}},
	{"outsider", domain.Actor{ID: 7, Roles: []domain.Role{domain.Expert}, Divisions: []string{"education"}}},
	{"official", domain.Actor{ID: 8, Roles: []domain.Role{domain.Official}}},
	{"resident", domain.Actor{ID: 9, Roles: []domain.Role{domain.Resident}}},
}

func facilitator(id int64, area string) domain.Actor {
	return domain.Actor{ID: id, Roles: []domain.Role{domain.Resident, domain.Facilitator}, Areas: []string{area}}
}

var everyState = []proposal.State{
	proposal.Draft, proposal.Submitted, proposal.InEvaluation, proposal.NeedsInformation, proposal.Accepted,
	proposal.Rejected, proposal.Appealed, proposal.Withdrawn, proposal.OnBallot, proposal.Merged, proposal.Split,
	proposal.Selected, proposal.NotSelected,
}

var everyAction = strings.Fields(
	"draft edit submit withdraw take ask reject accept appeal reopen correct translate refer estimate place remove import number publish " +
		"ask_merge ask_split merge split go_on undo amend reissue claim hide show",
)

// standing is a proposal of that kind in a state.
func standing(of string, state proposal.State) proposal.Proposal {
	p := proposal.Proposal{
		ID:       1,
		State:    state,
		Text:     proposal.Text{Area: "south"},
		Division: "culture",
		Author:   aino,
	}
	switch of {
	case "hers":
		p.Coauthors = []proposal.Person{kerttu}
	case "own":
		p.Author, p.Coauthors = sanna, []proposal.Person{kerttu}
	case "kept":
		p.Author, p.Assistance = proposal.Person{}, &proposal.Assistance{By: sanna}
	case "claimed":
		p.Coauthors, p.Assistance = []proposal.Person{kerttu}, &proposal.Assistance{By: sanna, Claimed: true}
	}
	if state != proposal.Draft {
		p.SubmittedAt = january(10)
	}
	if state == proposal.Rejected || state == proposal.Appealed {
		p.RejectedBy = sanna.ID
	}
	if state == proposal.Appealed {
		p.Appeal = "It would not."
	}
	if of == "heard" {
		p.Coauthors, p.RejectedBy, p.Appeal = []proposal.Person{kerttu}, sanna.ID, "It would not."
	}
	return p
}

func has(words, word string) bool { return slices.Contains(strings.Fields(words), word) }

// expected is the state that follows, or the kind of the refusal: first who,
// then when, then the state.
func expected(of, who, action, when string, state proposal.State) (to proposal.State, refused domain.Kind) {
	if who == "visitor" {
		return "", domain.Unauthenticated
	}
	var ever, now, here bool
	for _, l := range life {
		if !has(l.of, of) || !has(l.who, who) || l.action != action {
			continue
		}
		appealed := of == "heard" || state == proposal.Appealed
		atFirst := of != "heard" && l.from != "appealed" && has("reject accept", action)
		onAppeal := l.from == "appealed" // for whoever did not reject it, and for nothing else
		if onAppeal && !appealed || atFirst && appealed || action == "appeal" && appealed {
			continue
		}
		atThatTime, fromThere := has(l.when, when), has(l.from, string(state))
		if atThatTime && fromThere {
			if l.to == "" {
				return state, ""
			}
			return proposal.State(l.to), ""
		}
		ever, now, here = true, now || atThatTime, here || fromThere
	}
	switch {
	case !ever:
		return "", domain.Forbidden
	case here || !now:
		return "", domain.Closed
	}
	return "", domain.Conflict
}

// Every kind of proposal × person × action × moment × state; and what a view
// says the actor may do is exactly what is permitted.
func TestALifeByItsRules(t *testing.T) {
	for _, of := range strings.Fields(anyones) {
		t.Run(of, func(t *testing.T) {
			for _, m := range moments {
				r := round.Round{ID: "r", Phase: m.phase, Times: round.Times{
					Proposing: round.Window{Opens: january(5), Closes: january(15)},
					Voting:    round.Window{Opens: january(22), Closes: january(28)},
				}}
				for _, state := range everyState {
					for _, who := range people {
						try(t, of, who.name, who.actor, standing(of, state), r, m.name, january(m.day))
					}
				}
			}
		})
	}
}

func try(
	t *testing.T,
	of, who string,
	actor domain.Actor,
	p proposal.Proposal,
	r round.Round,
	when string,
	now time.Time,
) {
	var permitted []proposal.Action
	for _, action := range everyAction {
		got, err := p.Permit(proposal.Action(action), actor, round.At{Round: r, Now: now})
		want, refused := expected(of, who, action, when, p.State)
		if got != want || err == nil && refused != "" || err != nil && domain.KindOf(err) != refused {
			t.Errorf(
				"%s: %s %s %s in %s: got %q (%v), want %q (%s)",
				when,
				who,
				action,
				of,
				p.State,
				got,
				err,
				want,
				refused,
			)
		}
		if err == nil && action != "remove" { // a project is removed, not a proposal
			permitted = append(permitted, proposal.Action(action))
		}
	}
	if p.State == proposal.Draft && !p.Mine(actor) && !p.KeptBy(actor) {
		permitted = nil // nobody else knows of it
	}
	may := p.May(actor, round.At{Round: r, Now: now})
	slices.Sort(may)
	slices.Sort(permitted)
	if !slices.Equal(may, permitted) {
		t.Errorf("%s: %s of %s in %s: told %v, permitted %v", when, who, of, p.State, may, permitted)
	}
}

// An author appeals once, though another facilitator has rejected it again.
func TestNobodyAppealsTwice(t *testing.T) {
	p := standing("hers", proposal.Rejected)
	p.Appeal = "It would not."
	r := round.Round{Phase: round.Vetting}
	if _, err := p.Permit(
		proposal.ToAppeal,
		domain.Actor{ID: aino.ID},
		round.At{
			Round: r,
			Now:   january(20),
		},
	); domain.KindOf(
		err,
	) != domain.Forbidden {
		t.Errorf("got %v, want %s", err, domain.Forbidden)
	}
}
