package proposal

import (
	"cmp"
	"slices"

	"osbu/domain"
	"osbu/domain/round"
)

// Action is what somebody does to a proposal.
type Action string

// The actions. Drafting and importing make a proposal, publishing tells its
// outcome; what a merge does to its proposals stands in the package merge; the
// others are ruled below.
const (
	ToDraft    Action = "draft"
	ToEdit     Action = "edit"
	ToSubmit   Action = "submit"
	ToWithdraw Action = "withdraw"
	ToTake     Action = "take"
	ToAsk      Action = "ask"
	ToReject   Action = "reject"
	ToAccept   Action = "accept"
	ToAppeal   Action = "appeal"
	ToRefer    Action = "refer"
	ToEstimate Action = "estimate"
	ToPlace    Action = "place"
	ToRemove   Action = "remove"
	ToImport   Action = "import"
	ToNumber   Action = "number" // the ballot, not a proposal
	ToPublish  Action = "publish"
	ToAskMerge Action = "ask_merge"
	ToAskSplit Action = "ask_split"
	ToMerge    Action = "merge"
	ToSplit    Action = "split"
	ToGoOn     Action = "go_on" // alone, after being asked
	ToUndo     Action = "undo"  // a merge or split

	// On behalf of somebody, and by her own hand when she claims it.
	ToAmend   Action = "amend"
	ToReissue Action = "reissue"
	ToClaim   Action = "claim"

	// Before the freeze, what was decided or written is put right.
	ToReopen    Action = "reopen"
	ToCorrect   Action = "correct"
	ToTranslate Action = "translate" // into another language

	// What the public should not read.
	ToHide Action = "hide"
	ToShow Action = "show" // again
)

// rule lets somebody do something in some states while the round is open for
// it.
type rule struct {
	action Action
	who    func(Proposal, domain.Actor) bool
	open   func(round.At) bool
	from   []State
	to     State // empty: as it was
}

// rules are a proposal's whole life. What no rule allows is refused, and May
// lists what they allow.
//
// Submitting in needs_information answers the question. A facilitator who gets
// no answer takes the proposal again, or decides at once: whoever decides has
// taken it. A withdrawal before the
// freeze takes the project off the ballot; from the freeze until the end of the
// vote the project keeps its place and is shown as withdrawn. An appeal is
// decided once, by another person than the one who rejected. Until the freeze a
// decision can be reopened, and is then made again. Experts estimate
// what its author cannot change meanwhile. What was entered for somebody is
// kept by a facilitator until its author claims it or the evaluation begins;
// she writes its answers, for there is nobody to send a question to.
var rules = []rule{
	{ToEdit, byAuthor, whileProposing, []State{Draft}, ""},
	{ToEdit, byAuthor, whileVetting, []State{Submitted, NeedsInformation}, ""},
	{ToSubmit, byAuthor, whileProposing, []State{Draft}, Submitted},
	{ToSubmit, byAuthor, whileVetting, []State{NeedsInformation}, Submitted},
	{
		ToWithdraw,
		byFirstAuthor,
		whileVetting,
		[]State{Draft, Submitted, InEvaluation, NeedsInformation, Appealed, Accepted, OnBallot},
		Withdrawn,
	},
	{ToWithdraw, byFirstAuthor, fromFreezeToClose, []State{OnBallot}, Withdrawn},
	{ToAmend, Proposal.KeptBy, whileProposing, []State{Draft}, ""},
	{ToAmend, Proposal.KeptBy, whileVetting, []State{Submitted, NeedsInformation}, ""},
	{ToSubmit, Proposal.KeptBy, whileProposing, []State{Draft}, Submitted},
	{ToWithdraw, Proposal.KeptBy, whileVetting, []State{Draft, Submitted}, Withdrawn},
	{
		ToReissue,
		Proposal.KeptBy,
		whileVetting,
		[]State{Draft, Submitted, InEvaluation, NeedsInformation, Rejected, Appealed, Accepted, OnBallot},
		"",
	},
	{ToTake, byFacilitator, whileVetting, []State{Submitted, NeedsInformation}, InEvaluation},
	{ToAsk, byFacilitator, whileVetting, []State{Submitted, InEvaluation}, NeedsInformation},
	{ToReject, atFirst, whileVetting, []State{Submitted, InEvaluation, NeedsInformation}, Rejected},
	{ToReject, onAppeal, whileVetting, []State{InEvaluation, Appealed}, Rejected},
	{ToAccept, atFirst, whileVetting, []State{Submitted, InEvaluation, NeedsInformation}, Accepted},
	{ToAccept, onAppeal, whileVetting, []State{InEvaluation, Appealed}, Accepted},
	{ToAppeal, byAppellant, whileVetting, []State{Rejected}, Appealed},
	{ToRefer, byFacilitator, whileVetting, []State{Submitted}, InEvaluation},
	{ToRefer, byDesk, whileVetting, []State{InEvaluation, NeedsInformation, Appealed}, ""},
	{ToEstimate, Proposal.HasExpert, whileVetting, []State{InEvaluation, Appealed}, ""},
	{ToMerge, byFacilitator, whileVetting, mergeables, ""},
	{ToSplit, byFacilitator, whileVetting, mergeables, ""},
	{ToReopen, byDesk, whileVetting, []State{Accepted, Rejected}, InEvaluation},
	{ToCorrect, byDesk, whileVetting, []State{Submitted, InEvaluation}, ""},
	{ToTranslate, byDesk, whileVetting, []State{InEvaluation, Accepted, Rejected, OnBallot}, ""},
	{ToPlace, byOfficial, beforeFreeze, []State{Accepted}, OnBallot},
	{ToRemove, byOfficial, beforeFreeze, []State{OnBallot}, Accepted},
	{ToHide, byModerator, atAnyTime, hideables, ""},
	{ToShow, byModeratorAgain, atAnyTime, hideables, ""},
}

