package record

import (
	"context"
	"errors"
	"math/rand/v2"
	"slices"
	"strconv"
	"time"

	"osbu/domain"
	"osbu/domain/ballot"
	"osbu/domain/pabulib"
	"osbu/domain/round"
	"osbu/domain/tally"
)

// RuleTrial is what a rule would make of an election, beside what another one
// would: of an area of the last published round whose ballots the rule can
// count, or, where there is none, of a made-up one.
type RuleTrial struct {
	Round    *round.Round // nil: made up
	Area     string       // its id
	Ballots  int
	Budget   domain.Cents
	Other    tally.Rule
	Projects []TriedProject // most points first
	// Difference sets the outcome of the rule (A) against the other one (B).
	Difference tally.Difference
}

// TriedProject is a project of a trial.
type TriedProject struct {
	Number int
	Title  string // in Finnish, as the area's file has it; empty: made up
	Part   int    // of the made-up city, from 1
	Cost   domain.Cents
	Votes  int64
	Score  tally.Number
	Scored bool // the ballots give points: Score is not Votes
	Here   bool // funded
	There  bool // funded by the other rule
}

// trialFor bounds a trial on a real election, which may be a large one: what is
// not counted by then is tried on the made-up one.
const trialFor = 8 * time.Second

// trialSeed is of a trial's lot: each trial of the same rule tells the same.
const trialSeed = "00"

// TryRule counts an election by the rule as it would count ballots of such a
// kind. Nothing is kept. For officials, while they choose.
func (s *Service) TryRule(ctx context.Context, actor domain.Actor, r round.Rule, kind string) (RuleTrial, error) {
	if err := actor.Need(domain.Official); err != nil {
		return RuleTrial{}, err
	}
	form := ballot.Form{Kind: kind}
	if err := r.Suits(form); err != nil {
		return RuleTrial{}, err
	}
	r.Exclusive = nil // numbers of projects on a ballot to come
	rule, err := countingRule(r, form, nil, nil, trialSeed)
	if err != nil {
		return RuleTrial{}, err
	}
	t, in, found, err := s.lastElection(ctx, form)
	if err != nil {
		return RuleTrial{}, err
	}
	if found {
		bounded, stop := context.WithTimeout(ctx, trialFor)
		err = t.try(bounded, rule, in)
		stop()
		if !errors.Is(err, context.DeadlineExceeded) || ctx.Err() != nil {
			return t, err
		}
	}
	t, in = madeUp(form)
	return t, t.try(ctx, rule, in)
}

// lastElection is the area with most ballots of the round that was published
// last and has ballots that a rule for such a form can count. Of few ballots
// nothing is told, here neither.
func (s *Service) lastElection(
	ctx context.Context, form ballot.Form,
) (t RuleTrial, in tally.Instance, found bool, err error) {
	rounds, _, err := s.Counts.Rounds(ctx)
	if err != nil {
		return t, in, false, err
	}
	rounds = slices.DeleteFunc(slices.Clone(rounds), func(r round.Round) bool {
		return !r.Phase.Reached(round.Delivering)
	})
	slices.SortStableFunc(rounds, func(a, b round.Round) int {
		return b.Times.Voting.Closes.Compare(a.Times.Voting.Closes)
	})
	for i := range rounds {
		outcomes, err := s.Office.Outcomes(ctx, rounds[i].ID)
		if err != nil {
			return t, in, false, err
		}
		slices.SortStableFunc(outcomes, func(a, b Outcome) int { return b.Ballots - a.Ballots })
		for _, o := range outcomes {
			if o.Ballots == 0 || withholds(rounds[i].Settings.OpeningsFrom, o.Ballots) {
				continue
			}
			f, err := pabulib.Parse(string(o.Input))
			if err != nil {
				return t, in, false, err
			}
			if in, err = f.Instance(); err != nil {
				return t, in, false, err
			}
			if in.Form != tallied(form) || len(in.Ballots) == 0 {
				continue
			}
			t = RuleTrial{Round: &rounds[i], Area: o.Area, Ballots: o.Ballots}
			titles := f.Column("name")
			for at, p := range f.Projects {
				number, err := strconv.Atoi(p.ID)
				if err != nil {
					return t, in, false, err
				}
				t.Projects = append(t.Projects, TriedProject{Number: number, Title: titles[at]})
			}
			return t, in, true, nil
		}
	}
	return t, in, false, nil
}

