package record_test

import (
	"context"
	"errors"
	"reflect"
	"testing"
	"time"

	"osbu/domain"
	"osbu/domain/ballot"
	"osbu/domain/record"
	"osbu/domain/round"
	"osbu/domain/tally"
)

// counts knows the rounds alone.
type counts struct {
	record.Counts

	rounds []round.Round
}

func (c counts) Rounds(context.Context) ([]round.Round, time.Time, error) {
	return c.rounds, time.Time{}, nil
}

// tries is a service where such rounds have been, and these outcomes.
func tries(t *testing.T, outcomes []record.Outcome, rounds ...round.Round) *record.Service {
	t.Helper()
	s := (&world{outcomes: outcomes}).service(t)
	s.Counts = counts{rounds: rounds}
	return s
}

// Before anything was voted on, every rule can be tried with every kind of
// ballot that it can count, keeps within the money, and tells the same each
// time. What most cities do leaves the smallest part of the made-up city with
// nothing; equal shares give each part something.
func TestTryRule(t *testing.T) {
	t.Parallel()
	s := tries(t, nil)
	for _, kind := range []string{ballot.Approval, ballot.Knapsack, ballot.Points, ballot.Ranking} {
		for _, r := range []round.Rule{
			{Rule: "greedy"},
			{Rule: "greedy-density"},
			{Rule: "greedy-no-skip"},
			{Rule: "greedy-threshold", Threshold: 60, RespectConflicts: true},
			{Rule: "phragmen"},
			{Rule: "equal-shares", Completion: "none"},
			{Rule: "equal-shares", Completion: "add1"},
			{Rule: "equal-shares", Completion: "add1int-utilitarian", Comparison: "satisfaction"},
			{Rule: "equal-shares", Completion: "add1int-noex"},
			{Rule: "equal-shares", Completion: "pct1", Exclusive: [][]int{{1, 2}}},
		} {
			t.Run(kind+" "+r.Rule+" "+r.Completion, func(t *testing.T) {
				trial, err := s.TryRule(t.Context(), official, r, kind)
				if r.Rule == "phragmen" && (kind == ballot.Points || kind == ballot.Ranking) {
					if domain.KindOf(err) != domain.Invalid {
						t.Errorf("got %v, want to be told that it counts no such ballots", err)
					}
					return
				}
				if err != nil {
					t.Fatal(err)
				}
				var spent domain.Cents
				shares := map[int]int{}
				for i, p := range trial.Projects {
					if p.Here {
						spent += p.Cost
						shares[p.Part]++
					}
					if i > 0 && trial.Projects[i-1].Score.Cmp(p.Score) < 0 {
						t.Errorf("got project %d before %d, want the most votes first", trial.Projects[i-1].Number, p.Number)
					}
				}
				if trial.Round != nil || trial.Ballots != 400 || spent == 0 || spent > trial.Budget {
					t.Errorf("got %d ballots and %d spent of %d, want 400 of a made-up election", trial.Ballots, spent, trial.Budget)
				}
				if r.Rule == "greedy" && (trial.Other.Method != tally.EqualShares || shares[3] > 0) {
					t.Errorf("got %v funded by part, beside %s; want nothing in the smallest", shares, trial.Other.Method)
				}
				if r.Completion == "add1" && len(shares) != 3 {
					t.Errorf("got %v funded by part, want something in each", shares)
				}
				again, err := s.TryRule(t.Context(), official, r, kind)
				if err != nil || !reflect.DeepEqual(again.Projects, trial.Projects) {
					t.Errorf("another time %+v, %v", again.Projects, err)
				}
			})
		}
	}
}

const triedFile = `META
key;value
description;Voting
country;Finland
unit;Helsinki
instance;2026
num_projects;2
num_votes;3
budget;100
vote_type;approval
rule;greedy
date_begin;2026
date_end;2026
PROJECTS
project_id;cost;votes;name;selected
7;60;2;Penkki;1
9;50;2;Puu;0
VOTES
voter_id;vote
1;7
2;7,9
3;9
`

// After a vote it is the last published round's area with most ballots, unless
// the rule is for other ballots or there are few of them.
func TestTryRuleOnTheLastRound(t *testing.T) {
	t.Parallel()
	past := func(id string, phase round.Phase, closes int) round.Round {
		r := round.Round{ID: id, Phase: phase}
		r.Times.Voting.Closes = time.Date(closes, 1, 1, 0, 0, 0, 0, time.UTC)
		return r
	}
	outcomes := []record.Outcome{{Area: "a"}, {Area: "b", Ballots: 3, Input: []byte(triedFile)}}
	rounds := []round.Round{
		past("older", round.Delivering, 2020), past("last", round.Delivering, 2024), past("now", round.Voting, 2026),
	}
	s := tries(t, outcomes, rounds...)
	trial, err := s.TryRule(t.Context(), official, round.Rule{Rule: "greedy"}, ballot.Approval)
	if err != nil {
		t.Fatal(err)
	}
	if trial.Round == nil || trial.Round.ID != "last" || trial.Area != "b" || trial.Ballots != 3 ||
		trial.Budget != domain.Euros(100) || len(trial.Projects) != 2 {
		t.Fatalf("got %+v, want area b of the round that was published last", trial)
	}
	// two votes each: the cheaper one first, then nothing fits
	for _, p := range trial.Projects {
		if p.Here != (p.Number == 9) || p.Title == "" || p.Votes != 2 || p.Scored {
			t.Errorf("got %+v, want the cheaper of two with as many votes", p)
		}
	}
	if trial, err = s.TryRule(t.Context(), official, round.Rule{Rule: "greedy"}, ballot.Ranking); err != nil ||
		trial.Round != nil {
		t.Errorf("rankings: got %+v, %v, want a made-up election", trial.Round, err)
	}
	for i := range rounds {
		rounds[i].Settings.OpeningsFrom = 5
	}
	if trial, err = s.TryRule(t.Context(), official, round.Rule{Rule: "greedy"}, ballot.Approval); err != nil ||
		trial.Round != nil {
		t.Errorf("few ballots: got %+v, %v, want a made-up election", trial.Round, err)
	}
}

// Nobody but officials tries, and nothing but a rule.
func TestTryRuleRefuses(t *testing.T) {
	t.Parallel()
	s := tries(t, nil)
	for _, role := range []domain.Role{domain.Resident, domain.Facilitator, domain.Expert, domain.Officer} {
		if _, err := s.TryRule(t.Context(), domain.Actor{ID: 9, Roles: []domain.Role{role}}, round.Rule{}, ""); domain.KindOf(
			err,
		) != domain.Forbidden {
			t.Errorf("%s: got %v, want to be refused before the rule is looked at", role, err)
		}
	}
	for _, r := range []round.Rule{
		{Rule: "best"},
		{Rule: "greedy", Completion: "none"},
		{Rule: "equal-shares", Utility: "points"},
		{Rule: "greedy-threshold", ThresholdPercent: 101},
	} {
		if _, err := s.TryRule(t.Context(), official, r, ballot.Approval); domain.KindOf(err) != domain.Invalid {
			t.Errorf("%+v: got %v, want to be told what is wrong", r, err)
		}
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := s.TryRule(ended, official, round.Rule{Rule: "equal-shares"}, ballot.Approval); !errors.Is(
		err, context.Canceled,
	) {
		t.Errorf("got %v, want it to stop when nobody waits", err)
	}
}
