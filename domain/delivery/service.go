package delivery

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"osbu/domain"
	"osbu/domain/round"
)

// Rounds knows the rounds.
type Rounds interface {
	// Round is one round and the database's clock, or NotFound.
	Round(ctx context.Context, id string) (round.At, error)
}

// Lists finds what the public list shows.
type Lists interface {
	// DeliveryList finds the part of the public list that is asked for, and counts
	// the whole of it, by the day that it is in the time zone: one query without a
	// lock, however long the list is.
	DeliveryList(ctx context.Context, list List, zone *time.Location) (Found, error)
}

// Found is where the projects of a page are.
type Found struct {
	Proposals []int64 // in the list's order
	Total     int     // on all pages
	Summary   Summary
}

// Store keeps deliveries.
type Store interface {
	// Deliveries are those that match, of public results, by round, number and
	// site, with the database's clock; as many queries for one as for thousands.
	Deliveries(ctx context.Context, of Of) ([]Delivery, time.Time, error)
	// Reports are what was said of a project and its sites, oldest first: one
	// query without a lock.
	Reports(ctx context.Context, proposal int64) ([]Past, error)
	// Shared are the deliveries of other rounds that are the same project to the
	// programming tool, as those of a project and its sites: none of or to a
	// rehearsal. One query without a lock.
	Shared(ctx context.Context, proposal int64) ([]Shared, error)
	// News are the newest that were told and not taken away, newest first, of all
	// public results that are no rehearsals, or of one round and one area: at
	// most so many, in one query without a lock.
	News(ctx context.Context, round, area string, most int) ([]News, error)
	// ChangeDelivery calls change with the round, the database's clock and the
	// delivery, and stores what it made of it, as the next report, with the
	// audit entry if there is one; with news, or another phase or standing,
	// authors and followers are told. The delivery is locked and the round held
	// in its phase; all in one transaction. NotFound if there is none.
	ChangeDelivery(
		ctx context.Context,
		round string,
		number, site int,
		account int64,
		change func(round.At, *Delivery) (Change, error),
	) error
	// AddSite calls build with the round, the database's clock and the project
	// with its sites, and stores the site that it makes, as its first report.
	// The project is locked; all in one transaction. NotFound if there is no such
	// project.
	AddSite(
		ctx context.Context,
		round string,
		number int,
		account int64,
		build func(round.At, []Delivery) (Delivery, Change, error),
	) error
	// EraseNews takes the news of a report away, in the name of whoever does,
	// with the audit entry that note makes of the round: in one transaction.
	// NotFound if there is no such report.
	EraseNews(ctx context.Context, round string, number, site, version int, name string,
		note func(round.Round) (round.Entry, error)) error
	// Divisions are a round's, by their addresses: one query.
	Divisions(ctx context.Context, round string) (map[string]domain.Text, error)
}

// Of says which deliveries; the zero value is all of them.
type Of struct {
	Round     string
	Number    int      // with Round: this project and its sites
	Divisions []string // nil: all
	Proposals []int64  // nil: all
}

// Change is what a report does besides what it says.
type Change struct {
	Action Action
	Audit  *round.Entry
}

// Config wires the service.
type Config struct {
	Rounds     Rounds
	Lists      Lists
	Store      Store
	Bulk       Bulk
	Judgements Judgements
	City       domain.Extent
	TimeZone   *time.Location
}

// Service is what the city tells of deliveries, and what everybody reads.
type Service struct{ c Config }

// New makes the service.
func New(c Config) *Service { return &Service{c} }

// View is a delivery as it stands today.
type View struct {
	Delivery
	Late  Late
	May   bool   // the actor may report
	Due   bool   // it is time for a report
	Sites []View // of a project, in a list of projects
}

// List says what part of all deliveries is wanted.
type List struct {
	Round, Area, Theme string
	Division           string // which the project as a whole has
	Phase              Phase
	Standing           Standing
	Late               bool   // only those
	Words              string // in the title; of small letters for Lists
	From, Limit        int
}

