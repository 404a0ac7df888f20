package record

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"osbu/domain"
	"osbu/domain/ballot"
	"osbu/domain/round"
)

// Next is a round's next step as it is shown before it is taken: what it fixes,
// what must be true first, and what is odd. Whoever takes it gives the version
// back and says which warnings she accepts.
type Next struct {
	Step     round.Step // empty at the end
	Version  string
	Blockers []Finding[Blocker]
	Warnings []Finding[Warning]
	Missing  []TextsMissing // at the freeze; the step then wants one of the MissingWords
	Fixes    Fixes
	Now      time.Time // the database's clock
	Asked    *Asked    // that waits for a second official; nil: nothing does
}

// Asked is a step that waits for a second official.
type Asked struct {
	Request
	Name string // of who asked
	Own  bool   // the reader did
	At   time.Time
}

// Finding is something that is in a step's way, or odd about it, and where.
type Finding[C ~string] struct {
	Code     C
	Areas    []string
	Papers   []string
	Projects []int
}

// Blocker is what must be true before a step can be taken; an enum of the
// contract.
type Blocker string

// The blockers.
const (
	NoProjects          Blocker = "no_projects"           // nothing on the ballot
	AreaWithoutProjects Blocker = "area_without_projects" // an area with fewer projects than its paper needs picks
	// dearer than the pot where a ballot must fit it: nobody could vote for it
	Unchoosable Blocker = "project_unchoosable"
	PotTooSmall Blocker = "pot_too_small"       // not even the cheapest projects that a ballot needs fit the pot
	NoRoll      Blocker = "no_roll"             // nobody may vote
	Undecided   Blocker = "proposals_undecided" // submitted proposals wait for a decision
	TooEarly    Blocker = "not_closing_time"    // the vote is still open: give a reason to close it now
	Stuffed     Blocker = "more_ballots_than_rights"
	OneCluster  Blocker = "one_cluster" // office and box share a write-ahead log
	// A batch of paper is neither sealed nor left out.
	PaperOpen Blocker = "paper_batches_open"
	// The batches of paper answer for more or fewer rights than were marked as
	// spent on paper.
	PaperUnaccounted Blocker = "paper_unaccounted"
)

// Warning is what is possible but hardly meant; an enum of the contract.
type Warning string

// The warnings.
const (
	PotEmpty            Warning = "pot_empty"             // nothing can be built there
	ProjectOverPot      Warning = "project_over_pot"      // can be voted for, never built
	FinnishMissing      Warning = "finnish_missing"       // names or titles
	SwedishMissing      Warning = "swedish_missing"       //
	EnglishMissing      Warning = "english_missing"       //
	ConflictsIgnored    Warning = "conflicts_ignored"     // the rule is set not to obey them
	ConflictAcrossAreas Warning = "conflict_across_areas" // each area is counted alone
	FundsWithoutVotes   Warning = "funds_without_votes"   // what nobody voted for may be built
	NoAgeLimit          Warning = "no_age_limit"
	VotingPast          Warning = "voting_past"    // nobody can vote any more
	ProposingPast       Warning = "proposing_past" // nobody can propose any more
	ProposingOpen       Warning = "proposing_open" // people may still propose, and could not any more
)

// Fixes are what nobody can change after the step, as it stands now.
type Fixes struct {
	Round      round.Round
	Areas      []AreaFixed
	Conflicts  []ConflictFixed
	Rights     map[string]int // by paper
	Codes      int            // voting codes besides, nobody's until they are used
	PromisedBy time.Time      // until when the close can be moved, and when every ballot is in the log
}

// AreaFixed is what an area puts on the ballot, and from the count on what came
// of it.
type AreaFixed struct {
	Area     string
	Projects int
	Cost     domain.Cents // of all of them, reserved
	Counted  bool
	Ballots  int
	Funded   []string // by number, as the outcome names them
	Spent    domain.Cents
}

// ConflictFixed are projects of which one can be carried out, and whether the
// count funds at most one of them.
type ConflictFixed struct {
	round.ManifestConflict
	Obeyed bool
}