// hideables are the states in which a proposal can be hidden: those in which it
// is public, but not on the ballot, which stands still.
var hideables = []State{
	Submitted, InEvaluation, NeedsInformation, Accepted, Rejected, Appealed, Withdrawn, Merged, Split,
}

// mergeables are the states out of which a proposal can be merged or split. One
// whose author is asked for something is taken again first.
var mergeables = []State{Submitted, InEvaluation, Accepted}

func byAuthor(p Proposal, a domain.Actor) bool { return p.Mine(a) }

// byFirstAuthor is whoever began it: who joined later can leave, but not take
// it away from the others.
func byFirstAuthor(p Proposal, a domain.Actor) bool { return !a.Anonymous() && p.Author.ID == a.ID }

// byFacilitator is the area's facilitator, unless it is her own proposal:
// nobody decides in her own cause.
func byFacilitator(p Proposal, a domain.Actor) bool { return a.Facilitates(p.Text.Area) && !p.Mine(a) }

// byAppellant is one of the authors, once.
func byAppellant(p Proposal, a domain.Actor) bool { return p.Mine(a) && p.Appeal == "" }

// atFirst is whoever decides before there is an appeal.
func atFirst(p Proposal, a domain.Actor) bool { return p.Appeal == "" && byFacilitator(p, a) }

// onAppeal is whoever may decide on an appeal, also when that decision is
// reopened: a facilitator of the area or an official, but not the one who
// rejected.
func onAppeal(p Proposal, a domain.Actor) bool {
	return p.Appeal != "" && byDesk(p, a) && a.ID != p.RejectedBy
}

// byOfficial is an official; what is hidden comes on no ballot.
func byOfficial(p Proposal, a domain.Actor) bool { return a.Is(domain.Official) && p.Hidden == "" }

// byModerator hides what everybody reads and is not her own.
func byModerator(p Proposal, a domain.Actor) bool {
	return p.ModeratedBy(a) && !p.Mine(a) && p.Hidden == ""
}

// byModeratorAgain shows what was hidden.
func byModeratorAgain(p Proposal, a domain.Actor) bool {
	return p.ModeratedBy(a) && !p.Mine(a) && p.Hidden != ""
}

func atAnyTime(round.At) bool { return true }

func whileProposing(r round.At) bool { return r.TakesProposals(r.Now) }

func whileVetting(r round.At) bool { return r.TakesVetting() }

func beforeFreeze(r round.At) bool { return !r.Phase.Reached(round.Frozen) }

func fromFreezeToClose(r round.At) bool {
	return r.Phase == round.Frozen || r.Phase == round.Voting && r.Now.Before(r.Times.Voting.Closes)
}

// Permit is the state to which the action leads if the actor may do it now;
// otherwise it says why not: first who, then when, then the proposal's state.
func (p Proposal) Permit(action Action, actor domain.Actor, r round.At) (to State, err error) {
	if err := actor.SignedIn(); err != nil {
		return "", err
	}
	var allowed, open, matching bool
	for _, u := range rules {
		if u.action != action || !u.who(p, actor) {
			continue
		}
		allowed = true
		isOpen, matches := u.open(r), slices.Contains(u.from, p.State)
		if isOpen && matches {
			return cmp.Or(u.to, p.State), nil
		}
		open, matching = open || isOpen, matching || matches
	}
	switch {
	case !allowed:
		return "", domain.Fail(
			domain.Forbidden,
			domain.CodeNotAllowed,
			"this actor may not %s proposal %d",
			action,
			p.ID,
		)
	case matching || !open:
		return "", domain.Fail(
			domain.Closed,
			domain.CodePhase,
			"no proposal in state %s can be changed by %s in phase %s now",
			p.State,
			action,
			r.Phase,
		)
	}
	return "", domain.Fail(
		domain.Conflict,
		CodeState,
		"proposal %d is %s: it cannot be changed by %s",
		p.ID,
		p.State,
		action,
	)
}

// May lists what the actor may do with the proposal now, in the order of the
// rules; whether a draft is complete is told at the submission.
func (p Proposal) May(actor domain.Actor, r round.At) []Action {
	may := []Action{}
	if actor.Anonymous() || !p.VisibleTo(actor) {
		return may
	}
	for _, u := range rules {
		if slices.Contains(may, u.action) || u.action == ToRemove { // a project is removed, not a proposal
			continue
		}
		if slices.Contains(u.from, p.State) && u.who(p, actor) && u.open(r) {
			may = append(may, u.action)
		}
	}
	return may
}

// byDesk is whoever works on the proposal's area.
func byDesk(p Proposal, a domain.Actor) bool {
	return byFacilitator(p, a) || a.Is(domain.Official) && !p.Mine(a)
}

// Mergeable tells whether the proposal stands where it can be merged or split.
func (p Proposal) Mergeable() bool { return slices.Contains(mergeables, p.State) }