// Page is a part of the list, with how many there are of each sort.
type Page struct {
	Projects []View
	Total    int // on all pages
	Next     int // 0 on the last page
	Summary  Summary
}

// Summary counts what the list asks for, whatever the phase, the standing and
// the lateness.
type Summary struct {
	All, Late, Done, Cancelled int
	Phases                     map[Phase]int
}

// List is the public list, of all rounds that are no rehearsals unless one is
// asked for: those that are the furthest behind come first, then what was
// reported last. Only the projects of the page are read.
func (s *Service) List(ctx context.Context, actor domain.Actor, list List) (Page, error) {
	list.From = max(list.From, 0)
	list.Words = strings.ToLower(strings.TrimSpace(list.Words))
	found, err := s.c.Lists.DeliveryList(ctx, list, s.c.TimeZone)
	if err != nil {
		return Page{}, err
	}
	page := Page{Total: found.Total, Summary: found.Summary}
	if len(found.Proposals) == 0 {
		return page, nil
	}
	if page.Projects, err = s.projects(ctx, actor, Of{Proposals: found.Proposals}); err != nil {
		return Page{}, err
	}
	place := map[int64]int{}
	for i, proposal := range found.Proposals {
		place[proposal] = i
	}
	slices.SortFunc(page.Projects, func(a, b View) int { return place[a.Proposal] - place[b.Proposal] })
	if to := list.From + len(found.Proposals); to < found.Total {
		page.Next = to
	}
	return page, nil
}

// over sorts what is done behind what is not.
func over(v View) int {
	if v.Over() {
		return 1
	}
	return 0
}

// projects are whole projects with their sites; one is as late as its latest
// site.
func (s *Service) projects(ctx context.Context, actor domain.Actor, of Of) ([]View, error) {
	found, now, err := s.c.Store.Deliveries(ctx, of)
	if err != nil {
		return nil, err
	}
	var all []View
	for _, d := range found {
		v := s.view(d, actor, now)
		if d.Site == 0 {
			all = append(all, v)
			continue
		}
		if len(all) == 0 || all[len(all)-1].Proposal != d.Proposal { // its project has another division
			all = append(all, v)
			continue
		}
		whole := &all[len(all)-1]
		whole.Sites = append(whole.Sites, v)
		if v.Late.Days > whole.Late.Days && !whole.Over() {
			whole.Late = v.Late
		}
	}
	return all, nil
}

func (s *Service) view(d Delivery, actor domain.Actor, now time.Time) View {
	return View{Delivery: d, Late: d.Late(s.day(now)), May: d.May(actor, round.Delivering), Due: d.Due(now)}
}

// day is the day in the city.
func (s *Service) day(t time.Time) string { return t.In(s.c.TimeZone).Format(time.DateOnly) }

// Story is a project from the publication on.
type Story struct {
	View
	Reports   []Past
	Divisions map[string]domain.Text
	Worth     *Worth   // nil: the project is not finished
	Shared    []Shared // that other rounds pay for as well
}

// Shared is another round's part in the same place. Each round books what it
// pays itself, so that the sums of both are what the place costs.
type Shared struct {
	Site      int // of the project that is looked at; 0: as a whole
	Round     string
	RoundName domain.Text
	Number    int
	Title     domain.Text
	Paid      domain.Cents // for the other round's project as a whole
}