// Next is the next step and what is to be known before it is taken.
func (s *Service) Next(ctx context.Context, actor domain.Actor, id string) (Next, error) {
	if err := actor.Need(domain.Official); err != nil {
		return Next{}, err
	}
	st, err := s.Office.State(ctx, id)
	if err != nil {
		return Next{}, err
	}
	outcomes, err := s.Office.Outcomes(ctx, id)
	if err != nil {
		return Next{}, err
	}
	step := st.Round.Phase.Next()
	if step == round.Open {
		if st.OneCluster, err = s.mustPart(ctx, st.Round); err != nil {
			return Next{}, err
		}
	}
	if step == round.Close {
		if st.Batches, err = s.Box.PaperBatches(ctx, id); err != nil {
			return Next{}, err
		}
	}
	next := Next{
		Step:     step,
		Version:  round.Version(st.facts(step, outcomes)),
		Blockers: st.blockers(step),
		Warnings: st.warnings(step),
		Missing:  st.missing(step),
		Fixes:    st.fixes(outcomes),
		Now:      st.Now,
	}
	if a := st.Round.Asked; a != nil {
		next.Asked = &Asked{Name: a.Name, Own: a.By == actor.ID, At: a.At}
		if err := json.Unmarshal(a.Request, &next.Asked.Request); err != nil {
			return Next{}, fmt.Errorf("the step asked for: %w", err)
		}
	}
	if st.Round.Phase == round.Frozen || st.Round.Phase == round.Voting {
		frozen, err := s.Office.Frozen(ctx, id)
		if err != nil {
			return Next{}, err
		}
		m, err := round.DecodeManifest(frozen.Manifest)
		if err != nil {
			return Next{}, err
		}
		next.Fixes.PromisedBy = m.PromisedBy
	}
	return next, nil
}

// mustPart tells whether the round cannot open where its databases lie: their
// write-ahead log would tell which right was spent just before which ballot
// came. Nobody hides in a rehearsal.
func (s *Service) mustPart(ctx context.Context, r round.Round) (bool, error) {
	if r.Rehearsal || s.OneClusterAccepted {
		return false, nil
	}
	return s.OneCluster(ctx)
}

// facts are what the step makes unchangeable; a step is taken of exactly what
// was shown.
func (st State) facts(step round.Step, outcomes []Outcome) []round.Fact {
	r := st.Round
	facts := []round.Fact{{Path: "step", Value: string(step)}}
	switch step {
	case round.Propose, round.Vet:
		facts = slices.Concat(facts, r.NameFacts(), r.Times.Facts(), r.Settings.Facts())
	case round.Freeze:
		facts = slices.Concat(facts, r.NameFacts(), r.Times.Facts(), r.Settings.Facts())
		facts = append(facts, round.Fact{Path: "projects", Value: len(st.Projects)})
		for _, p := range st.Projects {
			facts = append(facts, round.Fact{
				Path: fmt.Sprintf("projects.%d", p.Number), Value: fmt.Sprintf("%s %d %+v", p.Area, p.Cost, p.Title),
			})
		}
		facts = append(facts, round.Fact{Path: "missing", Value: fmt.Sprint(st.missing(step))})
		facts = append(facts, round.Fact{Path: "conflicts", Value: fmt.Sprintf("%+v", st.Conflicts)})
		for _, p := range r.Settings.Papers {
			facts = append(facts, round.Fact{Path: "rights." + p.ID, Value: st.Rights[p.ID]})
		}
		facts = append(facts, round.Fact{Path: "codes", Value: st.Codes})
	case round.Open, round.Close:
		facts = slices.Concat(facts, r.Times.Facts())
	case round.Confirm, round.Publish:
		facts = append(facts, round.Fact{Path: "decision", Value: r.ConfirmDecision})
		for _, o := range outcomes {
			facts = append(facts, round.Fact{Path: "outcomes." + o.Area, Value: o.Digest()})
		}
	}
	return facts
}

