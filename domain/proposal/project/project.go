// Package project is the ballot: accepted proposals, and ready projects of the
// city, as people vote on them.
package project

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"fmt"
	"slices"
	"strconv"
	"time"

	"golang.org/x/text/collate"
	"golang.org/x/text/language"

	"osbu/domain"
	"osbu/domain/proposal"
	"osbu/domain/round"
)

// Project is a proposal as it stands on the ballot: a copy made at its
// placement, so that nothing done to the proposal moves what people vote on.
type Project struct {
	Round       string
	Number      int   // 1–999999, unique in the round
	Proposal    int64 // 0 while an import is not stored
	Area        string
	Title       domain.Text // in the languages it was written in; the others are empty
	Description domain.Text
	Place       domain.Text
	Point       *domain.Point
	Theme       string
	Cost        proposal.Cost
	Reserved    domain.Cents    // what the count uses, by the round's setting
	Withdrawn   bool            // by its author after the freeze
	Selected    bool            // by the vote, once its result is published
	Votes       *int            // as the service told that held the round; nil: counted here, or not told
	Image       *proposal.Image // its proposal's first that everybody sees; nil: none
	Conflicts   []Exclusion     // with others on the ballot
}

// maxNumber bounds a project's number.
const maxNumber = 999_999

// Ballot is a round's ballot while it is being put together.
type Ballot struct {
	Projects []Project
	Accepted []proposal.Proposal // not on the ballot, oldest first
}

// facts are which project stands under which number.
func (b Ballot) facts() []round.Fact {
	numbers := map[int]int64{} // printed in the order of its keys
	for _, p := range b.Projects {
		numbers[p.Number] = p.Proposal
	}
	return []round.Fact{{Path: "projects", Value: fmt.Sprint(numbers)}}
}

// Of is the copy of an accepted proposal for the ballot.
func Of(p proposal.Proposal, number int) Project {
	var title, description, place domain.Text
	for _, l := range proposal.Languages {
		w := p.In(l)
		title.Set(l, w.Title)
		description.Set(l, w.What)
		place.Set(l, w.Place)
	}
	return Project{
		Round:       p.Round,
		Number:      number,
		Proposal:    p.ID,
		Area:        p.Text.Area,
		Theme:       p.Text.Theme,
		Place:       place,
		Point:       p.Text.Point,
		Title:       title,
		Description: description,
		Cost:        *p.Cost,
	}
}

// next is the number after the highest in use, so that a number once announced
// does not pass to another project while a higher one stands.
func (b *Ballot) next() int {
	highest := 0
	for _, p := range b.Projects {
		highest = max(highest, p.Number)
	}
	return highest + 1
}

// place puts accepted proposals on the ballot, in the order given; none given
// means all, oldest first.
func (b *Ballot) place(ids []int64) error {
	if len(ids) == 0 {
		for _, p := range b.Accepted {
			ids = append(ids, p.ID)
		}
	}
	var problems domain.Problems
	number := b.next()
	seen := map[int64]bool{}
	for i, id := range ids {
		path := fmt.Sprintf("proposals[%d]", i)
		at := slices.IndexFunc(b.Accepted, func(p proposal.Proposal) bool { return p.ID == id })
		switch {
		case seen[id]:
			problems.Add(path, "duplicate", "")
		case at < 0:
			problems.Add(path, "not_allowed", string(proposal.Accepted))
		case number > maxNumber:
			problems.Add(path, "too_many", strconv.Itoa(maxNumber))
		default:
			b.Projects = append(b.Projects, Of(b.Accepted[at], number))
			number++
		}
		seen[id] = true
	}
	if len(problems) > 0 {
		return &domain.Error{
			Kind:   domain.Conflict,
			Code:   proposal.CodeState,
			Detail: "only accepted proposals can be put on the ballot",
			Fields: problems,
		}
	}
	return nil
}

// remove takes a project off the ballot.
func (b *Ballot) remove(number int) error {
	i := slices.IndexFunc(b.Projects, func(p Project) bool { return p.Number == number })
	if i < 0 {
		return domain.Fail(domain.NotFound, domain.CodeNotFound, "no project %d", number)
	}
	b.Projects = slices.Delete(b.Projects, i, i+1)
	return nil
}

// removeAll takes several projects off the ballot, or none of them and says
// which of the numbers are wrong.
func (b *Ballot) removeAll(numbers []int) error {
	var problems domain.Problems
	if len(numbers) == 0 {
		problems.Add("projects", "required", "")
	}
	leaving := make(map[int]bool, len(numbers))
	there := make(map[int]bool, len(b.Projects))
	for _, p := range b.Projects {
		there[p.Number] = true
	}
	for i, n := range numbers {
		switch path := fmt.Sprintf("projects[%d]", i); {
		case leaving[n]:
			problems.Add(path, "duplicate", "")
		case !there[n]:
			problems.Add(path, "unknown", strconv.Itoa(n))
		}
		leaving[n] = true
	}
	if err := problems.Err(); err != nil {
		return err
	}
	b.Projects = slices.DeleteFunc(b.Projects, func(p Project) bool { return leaving[p.Number] })
	return nil
}

