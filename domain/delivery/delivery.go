// Package delivery is what becomes of funded projects, from the publication of
// the result to the ribbon: their phases, what was promised for when, what
// changed and why, and what is told of it. Nobody says that a project is late;
// that follows from what was promised.
package delivery

import (
	"slices"
	"time"

	"osbu/domain"
	"osbu/domain/proposal"
	"osbu/domain/round"
)

// Delivery is a funded project as it is being built, or one of its sites.
type Delivery struct {
	Round    string
	Proposal int64
	Site     int // 0: the project as a whole
	Project  Project
	Version  int         // counts every report from 1
	Name     domain.Text // of a site
	Point    *domain.Point
	External string // its id in the city's programming tool; empty: not said
	Report
	UpdatedAt time.Time
}

// Project is what people voted for.
type Project struct {
	Number    int
	Area      string
	AreaName  domain.Text
	Theme     string
	ThemeName domain.Text
	RoundName domain.Text
	Rehearsal bool // of a round whose voters are made up
	Title     domain.Text
	Reserved  domain.Cents
	Image     *proposal.Image // its proposal's first that everybody sees; nil: none
}

// Report is what the city says of a delivery.
type Report struct {
	Phase      Phase
	Standing   Standing
	Reason     domain.Text // of another standing than OnCourse, in Finnish and Swedish
	Division   string      // by its address at the round's desk; empty: not said yet
	Contact    domain.Text // the role of whoever answers for it, never a name
	Difference domain.Text // what became of the idea
	Documents  []Document
	Dates      []Date      // one a phase at most, in the phases' order
	News       domain.Text // in a report alone
}

// Document is one of the city's, at an address of its own.
type Document struct {
	Title   domain.Text
	Address string
}

// Date is when a phase begins: Done when people may use it, Warranty when the
// builder's warranty begins. Days in the city, as 2027-05-31; empty: not said.
type Date struct {
	Phase    Phase
	First    string // what was promised at first
	Promised string // what is promised now
	Actual   string
}

// Phase is how far the building is.
type Phase string

// The phases in their order.
const (
	Codevelopment Phase = "codevelopment" // with residents
	Planning      Phase = "planning"
	Procurement   Phase = "procurement"
	Building      Phase = "building"
	Done          Phase = "done"
	Warranty      Phase = "warranty"
)

// Phases are all in their order.
var Phases = []Phase{Codevelopment, Planning, Procurement, Building, Done, Warranty}

// place is where the phase stands in the order, negative for none.
func (p Phase) place() int { return slices.Index(Phases, p) }

// Reached tells whether it stands at other or later.
func (p Phase) Reached(other Phase) bool { return p.place() >= other.place() }

// Standing is whether it goes as it was meant to.
type Standing string

// The standings.
const (
	OnCourse  Standing = "on_course"
	Changed   Standing = "changed" // something else is built than what was voted for
	Paused    Standing = "paused"
	Cancelled Standing = "cancelled"
)

var standings = []Standing{OnCourse, Changed, Paused, Cancelled}

// Past is a report in the history.
type Past struct {
	Site     int
	Version  int
	At       time.Time
	Action   Action
	Phase    Phase
	Standing Standing
	Reason   domain.Text
	Division string
	News     domain.Text
	Dates    []Date // that it changed
	Erased   bool   // the news was taken away
}

// News is what was told of a project or of one of its sites, for those who read
// the news of many.
type News struct {
	Round    string
	Number   int // the project's
	Site     int
	Version  int // of the report
	At       time.Time
	Title    domain.Text // the project's
	Name     domain.Text // the site's
	Area     string
	AreaName domain.Text
	Phase    Phase
	Text     domain.Text
}

// Action is what a report did.
type Action string

// The actions.
const (
	ToOpen   Action = "open" // at the publication of the result
	ToReport Action = "report"
	ToAssign Action = "assign" // to a division
	ToAdd    Action = "add"    // a site
)

// Open is how a project's delivery begins, with the division that estimated it,
// if there is one.
func Open(division string) Report {
	return Report{Phase: Codevelopment, Standing: OnCourse, Division: division}
}

// Late is by how many days the delivery is, or will be by what the city itself
// promises, later than it was promised at first; and which phase it is that is
// late. The day is today in the city. A done project was late for good, a
// cancelled one is not late.
type Late struct {
	Days  int // 0: not late
	Phase Phase
}

// Late computes it. A phase that was reached is late by its actual day; of
// those that lie ahead the one counts that is the furthest behind.
func (r Report) Late(today string) (worst Late) {
	if r.Standing == Cancelled {
		return Late{}
	}
	for _, d := range r.Dates {
		if d.First == "" || d.Phase == Warranty {
			continue
		}
		when := d.Actual
		switch {
		case r.Phase.Reached(d.Phase):
			if d.Phase != Done { // behind us; what counts is what lies ahead
				continue
			}
		case when == "" || when > today:
			when = max(d.Promised, today)
		}
		if days := between(d.First, when); days > worst.Days {
			worst = Late{Days: days, Phase: d.Phase}
		}
	}
	return worst
}

// between is how many days one day is after another; 0 if either is not said.
func between(from, to string) int {
	a, errA := time.Parse(time.DateOnly, from)
	b, errB := time.Parse(time.DateOnly, to)
	if errA != nil || errB != nil {
		return 0
	}
	return int(b.Sub(a).Hours() / 24)
}

// Next is the first phase ahead that has a promise, and its date.
func (r Report) Next() (Date, bool) {
	for _, d := range r.Dates {
		if !r.Phase.Reached(d.Phase) && d.Promised != "" && r.Standing != Cancelled {
			return d, true
		}
	}
	return Date{}, false
}

// ReportedEvery is how often the city says how a project is going, days.
const ReportedEvery = 31

// Due tells whether it is time for a report: none for a month, of what is still
// being built.
func (d Delivery) Due(now time.Time) bool {
	return !d.Over() && now.Sub(d.UpdatedAt) > ReportedEvery*24*time.Hour
}

// Over tells whether nothing more is to come.
func (r Report) Over() bool { return r.Standing == Cancelled || r.Phase.Reached(Done) }

// reports tells whether the actor may say how the delivery is going: an expert
// of its division, an official.
func (d Delivery) reports(actor domain.Actor) bool {
	return actor.Is(domain.Official) || d.Division != "" && actor.Estimates(d.Division)
}

// May tells whether the actor may report now.
func (d Delivery) May(actor domain.Actor, phase round.Phase) bool {
	return d.reports(actor) && phase == round.Delivering
}