// Get is one project with its sites and all that was told of them.
func (s *Service) Get(ctx context.Context, actor domain.Actor, roundID string, number int) (Story, error) {
	r, err := s.c.Rounds.Round(ctx, roundID)
	if err != nil {
		return Story{}, err
	}
	all, err := s.projects(ctx, actor, Of{Round: roundID, Number: number})
	if err != nil {
		return Story{}, err
	}
	if len(all) == 0 {
		return Story{}, errNone(roundID, number)
	}
	story := Story{View: all[0]}
	story.May = story.Delivery.May(actor, r.Phase)
	for i := range story.Sites {
		story.Sites[i].May = story.Sites[i].Delivery.May(actor, r.Phase)
	}
	if story.Divisions, err = s.c.Store.Divisions(ctx, roundID); err != nil {
		return Story{}, err
	}
	if story.Worth, err = s.worth(ctx, actor, r.Round, story.Delivery); err != nil {
		return Story{}, err
	}
	if story.Shared, err = s.c.Store.Shared(ctx, story.Proposal); err != nil {
		return Story{}, err
	}
	story.Reports, err = s.c.Store.Reports(ctx, story.Proposal)
	return story, err
}

// newsLength is how many news are told at once.
const newsLength = 50

// News are the newest of all rounds, or of one, and of an area; empty: of all.
func (s *Service) News(ctx context.Context, roundID, area string) ([]News, error) {
	return s.c.Store.News(ctx, roundID, area, newsLength)
}

func errNone(roundID string, number int) error {
	return domain.Fail(domain.NotFound, domain.CodeNotFound, "no project %d is delivered in %s", number, roundID)
}

// Mine are the deliveries of the actor's divisions, of all for an official:
// those that a report is due of first, then the latest.
func (s *Service) Mine(ctx context.Context, actor domain.Actor) ([]View, error) {
	if !actor.Is(domain.Official) && !actor.Is(domain.Expert) {
		return nil, actor.Need(domain.Expert)
	}
	of := Of{}
	if !actor.Is(domain.Official) {
		of.Divisions = append([]string{}, actor.Divisions...)
	}
	found, now, err := s.c.Store.Deliveries(ctx, of)
	if err != nil {
		return nil, err
	}
	mine := make([]View, len(found))
	for i, d := range found {
		mine[i] = s.view(d, actor, now)
	}
	slices.SortStableFunc(mine, func(a, b View) int {
		due := func(v View) int {
			if v.Due {
				return 0
			}
			return 1
		}
		return cmp.Or(over(a)-over(b), due(a)-due(b), cmp.Compare(b.Late.Days, a.Late.Days))
	})
	return mine, nil
}

// Report says how a delivery is going, over the version that was read (the
// division's experts, officials). What it says stays in the history.
func (s *Service) Report(
	ctx context.Context,
	actor domain.Actor,
	roundID string,
	number, site, version int,
	report Report,
) (Story, error) {
	if err := staff(actor); err != nil {
		return Story{}, err
	}
	err := s.c.Store.ChangeDelivery(ctx, roundID, number, site, actor.ID,
		func(r round.At, d *Delivery) (Change, error) {
			if err := d.permit(actor, r.Round); err != nil {
				return Change{}, err
			}
			var problems domain.Problems
			made := report.clean(d.Report, s.day(r.Now), &problems)
			if err := problems.Err(); err != nil {
				return Change{}, err
			}
			if err := d.newest(version); err != nil {
				return Change{}, err
			}
			d.Report, d.UpdatedAt = made, r.Now
			d.Version++
			return Change{Action: ToReport}, nil
		})
	if err != nil {
		return Story{}, err
	}
	return s.Get(ctx, actor, roundID, number)
}

