package record

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"osbu/domain/ballot"
	"osbu/domain/pabulib"
	"osbu/domain/tally"
)

// areas counts every area again and holds file and outcome against what is
// published.
func (v *verifying) areas(ctx context.Context) error {
	type area struct {
		at  int
		err error
	}
	done := 0
	return onAllCores(ctx, func(yield func(area) error) error {
		for at := range v.Published.Areas {
			if err := yield(area{at: at}); err != nil {
				return err
			}
		}
		return nil
	}, func(a *area) {
		a.err = v.recount(ctx, a.at)
	}, func(a *area) error {
		if said := v.Published.Areas[a.at]; a.err == nil && v.of(said) == nil && !countsTotals(said.Outcome) {
			v.Unrecounted = append(v.Unrecounted, said.Area)
		}
		done++
		v.Progress(Counting, int64(done), int64(len(v.Published.Areas)))
		return a.err
	})
}

// recount is nil if counting an area again, as far as its ballots are there,
// makes what is published of it.
func (v *verifying) recount(ctx context.Context, at int) error {
	said, m := v.Published.Areas[at], v.Manifest.Areas[at]
	zip := v.of(said)
	if zip == nil {
		return v.recountTotals(ctx, at)
	}
	name := inputFile(m.ID)
	input, err := zip.read(name)
	if err != nil {
		return ofPart(said, err)
	}
	gone, err := withdrawnIn(input)
	if err != nil {
		return ofPart(said, within(name, err))
	}
	counted, err := countArea(ctx, v.Manifest, m, v.votes[at], gone, said.Lot)
	if err != nil {
		return within(name, err)
	}
	if line := differ(input, counted.Input); line > 0 {
		return ofPart(said, fault(name, line, "not what the manifest and the ballots make"))
	}
	if counted.Ballots != said.Ballots || counted.Blank != said.Blank {
		return v.wrong(
			fmt.Sprintf("areas/%d/ballots", at),
			"area %s: %d ballots, %d of them blank, not %d and %d",
			m.ID,
			counted.Ballots,
			counted.Blank,
			said.Ballots,
			said.Blank,
		)
	}
	want := said
	if want.Outcome = counted.Result; said.Withheld {
		want.Outcome = withheld(counted.Result)
	} else if want.Input = counted.Digest(); want.Input != said.Input {
		return v.wrong(fmt.Sprintf("areas/%d/input_sha256", at), "area %s: the digest is not that of %s", m.ID, name)
	}
	return v.matches(at, want)
}

// ofPart says that an error is of the auditors' part if the area is withheld.
func ofPart(a PublishedArea, err error) error {
	if a.Withheld {
		return ofAuditors(err)
	}
	return err
}

// withdrawnIn tells which projects an area's file marks as withdrawn during the
// vote.
func withdrawnIn(input []byte) (map[int]bool, error) {
	f, err := pabulib.Parse(string(input))
	if wrong, ok := errors.AsType[*pabulib.Fault](err); ok {
		return nil, &Fault{Line: wrong.Line, Byte: nowhere, Text: wrong.Text}
	}
	if err != nil {
		return nil, err
	}
	withdrawn, err := f.Withdrawn()
	if err != nil {
		return nil, &Fault{Byte: nowhere, Text: err.Error()}
	}
	gone := map[int]bool{}
	for i, p := range f.Projects {
		n, err := number(p.ID)
		if err != nil {
			return nil, err
		}
		gone[n] = withdrawn[i]
	}
	return gone, nil
}

// matches is nil if an area is published as it must be; else the fault names
// the first line of outcome.json that is otherwise.
func (v *verifying) matches(at int, want PublishedArea) error {
	said, err := v.Published.encode()
	if err != nil {
		return err
	}
	other := v.Published
	other.Areas = slices.Clone(other.Areas)
	other.Areas[at] = want
	counted, err := other.encode()
	if err != nil {
		return err
	}
	if line := differ(said, counted); line > 0 {
		return fault(outcomeFile, line, "area %s: counting it again gives another outcome", want.Area)
	}
	return nil
}