// try counts by both rules. The projects are in the instance's order before.
func (t *RuleTrial) try(ctx context.Context, rule tally.Rule, in tally.Instance) error {
	here, err := tally.Run(ctx, rule, in)
	if err != nil {
		return err
	}
	t.Other = otherRule(here.Rule)
	if in.Form == tally.Ordinal && t.Other.Utility == "" {
		t.Other.Utility = tally.Rank
	}
	there, err := tally.Run(ctx, t.Other, in)
	if err != nil {
		return err
	}
	t.Difference = tally.Compare(in, here, there)
	if t.Budget, err = Cents(in.Budget); err != nil {
		return err
	}
	for i := range t.Projects {
		p, r := &t.Projects[i], here.Projects[i]
		p.Scored = in.Form != tally.Approval
		p.Votes, p.Score, p.Here, p.There = r.Votes, r.Score, r.Selected, there.Projects[i].Selected
		if p.Cost, err = Cents(r.Cost); err != nil {
			return err
		}
	}
	slices.SortStableFunc(t.Projects, func(a, b TriedProject) int { return b.Score.Cmp(a.Score) })
	return nil
}

// madeUp is a city of three parts, of 220, 120 and 60 voters, each of which
// wants mostly what is near. The projects of the largest part cost more than
// there is, so that it shows what is left for the others.
func madeUp(form ballot.Form) (RuleTrial, tally.Instance) {
	const budget = 100_000 // euros
	parts := []struct{ voters, first, last int }{{220, 0, 6}, {120, 6, 10}, {60, 10, 12}}
	costs := []int64{30_000, 25_000, 20_000, 15_000, 20_000, 10_000, 20_000, 12_000, 8_000, 15_000, 10_000, 6_000}
	in := tally.Instance{Form: tallied(form), Budget: tally.Int(budget), Ranks: trialPicks}
	t := RuleTrial{}
	for i, cost := range costs {
		part := slices.IndexFunc(parts, func(p struct{ voters, first, last int }) bool { return i < p.last })
		in.Projects = append(in.Projects, tally.Project{ID: strconv.Itoa(i + 1), Cost: tally.Int(cost)})
		t.Projects = append(t.Projects, TriedProject{Number: i + 1, Part: part + 1})
	}
	random := rand.New(rand.NewPCG(2, 71)) //nolint:gosec // nothing is secret: always the same election
	for _, part := range parts {
		for range part.voters {
			in.Ballots = append(in.Ballots, trialBallot(random, form, part.first, part.last, costs, budget))
			t.Ballots++
		}
	}
	return t, in
}

// trialPicks are the most projects that a made-up voter names.
const trialPicks = 5

// trialBallot is one voter's: of her own part more likely what is first there,
// and one in five times something of elsewhere.
func trialBallot(random *rand.Rand, form ballot.Form, first, last int, costs []int64, budget int64) tally.Ballot {
	b := tally.Ballot{Weight: 1}
	var spent int64
	for range 2 + random.IntN(trialPicks) {
		p := first + min(random.IntN(last-first), random.IntN(last-first))
		if random.IntN(5) == 0 {
			p = random.IntN(len(costs))
		}
		id := int32(p) //nolint:gosec // twelve projects
		fits := form.Kind != ballot.Knapsack || spent+costs[p] <= budget
		if len(b.Projects) == trialPicks || slices.Contains(b.Projects, id) || !fits {
			continue
		}
		spent += costs[p]
		b.Projects = append(b.Projects, id)
	}
	if form.Kind == ballot.Points {
		for i := range b.Projects {
			b.Points = append(b.Points, int64(len(b.Projects)-i))
		}
	}
	if form.Kind != ballot.Ranking && form.Kind != ballot.Points {
		slices.Sort(b.Projects)
	}
	return b
}