func (st State) fixes(outcomes []Outcome) Fixes {
	f := Fixes{Round: st.Round, Rights: st.Rights, Codes: st.Codes}
	if !st.Round.Phase.Reached(round.Frozen) {
		f.PromisedBy = st.Round.Times.Voting.Closes.Add(promiseMargin)
	}
	for _, a := range st.Round.Settings.Areas {
		fixed := AreaFixed{Area: a.ID}
		costs := map[string]domain.Cents{}
		for _, p := range st.projectsOf(a.ID) {
			fixed.Projects++
			fixed.Cost += p.Cost
			costs[fmt.Sprint(p.Number)] = p.Cost
		}
		for _, o := range outcomes {
			if o.Area != a.ID {
				continue
			}
			fixed.Counted, fixed.Ballots = true, o.Ballots
			fixed.Funded = o.Result.Selected
			for _, number := range o.Result.Selected {
				fixed.Spent += costs[number]
			}
		}
		f.Areas = append(f.Areas, fixed)
	}
	for _, c := range st.Conflicts {
		f.Conflicts = append(f.Conflicts, ConflictFixed{c, st.conflictWarning(c) == ""})
	}
	return f
}

func (st State) projectsOf(area string) []Project {
	var projects []Project
	for _, p := range st.Projects {
		if p.Area == area {
			projects = append(projects, p)
		}
	}
	return projects
}

func (st State) blockers(step round.Step) []Finding[Blocker] {
	var found []Finding[Blocker]
	switch step {
	case round.Freeze:
		if st.Undecided > 0 {
			found = append(found, Finding[Blocker]{Code: Undecided})
		}
		if len(st.Projects) == 0 {
			found = append(found, Finding[Blocker]{Code: NoProjects})
		} else {
			found = append(found, st.ballotBlockers()...)
		}
		var papers []string
		for _, p := range st.Round.Settings.Papers {
			if st.Rights[p.ID] == 0 && st.Codes == 0 {
				papers = append(papers, p.ID)
			}
		}
		if len(papers) > 0 {
			found = append(found, Finding[Blocker]{Code: NoRoll, Papers: papers})
		}
	case round.Open:
		if st.OneCluster {
			found = append(found, Finding[Blocker]{Code: OneCluster})
		}
	case round.Close:
		if st.Now.Before(st.Round.Times.Voting.Closes) {
			found = append(found, Finding[Blocker]{Code: TooEarly})
		}
		found = append(found, st.paperBlockers()...)
	}
	return found
}

// ballotBlockers find the areas for which no ballot could be filled in, and the
// projects that no ballot could name.
func (st State) ballotBlockers() []Finding[Blocker] {
	few := Finding[Blocker]{Code: AreaWithoutProjects}
	small := Finding[Blocker]{Code: PotTooSmall}
	dear := Finding[Blocker]{Code: Unchoosable}
	for _, p := range st.Round.Settings.Papers {
		for _, id := range p.Areas {
			a, _ := st.Round.Settings.Area(id)
			projects := st.projectsOf(id)
			if len(projects) < p.Form.Fewest() {
				few.Areas = append(few.Areas, id)
				continue
			}
			if p.Form.Kind != ballot.Knapsack {
				continue
			}
			costs := make([]domain.Cents, len(projects))
			for i, one := range projects {
				if costs[i] = one.Cost; one.Cost > a.Pot {
					dear.Areas, dear.Projects = with(dear.Areas, id), append(dear.Projects, one.Number)
				}
			}
			slices.Sort(costs)
			var cheapest domain.Cents
			for _, c := range costs[:p.Form.Fewest()] {
				cheapest += c
			}
			if cheapest > a.Pot {
				small.Areas = append(small.Areas, id)
			}
		}
	}
	return slices.DeleteFunc(
		[]Finding[Blocker]{few, small, dear},
		func(f Finding[Blocker]) bool { return len(f.Areas) == 0 },
	)
}

