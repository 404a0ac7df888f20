package proposal

import (
	"time"

	"osbu/domain"
	"osbu/domain/post"
	"osbu/domain/round"
)

// Change says who did what, and why; staff's decisions are in the round's audit
// log too.
type Change struct {
	By     Person
	Action Action
	Reason string
	Answer domain.Text // public text of a decision
	// Notification is what the author is told of, and of what kind that is;
	// empty: nothing. RemindAt is when she is reminded of a question.
	Notification post.Notification
	RemindAt     time.Time
	Audit        *round.Entry
}

// NewChange is the actor's, with the e-mail that tells the authors of such an
// action.
func NewChange(actor domain.Actor, action Action) Change {
	return Change{By: PersonOf(actor), Action: action, Notification: notifications[action]}
}

// notifications are of the actions that the authors hear of. Drafts and edits
// are their own business.
var notifications = map[Action]post.Notification{
	ToSubmit:   post.Submitted,
	ToWithdraw: post.Withdrawn,
	ToTake:     post.Taken,
	ToAsk:      post.Asked,
	ToReject:   post.Rejected,
	ToAccept:   post.Accepted,
	ToAppeal:   post.Appealed,
	ToReopen:   post.Reopened,
	ToCorrect:  post.Corrected,
	ToHide:     post.Hidden,
	ToShow:     post.Shown,
	ToPlace:    post.Placed,
	ToRemove:   post.Removed,
	ToAskMerge: post.MergeAsked,
	ToAskSplit: post.SplitAsked,
}
