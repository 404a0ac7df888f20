// Package retention takes personal data away when the city has no use for it
// any more: its table says which data, after how many days, and who answers for
// it; a job carries it out, round by round, and tells how many there were, and
// nothing of whom. The public record, the audit log and the accounts stay, and
// so does how many voted (package statistics), which is counted before the roll
// goes.
package retention

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"

	"osbu/domain"
	"osbu/domain/round"
)

// Data is one sort of personal data of a round.
type Data string

// The sorts.
const (
	Roll      Data = "roll"       // who may vote
	Rights    Data = "rights"     // who used the right, voting codes, and what replaced or recovers a credential
	LookUps   Data = "look_ups"   // whom officers at voting places looked up
	Keyers    Data = "keyers"     // who keyed batches of ballot papers in
	Enquiries Data = "enquiries"  // what residents asked facilitators, and the answers
	Notes     Data = "desk_notes" // what the team wrote to each other
)

// All are the sorts in the order in which they are shown and taken away.
var All = []Data{Roll, Rights, LookUps, Keyers, Enquiries, Notes}

// Bounds of days: before a decision can be appealed no more (Local Government
// Act 410/2015 §134 and §139: 14 and 30 days) nothing of a vote may go; nothing
// is kept for more than ten years.
const (
	Least = 45
	Most  = 3653
)

// Rule is a line of the table.
type Rule struct {
	Data Data        `json:"data"`
	Days int         `json:"days"` // after the result was published
	Who  domain.Text `json:"who"`  // answers for it; empty: the controller
}

// Standard is the table of a city that gives none.
func Standard() []Rule {
	return []Rule{
		{Data: Roll, Days: 90},
		{Data: Rights, Days: 90},
		{Data: LookUps, Days: 90},
		{Data: Keyers, Days: 90},
		{Data: Enquiries, Days: 730},
		{Data: Notes, Days: 730},
	}
}

// Problems are what is wrong with a table: each sort needs one line.
func Problems(rules []Rule) (found []string) {
	seen := map[Data]bool{}
	for _, r := range rules {
		switch {
		case !slices.Contains(All, r.Data):
			found = append(found, fmt.Sprintf("data: %q is none of %v", r.Data, All))
		case seen[r.Data]:
			found = append(found, fmt.Sprintf("data: %q has two lines", r.Data))
		case r.Days < Least || r.Days > Most:
			found = append(found, fmt.Sprintf("%s: days: want from %d, when a decision can be appealed no more, to %d",
				r.Data, Least, Most))
		case r.Who != (domain.Text{}) && (r.Who.Fi == "" || r.Who.Sv == "" || r.Who.En == ""):
			found = append(found, fmt.Sprintf("%s: who: want it in fi, sv and en, or not at all", r.Data))
		}
		seen[r.Data] = true
	}
	for _, d := range All {
		if !seen[d] {
			found = append(found, fmt.Sprintf("data: %q has no line", d))
		}
	}
	return found
}

// Store takes data away.
type Store interface {
	// Due are the rounds whose result was published more than that many days ago
	// and whose data of that sort were not taken away: one query.
	Due(ctx context.Context, data Data, days int) ([]string, error)
	// Forget takes a round's data of a sort away, with the audit entry that note
	// makes of how many there were, and remembers that it did; again it does
	// nothing. The database refuses before Least days are over, and the roll and
	// the rights before their turnout is kept. All in one transaction.
	Forget(ctx context.Context, round string, data Data, note func(round.Round, int64) round.Entry) (int64, error)
}

// Service carries the table out.
type Service struct {
	store Store
	rules []Rule
	told  func(data Data, n int64) // after it is done
}

// New makes the service.
func New(store Store, rules []Rule, told func(Data, int64)) *Service {
	return &Service{store, rules, told}
}

// actor is whom the audit log names.
const actor = "retention"

// Run takes away what is due. One round's failure does not keep another's data.
func (s *Service) Run(ctx context.Context) (err error) {
	for _, rule := range s.rules {
		rounds, failed := s.store.Due(ctx, rule.Data, rule.Days)
		err = errors.Join(err, failed)
		for _, id := range rounds {
			n, failed := s.store.Forget(ctx, id, rule.Data, func(r round.Round, n int64) round.Entry {
				return round.Entry{Round: r.ID, Actor: actor, Action: "forget", Details: `{"data":"` + string(rule.Data) +
					`","number":` + strconv.FormatInt(n, 10) + `}`}
			})
			if err = errors.Join(err, failed); failed == nil {
				s.told(rule.Data, n)
			}
		}
	}
	return err
}