// number gives the numbers anew from 1: areas in the round's order, in them
// titles in the order of a Finnish dictionary (Unicode collation with CLDR's
// tailoring, the same on every machine), equal titles by age.
func (b *Ballot) number(s round.Settings) {
	order := collate.New(language.Finnish)
	var buffer collate.Buffer
	keys := make(map[int64][]byte, len(b.Projects))
	for _, p := range b.Projects {
		keys[p.Proposal] = bytes.Clone(order.KeyFromString(&buffer, p.Title.In(domain.Finnish)))
		buffer.Reset()
	}
	position := func(area string) int {
		return slices.IndexFunc(s.Areas, func(a round.Area) bool { return a.ID == area })
	}
	slices.SortFunc(b.Projects, func(p, q Project) int {
		return cmp.Or(
			cmp.Compare(position(p.Area), position(q.Area)),
			bytes.Compare(keys[p.Proposal], keys[q.Proposal]),
			cmp.Compare(p.Proposal, q.Proposal),
		)
	})
	for i := range b.Projects {
		b.Projects[i].Number = i + 1
	}
}

// add puts ready projects on the ballot: all of them, or none and every fault
// by its path. Those without a number get the next free ones.
func (b *Ballot) add(r round.Round, city domain.Extent, ready []Project) error {
	var problems domain.Problems
	taken := map[int]bool{}
	for _, p := range b.Projects {
		taken[p.Number] = true
	}
	added := make([]Project, len(ready))
	for i, p := range ready {
		path := fmt.Sprintf("projects[%d]", i)
		p.Round = r.ID
		p.Title = problems.PublicLine(path+".title", p.Title, proposal.MaxBallotTitle, domain.Finnish)
		p.Description = problems.PublicBody(path+".description", p.Description, proposal.MaxText)
		p.Cost.Check(&problems, path+".cost")
		p.Point.Check(city, &problems, path+".point")
		if p.Area == "" {
			problems.Add(path+".area", "required", "")
		}
		proposal.Text{Area: p.Area, Theme: p.Theme}.CheckChoices(r.Settings, &problems, path+".")
		switch {
		case p.Number == 0:
		case p.Number < 0:
			problems.Add(path+".number", "too_small", "1")
		case p.Number > maxNumber:
			problems.Add(path+".number", "too_large", strconv.Itoa(maxNumber))
		case taken[p.Number]:
			problems.Add(path+".number", "duplicate", "")
		default:
			taken[p.Number] = true
		}
		added[i] = p
	}
	next := 1
	for n := range taken {
		next = max(next, n+1)
	}
	for i := range added {
		if added[i].Number == 0 {
			if next > maxNumber {
				problems.Add(fmt.Sprintf("projects[%d].number", i), "too_many", strconv.Itoa(maxNumber))
			}
			added[i].Number = next
			next++
		}
	}
	b.Projects = append(b.Projects, added...)
	return problems.Err()
}

// Imported is the proposal behind an imported project: the city's own, written
// in Finnish.
func (p Project) Imported(now time.Time) proposal.Proposal {
	cost := p.Cost
	return proposal.Proposal{
		Round:       p.Round,
		State:       proposal.OnBallot,
		Version:     1,
		Cost:        &cost,
		Project:     p.Number,
		SubmittedAt: now,
		UpdatedAt:   now,
		Listing:     p.Listing(),
		Text: proposal.Text{
			Title: p.Title.In(
				domain.Finnish,
			), What: cmp.Or(p.Description.In(domain.Finnish), p.Title.In(domain.Finnish)),
			Area: p.Area, Theme: p.Theme, Place: p.Place.In(domain.Finnish), Point: p.Point, Language: domain.Finnish,
		},
	}
}

// Listing is how the proposal behind it tells of the project.
func (p Project) Listing() proposal.Listing {
	return proposal.Listing{Title: p.Title, Description: p.Description, Place: p.Place}
}

// shuffle orders projects by SHA-256 of the day in the zone and the number:
// fair, for nobody is always first, and the same for everybody that day.
func shuffle(projects []Project, now time.Time, zone *time.Location) {
	day := now.In(zone).Format(time.DateOnly)
	key := func(p Project) [32]byte { return sha256.Sum256(fmt.Appendf(nil, "%s/%d", day, p.Number)) }
	slices.SortFunc(projects, func(p, q Project) int {
		a, b := key(p), key(q)
		return bytes.Compare(a[:], b[:])
	})
}

// Exclusion is a conflict as it shows on the ballot: the numbers of the other
// projects.
type Exclusion struct {
	Numbers []int
	Reason  domain.Text
}