// Assign hands a delivery to a division, over the version that was read
// (officials). Who had it before stays in the history.
func (s *Service) Assign(
	ctx context.Context,
	actor domain.Actor,
	roundID string,
	number, site, version int,
	division string,
) (Story, error) {
	if err := actor.Need(domain.Official); err != nil {
		return Story{}, err
	}
	divisions, err := s.c.Store.Divisions(ctx, roundID)
	if err != nil {
		return Story{}, err
	}
	err = s.c.Store.ChangeDelivery(ctx, roundID, number, site, actor.ID,
		func(r round.At, d *Delivery) (Change, error) {
			if err := d.permit(actor, r.Round); err != nil {
				return Change{}, err
			}
			if _, known := divisions[division]; !known {
				return Change{}, domain.Problems{{Path: "division", Code: "unknown"}}.Err()
			}
			if err := d.newest(version); err != nil {
				return Change{}, err
			}
			was := d.Division
			d.Division, d.UpdatedAt, d.News = division, r.Now, domain.Text{}
			d.Version++
			return Change{Action: ToAssign, Audit: round.NewEntry(r.Round, actor, "assign_delivery", "", map[string]any{
				"project": number, "site": site, "from": was, "to": division,
			})}, nil
		})
	if err != nil {
		return Story{}, err
	}
	return s.Get(ctx, actor, roundID, number)
}

// Site is one more place at which a project is built.
type Site struct {
	Name  domain.Text
	Point *domain.Point
}

// AddSite adds one (officials, the division's experts). It begins in the
// project's phase, with its division.
func (s *Service) AddSite(
	ctx context.Context,
	actor domain.Actor,
	roundID string,
	number int,
	site Site,
) (Story, error) {
	if err := staff(actor); err != nil {
		return Story{}, err
	}
	err := s.c.Store.AddSite(ctx, roundID, number, actor.ID,
		func(r round.At, all []Delivery) (Delivery, Change, error) {
			whole := all[0]
			if err := whole.permit(actor, r.Round); err != nil {
				return Delivery{}, Change{}, err
			}
			var problems domain.Problems
			site.Name = problems.PublicLine("name", site.Name, maxName, domain.Finnish, domain.Swedish)
			site.Point.Check(s.c.City, &problems, "point")
			if len(all) > mostSites {
				problems.Add("name", "too_many", "200")
			}
			made := Delivery{
				Round: r.ID, Proposal: whole.Proposal, Site: all[len(all)-1].Site + 1, Version: 1,
				Name: site.Name, Point: site.Point, Report: Open(whole.Division), UpdatedAt: r.Now,
			}
			made.Phase, made.Contact = whole.Phase, whole.Contact
			return made, Change{Action: ToAdd, Audit: round.NewEntry(r.Round, actor, "add_delivery_site", "", map[string]int{
				"project": number, "site": made.Site,
			})}, problems.Err()
		})
	if err != nil {
		return Story{}, err
	}
	return s.Get(ctx, actor, roundID, number)
}

// EraseNews takes away what should never have been told, such as somebody's
// name (officials). That something was told, and who took it away, stays.
func (s *Service) EraseNews(
	ctx context.Context,
	actor domain.Actor,
	roundID string,
	number, site, version int,
) (Story, error) {
	if err := actor.Need(domain.Official); err != nil {
		return Story{}, err
	}
	err := s.c.Store.EraseNews(ctx, roundID, number, site, version, actor.Name, func(r round.Round) (round.Entry, error) {
		return *round.NewEntry(r, actor, "erase_delivery_news", "", map[string]int{
			"project": number, "site": site, "report": version,
		}), nil
	})
	if err != nil {
		return Story{}, err
	}
	return s.Get(ctx, actor, roundID, number)
}

// staff is nil for those among whom whoever reports is.
func staff(actor domain.Actor) error {
	if actor.Is(domain.Official) {
		return nil
	}
	return actor.Need(domain.Expert)
}

func (d Delivery) permit(actor domain.Actor, r round.Round) error {
	switch {
	case !d.reports(actor):
		return domain.Fail(domain.Forbidden, domain.CodeNotAllowed, "project %d is another division's", d.Project.Number)
	case r.Phase != round.Delivering:
		return domain.Fail(domain.Closed, domain.CodePhase, "round %s is archived", r.ID)
	}
	return nil
}

func (d Delivery) newest(version int) error {
	if version == d.Version {
		return nil
	}
	return domain.Fail(
		domain.Conflict, domain.CodeEdited, "report %d was read, the newest is %d", version, d.Version,
	)
}
