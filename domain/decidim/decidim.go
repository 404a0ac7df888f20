// Package decidim takes over what a city has in Decidim: its finished rounds
// with their areas, proposals, projects, votes and results, from the zip of
// open data that Decidim makes for everybody. The votes are totals that were
// counted there, and are kept as such: there is no ballot, no roll and no
// record to check them by. People are not taken over; of an author there is the
// name that Decidim showed, and a code by which she claims what is hers.
package decidim

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"time"

	"osbu/domain"
	"osbu/domain/delivery"
	"osbu/domain/proposal"
	"osbu/domain/round"
)

// Export is what was read.
type Export struct {
	Rounds []Round // the oldest first
	Faults []Fault
	// LeftOut are the zip's files of which nothing is taken, with the reason.
	LeftOut []LeftOut
}

// LeftOut is a file of which nothing is taken.
type LeftOut struct{ File, Reason string }

// Fault is what is wrong with a row, as whoever looks into the file finds it.
type Fault struct {
	File   string
	Row    int    // as a spreadsheet program counts; 0: the file as a whole
	Column string // its heading; empty: the row as a whole
	Reason string
	Kept   bool // the row is taken all the same
}

// Round is a participatory process as it is kept here.
type Round struct {
	round.Round
	Slug      string // its address in Decidim
	Digest    [32]byte
	Proposals []Proposal
	Projects  []Project
	// Old are addresses in Decidim that lead to the round as a whole, to its
	// proposals or to its results: the page of each, below the round's own.
	Old map[string]string
}

// Proposal is somebody's proposal.
type Proposal struct {
	Source int64
	proposal.Proposal
	Old      string // its address in Decidim
	Project  int    // the number of the project that it became; 0: none
	Author   string // as Decidim showed her; empty: it does not tell
	Pictures []Picture
	Code     [32]byte // keyed hash of the author's claim code; zero: there is none
}

// Project is what people voted on.
type Project struct {
	Source    int64 // 0: the result is all that there is
	Number    int
	Title     domain.Text
	Text      domain.Text
	Place     domain.Text
	Area      string
	Theme     string
	Cost      domain.Cents
	Votes     *int
	Old       []string
	Result    *Result // nil: not selected
	Of        []int   // the proposals that it was made of, by index
	Published time.Time
	Pictures  []Picture
}

// Result is how far the city has come with a selected project.
type Result struct {
	Source     int64
	Progress   int // percent
	Status     domain.Text
	Start, End string // days
}

// Picture is one that was found beside the export.
type Picture struct {
	ID            string
	Width, Height int
}

// Report is what the delivery of a project says at first: the phase that comes
// nearest to Decidim's percent, and Decidim's own words beside it.
func (r Result) Report() delivery.Report {
	report := delivery.Report{Phase: delivery.Codevelopment, Standing: delivery.OnCourse}
	switch {
	case r.Progress >= 100:
		report.Phase = delivery.Done
	case r.Progress >= 50:
		report.Phase = delivery.Building
	case r.Progress > 0:
		report.Phase = delivery.Planning
	}
	if r.End != "" {
		date := delivery.Date{Phase: delivery.Done}
		if report.Phase == delivery.Done {
			date.Actual = r.End
		} else {
			date.First, date.Promised = r.End, r.End
		}
		report.Dates = []delivery.Date{date}
	}
	report.News = r.news()
	return report
}

// Store keeps imported rounds.
type Store interface {
	// Imported are the rounds that were imported before, by their addresses in
	// Decidim.
	Imported(ctx context.Context) (map[string]Known, error)
	// Import stores a round with all that belongs to it, finished, in one
	// transaction.
	//
	//	Conflict round_exists   another round has its address
	Import(ctx context.Context, r Round, entry round.Entry) error
	// Redirect is where an address of Decidim's leads, or NotFound.
	Redirect(ctx context.Context, old string) (string, error)
}

// Known is a round that was imported before.
type Known struct {
	Round  string
	Digest [32]byte
}

// Service imports, and knows where old addresses lead.
type Service struct{ store Store }

// New makes the service.
func New(store Store) *Service { return &Service{store} }

// Known are the rounds that were imported before, by their addresses in
// Decidim.
func (s *Service) Known(ctx context.Context) (map[string]Known, error) { return s.store.Imported(ctx) }

// Import stores a round, once.
func (s *Service) Import(ctx context.Context, r Round, command string) error {
	details, err := json.Marshal(map[string]any{
		"source": r.Slug, "proposals": len(r.Proposals), "projects": len(r.Projects), "selected": r.Selected(),
	})
	if err != nil {
		return err
	}
	return s.store.Import(ctx, r, round.Entry{
		Round: r.ID, Actor: command, Action: "import_decidim", Details: string(details),
	})
}

// Redirect is where an address of Decidim's leads, or NotFound.
func (s *Service) Redirect(ctx context.Context, old string) (string, error) {
	return s.store.Redirect(ctx, clean(old))
}

// Selected counts the projects that won.
func (r Round) Selected() (n int) {
	for _, p := range r.Projects {
		if p.Result != nil {
			n++
		}
	}
	return n
}

// digest is over all that was read of the round, so that another export of the
// same round is told from one that says something else.
func (r Round) digest() ([32]byte, error) {
	text, err := json.Marshal(struct {
		Round     round.Round
		Proposals []Proposal
		Projects  []Project
	}{r.Round, r.Proposals, r.Projects})
	return sha256.Sum256(text), err
}
