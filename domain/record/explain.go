package record

import (
	"context"
	"errors"
	"strings"
	"sync"
	"time"

	"osbu/domain"
	"osbu/domain/pabulib"
	"osbu/domain/round"
	"osbu/domain/tally"
)

// Explained is an area's outcome as data for sentences, and beside it what
// another rule would have made of the same ballots.
type Explained struct {
	Area      string
	Published bool
	Withheld  bool // there are few ballots: only what their totals tell is told, which is nothing here
	tally.Explanation
	// Other is the outcome of the other rule, set against this one (A) as B.
	Other      tally.Rule
	Difference tally.Difference
}

// Voters tells whether anybody chose anything, as far as that may be told.
func (x Explained) Voters() bool { return !x.Withheld && x.Measures.Voters > 0 }

// changesFor bounds how long is looked for what would have made each project
// win, which is many counts. Greedy counts take milliseconds; equal shares of a
// large city may take minutes, and are then explained without.
const changesFor = 10 * time.Second

// Explanation tells why each project of a counted area is funded or not. Who
// may see the results may see it. Published outcomes never change: each is
// explained once.
func (s *Service) Explanation(ctx context.Context, actor domain.Actor, id, area string) (Explained, error) {
	st, err := s.Office.State(ctx, id)
	if err != nil {
		return Explained{}, err
	}
	published, err := seen(st.Round, actor)
	if err != nil {
		return Explained{}, err
	}
	if published {
		return s.explained.once(id+" "+area, func() (Explained, error) { return s.explainArea(ctx, st.Round, area) })
	}
	return s.explainArea(ctx, st.Round, area)
}

func (s *Service) explainArea(ctx context.Context, r round.Round, area string) (Explained, error) {
	outcomes, err := s.Office.Outcomes(ctx, r.ID)
	if err != nil {
		return Explained{}, err
	}
	for _, o := range outcomes {
		if o.Area == area {
			x, err := explained(ctx, o, withholds(r.Settings.OpeningsFrom, o.Ballots))
			x.Published = r.Phase.Reached(round.Delivering)
			return x, err
		}
	}
	return Explained{}, domain.Fail(domain.NotFound, domain.CodeNotFound, "no area %s was counted in %s", area, r.ID)
}

func explained(ctx context.Context, o Outcome, withheld bool) (Explained, error) {
	x := Explained{Area: o.Area, Withheld: withheld}
	if withheld {
		return x, nil
	}
	f, err := pabulib.Parse(string(o.Input))
	if err != nil {
		return x, err
	}
	in, err := f.Instance()
	if err != nil {
		return x, err
	}
	bounded, stop := context.WithTimeout(ctx, changesFor)
	defer stop()
	x.Explanation, err = tally.Explain(bounded, in, o.Result)
	if errors.Is(err, context.DeadlineExceeded) && ctx.Err() == nil {
		x.Explanation, err = tally.Explain(ctx, in, o.Result, "none of them")
	}
	if err != nil || o.Result.Voters == 0 {
		return x, err
	}
	x.Other = otherRule(o.Result.Rule)
	other, err := tally.Run(ctx, x.Other, in)
	if err != nil {
		return x, err
	}
	x.Difference = tally.Compare(in, o.Result, other)
	return x, nil
}

// otherRule is the rule that people ask about: of a greedy rule equal shares,
// whose leftover money greedy spends; of any other what most cities do.
func otherRule(r tally.Rule) tally.Rule {
	other := tally.Rule{Exclusive: r.Exclusive, Ties: r.Ties, Seed: r.Seed}
	if strings.HasPrefix(string(r.Method), string(tally.Greedy)) {
		other.Method, other.Completion = tally.EqualShares, tally.Utilitarian
	} else {
		other.Method, other.Threshold = tally.GreedyThreshold, &tally.Threshold{Score: tally.Int(1)}
	}
	return other
}

// explanations keeps those of published areas, each made once however many ask
// at the same time.
type explanations struct {
	mu  sync.Mutex
	all map[string]*explanation
}

type explanation struct {
	mu   sync.Mutex
	made bool
	told Explained
}

func (e *explanations) once(key string, explain func() (Explained, error)) (Explained, error) {
	e.mu.Lock()
	if e.all == nil {
		e.all = map[string]*explanation{}
	}
	one := e.all[key]
	if one == nil {
		one = &explanation{}
		e.all[key] = one
	}
	e.mu.Unlock()
	one.mu.Lock()
	defer one.mu.Unlock()
	if one.made {
		return one.told, nil
	}
	told, err := explain()
	if err != nil {
		e.mu.Lock()
		delete(e.all, key) // what does not exist is not remembered
		e.mu.Unlock()
		return Explained{}, err
	}
	one.told, one.made = told, true
	return told, nil
}

// seen tells whether the round's results are published, or refuses whoever may
// not see them yet.
func seen(r round.Round, actor domain.Actor) (published bool, err error) {
	if err := r.VisibleTo(actor); err != nil {
		return false, err
	}
	published = r.Phase.Reached(round.Delivering)
	if !published && !(actor.Is(domain.Official) && r.Phase.Reached(round.Counted)) {
		return false, domain.Fail(domain.Closed, CodeHidden, "the results of %s are not published yet", r.ID)
	}
	return published, nil
}