// recountTotals checks an area whose ballots are withheld: its totals are
// possible, and if the outcome follows from those that are told, it does.
func (v *verifying) recountTotals(ctx context.Context, at int) error {
	said, m := v.Published.Areas[at], v.Manifest.Areas[at]
	form := paperOf(v.Manifest, m.ID).Form
	filled := int64(said.Ballots - said.Blank)
	wrong := func(format string, args ...any) error {
		return v.wrong(fmt.Sprintf("areas/%d/outcome", at), "area %s: %s", m.ID, fmt.Sprintf(format, args...))
	}
	if filled < 0 || said.Blank > 0 && !form.TakesBlank() {
		return wrong("%d blank ballots of %d", said.Blank, said.Ballots)
	}
	costs, gone := v.Manifest.Costs(m.ID), map[int]bool{}
	ballots := make([]ballot.Vote, said.Ballots)
	for i := range ballots {
		ballots[i].Kind = form.VoteKind()
	}
	var picks, points, untold int64
	for _, p := range said.Outcome.Projects {
		n, err := number(p.ID)
		if err != nil {
			return wrong("%v", err)
		}
		if _, here := costs[n]; !here {
			return wrong("project %d is not of this area, or there twice", n)
		}
		delete(costs, n)
		if p.Votes < 0 || p.Votes > filled {
			return wrong("project %d has %d votes of %d ballots", n, p.Votes, filled)
		}
		given, text := possibleScore(form, p)
		if text != "" {
			return wrong("project %d %s", n, text)
		}
		for i := range p.Votes { // ballots with these totals: which project stands on which does not matter here
			ballots[i].Choices = append(ballots[i].Choices, n)
			if form.Kind == ballot.Points { // one for each, and the rest on the first
				one := given - p.Votes + 1
				if i > 0 {
					one = 1
				}
				ballots[i].Points = append(ballots[i].Points, int(one))
			}
		}
		points += given
		gone[n] = p.Status == tally.Withdrawn
		picks += p.Votes
		if p.VotesWithheld {
			untold += filled
		}
	}
	if picks+untold < filled*int64(form.Fewest()) || picks > filled*int64(form.Max) {
		return wrong("%d ballots cannot have %d picks", filled, picks)
	}
	most, least := filled*int64(form.Points), int64(0)
	if form.PointsAll && untold == 0 {
		least = most
	}
	if form.Kind == ballot.Points && (points > most || points < least) {
		return wrong("%d ballots cannot give %d points", filled, points)
	}
	counted, err := countArea(ctx, v.Manifest, m, areaVotes{online: ballots}, gone, said.Lot)
	if err != nil {
		return wrong("%v", err)
	}
	want := said
	// A project whose votes are withheld has none here, and so stays withheld.
	if want.Outcome = withheld(counted.Result); countsTotals(want.Outcome) {
		return v.matches(at, want)
	}
	// No ballots are made up that have a ranking's scores, too. Where a project is
	// left out, the outcome is another.
	if form.Kind == ballot.Ranking && len(said.Outcome.Projects) == len(counted.Result.Projects) {
		counted.Result.Projects = slices.Clone(counted.Result.Projects)
		for i := range counted.Result.Projects {
			counted.Result.Projects[i].Score = said.Outcome.Projects[i].Score
		}
	}
	return v.possible(at, want, counted.Result)
}

// possibleScore is a project's score by its ballots' points, or says why so
// many votes cannot have it. A ranking's score is a sum over its places.
func possibleScore(form ballot.Form, p tally.Result) (points int64, wrong string) {
	score := p.Score.Rat()
	most := int64(1)
	switch form.Kind {
	case ballot.Points:
		most = int64(form.PointsEach)
	case ballot.Ranking:
		most = int64(form.Max)
	}
	if !score.IsInt() || !score.Num().IsInt64() || score.Num().Int64() < 0 || score.Num().Int64() > p.Votes*most {
		return 0, fmt.Sprintf("has a score of %s of %d votes", p.Score, p.Votes)
	}
	if points = score.Num().Int64(); form.Kind == ballot.Points && points < p.Votes {
		return 0, fmt.Sprintf("has %d points of %d votes", points, p.Votes)
	}
	return points, ""
}

// possible checks an outcome that only single ballots could explain, against
// what its totals make. counted is an outcome of other ballots with the same
// totals: its rule, projects, votes and costs must be the published ones. What
// is funded must be projects of this area that were not withdrawn, each once
// and in the area's order, that fit the pot together.
func (v *verifying) possible(at int, want PublishedArea, counted tally.Outcome) error {
	said := v.Published.Areas[at].Outcome
	path := fmt.Sprintf("areas/%d/outcome/selected", at)
	counted.Cost = tally.Number{}
	left := said.Selected
	for i := range counted.Projects {
		p := &counted.Projects[i]
		p.Selected = len(left) > 0 && left[0] == p.ID
		if !p.Selected {
			continue
		}
		left = left[1:]
		if p.Status == tally.Withdrawn {
			return v.wrong(path, "area %s: project %s was withdrawn, and cannot be selected", want.Area, p.ID)
		}
		counted.Cost = counted.Cost.Add(p.Cost)
	}
	if len(left) > 0 {
		return v.wrong(path, "area %s: selected has %.20q, which is not of this area, or out of the order of projects",
			want.Area, left[0])
	}
	if counted.Cost.Cmp(counted.Budget) > 0 {
		return v.wrong(path, "area %s: the selected projects cost more than the pot", want.Area)
	}
	want.Outcome = withheld(counted)
	return v.matches(at, want)
}
