// Package ledger is where each euro of a round went, in double entry: the pots
// of its areas, what is reserved for projects, committed, spent, and what was
// left. An entry is corrected by its reversal alone. That an area's accounts
// add up to its pot is the database's to hold (sql/office, 00240_ledger.sql).
package ledger

import (
	"time"

	"osbu/domain"
)

// Account is where money lies.
type Account string

// The accounts. Those of Projects belong to a project, the others to its area.
const (
	Fund        Account = "fund"        // gives the pots; negative
	Free        Account = "free"        // of an area, for nothing yet
	Reserved    Account = "reserved"    // for a project, as people voted for it
	Committed   Account = "committed"   // ordered
	Spent       Account = "spent"       // paid
	Maintenance Account = "maintenance" // paid for upkeep
	Returned    Account = "returned"    // to the city
	Carried     Account = "carried"     // over to another round
	External    Account = "external"    // other money than the round's; negative
)

// Accounts are all in their order.
var Accounts = []Account{Fund, External, Free, Reserved, Committed, Spent, Maintenance, Returned, Carried}

// Projects tells whether it is a project's account.
func (a Account) Projects() bool {
	return a == Reserved || a == Committed || a == Spent || a == Maintenance || a == External
}

// Kind is what an entry does.
type Kind string

// The kinds.
const (
	Open      Kind = "open" // at the publication of the result
	Commit    Kind = "commit"
	Release   Kind = "release" // a commitment
	Spend     Kind = "spend"
	Maintain  Kind = "maintain"
	Unreserve Kind = "free"    // what a project does not need, for its area
	Reserve   Kind = "reserve" // more for a project
	Move      Kind = "move"    // from one project to another of the area
	Return    Kind = "return"
	Carry     Kind = "carry"
	Add       Kind = "add" // other money for a project
	Reverse   Kind = "reverse"
)

// paper is what a kind is booked by.
type paper int

const (
	none paper = iota
	voucher
	decision
)

// way is from where to where a kind takes money, and by what paper. The same
// paper takes it there once.
type way struct {
	from, to Account
	by       paper
}

var ways = map[Kind]way{
	Commit:    {Reserved, Committed, voucher},
	Release:   {Committed, Reserved, none},
	Spend:     {Committed, Spent, voucher},
	Maintain:  {Reserved, Maintenance, voucher},
	Unreserve: {Reserved, Free, none},
	Reserve:   {Free, Reserved, decision},
	Move:      {Reserved, Reserved, decision},
	Return:    {Free, Returned, decision},
	Carry:     {Free, Carried, decision},
	Add:       {External, Reserved, voucher},
}

// Line is what one account gets, or gives where it is negative.
type Line struct {
	Account  Account
	Area     string
	Proposal int64 // of a project's account
	Project  int   // its number
	Cents    domain.Cents
}

// Entry is one that was booked.
type Entry struct {
	ID         int64
	At         time.Time
	Day        string // on which it happened, in the city
	Kind       Kind
	Reason     domain.Text
	Decision   string
	Voucher    string // the number of the receipt or order
	Request    string // the form's own; empty: it came by no form
	Reverses   int64  // 0: none
	ReversedBy int64
	Lines      []Line
}

// Amount is what the entry moves.
func (e Entry) Amount() (sum domain.Cents) {
	for _, l := range e.Lines {
		if l.Cents > 0 {
			sum += l.Cents
		}
	}
	return sum
}

// Balances are what lies on each account.
type Balances map[Account]domain.Cents

// Left is what is in the round's hands: neither spent nor given away.
func (b Balances) Left() domain.Cents { return b[Free] + b[Reserved] + b[Committed] }

// Area is an area with its money.
type Area struct {
	ID       string
	Name     domain.Text
	Pot      domain.Cents
	Balances Balances
}

// Project is a project with its money; Estimate is what people voted for.
type Project struct {
	Proposal int64
	Number   int
	Title    domain.Text
	Area     string
	Estimate domain.Cents
	Balances Balances
	Others   []Payer
}

// Payer is another round that pays for the same place, and what it has paid for
// its own project. It is in no sum of this round.
type Payer struct {
	Round   string
	Name    domain.Text
	Project int
	Paid    domain.Cents
}

// Year is the participation fund in one year: what it began and ended with,
// what came in, and where the rest went.
type Year struct {
	Year                                                                    int
	Opening, Pots, External, Spent, Maintenance, Returned, Carried, Closing domain.Cents
}

// Flow is what was booked on an account in a year.
type Flow struct {
	Year    int
	Account Account
	Cents   domain.Cents
}

// Years are the fund's years, without a gap, from what was booked.
func Years(moves []Flow) (years []Year) {
	at := map[int]Balances{}
	first, last := 0, 0
	for _, m := range moves {
		if at[m.Year] == nil {
			at[m.Year] = Balances{}
		}
		at[m.Year][m.Account] += m.Cents
		if first == 0 || m.Year < first {
			first = m.Year
		}
		last = max(last, m.Year)
	}
	var opening domain.Cents
	for y := first; y <= last && first != 0; y++ {
		b := at[y]
		one := Year{
			Year: y, Opening: opening, Pots: -b[Fund], External: -b[External], Spent: b[Spent],
			Maintenance: b[Maintenance], Returned: b[Returned], Carried: b[Carried],
		}
		one.Closing = opening + b.Left()
		opening = one.Closing
		years = append(years, one)
	}
	return years
}