func (st State) warnings(step round.Step) []Finding[Warning] {
	times := st.Round.Times
	var found []Finding[Warning]
	when := func(odd bool, w Warning) {
		if odd {
			found = append(found, Finding[Warning]{Code: w})
		}
	}
	switch step {
	case round.Propose:
		when(!st.Now.Before(times.Proposing.Closes), ProposingPast)
	case round.Vet:
		when(times.Proposing.Has(st.Now), ProposingOpen)
	case round.Freeze:
		found = append(found, st.moneyWarnings()...)
		found = append(found, st.languageWarnings()...)
		found = append(found, st.conflictWarnings()...)
		when(st.Round.Settings.Eligibility.Age == 0, NoAgeLimit)
		when(!st.Now.Before(times.Voting.Closes), VotingPast)
	case round.Open:
		when(!st.Now.Before(times.Voting.Closes), VotingPast)
	}
	return found
}

func (st State) moneyWarnings() []Finding[Warning] {
	zero := Finding[Warning]{Code: PotEmpty}
	dear := Finding[Warning]{Code: ProjectOverPot}
	free := Finding[Warning]{Code: FundsWithoutVotes}
	for _, a := range st.Round.Settings.Areas {
		if a.Pot == 0 {
			zero.Areas = append(zero.Areas, a.ID)
		}
		for _, p := range st.projectsOf(a.ID) {
			if p.Cost > a.Pot {
				dear.Areas, dear.Projects = with(dear.Areas, a.ID), append(dear.Projects, p.Number)
			}
		}
		if st.Round.Settings.RuleOf(a).FundsWithoutVotes() {
			free.Areas = append(free.Areas, a.ID)
		}
	}
	slices.Sort(dear.Projects)
	return odd(zero, dear, free)
}

// languageWarnings name what somebody who reads a promised language is shown in
// another.
func (st State) languageWarnings() []Finding[Warning] {
	var found []Finding[Warning]
	codes := map[domain.Language]Warning{
		domain.Finnish: FinnishMissing, domain.Swedish: SwedishMissing, domain.English: EnglishMissing,
	}
	for _, l := range st.Round.Settings.Promised() {
		f := Finding[Warning]{Code: codes[l]}
		for _, a := range st.Round.Settings.Areas {
			if a.Name.Of(l) == "" {
				f.Areas = append(f.Areas, a.ID)
			}
		}
		for _, p := range st.Round.Settings.Papers {
			if p.Name.Of(l) == "" {
				f.Papers = append(f.Papers, p.ID)
			}
		}
		for _, p := range st.Projects {
			if p.Title.Of(l) == "" {
				f.Projects = append(f.Projects, p.Number)
			}
		}
		found = append(found, odd(f)...)
	}
	return found
}

func (st State) conflictWarnings() []Finding[Warning] {
	var found []Finding[Warning]
	for _, code := range []Warning{ConflictsIgnored, ConflictAcrossAreas} {
		f := Finding[Warning]{Code: code}
		for _, c := range st.Conflicts {
			if st.conflictWarning(c) == code {
				f.Projects = append(f.Projects, c.Projects...)
			}
		}
		slices.Sort(f.Projects)
		f.Projects = slices.Compact(f.Projects)
		found = append(found, odd(f)...)
	}
	return found
}

// conflictWarning says why the count does not obey a conflict; empty if it
// does.
func (st State) conflictWarning(c round.ManifestConflict) Warning {
	var areas []string
	for _, p := range st.Projects {
		if slices.Contains(c.Projects, p.Number) {
			areas = with(areas, p.Area)
		}
	}
	if len(areas) > 1 {
		return ConflictAcrossAreas
	}
	for _, id := range areas {
		a, _ := st.Round.Settings.Area(id)
		if !st.Round.Settings.RuleOf(a).RespectConflicts {
			return ConflictsIgnored
		}
	}
	return ""
}

// odd are those of the findings that have found something.
func odd(findings ...Finding[Warning]) []Finding[Warning] {
	return slices.DeleteFunc(findings, func(f Finding[Warning]) bool {
		return len(f.Areas)+len(f.Papers)+len(f.Projects) == 0
	})
}

// with adds to a list what is not its last.
func with(list []string, one string) []string {
	if len(list) > 0 && list[len(list)-1] == one {
		return list
	}
	return append(list, one)
}
