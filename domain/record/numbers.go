package record

import (
	"context"
	"errors"
	"slices"
	"sync"
	"time"

	"osbu/domain"
	"osbu/domain/roll"
	"osbu/domain/round"
)

// Numbers are what a city must watch while it votes, and what anybody may
// watch: in 2008 Finland lost 232 votes because credentials were issued and
// ballots counted, and nobody compared the two (Supreme Administrative Court,
// KHO 2009:39).
type Numbers struct {
	Round  string
	At     time.Time // the database's clock, when they were counted
	Papers []PaperNumbers
	Most   int   // how many replacements may be given in the round
	Days   []Day // one for each day on which somebody looked, oldest first; days without are not made up
	// Next is when ballots may go into the log next; zero: at the close, as
	// everything then does.
	Next time.Time
}

// Pool is how ballots that wait get into the log: at each moment a random half,
// if enough wait.
type Pool struct {
	Every time.Duration // moments are its multiples, counted from midnight UTC; 0: it is always one
	Least int           // ballots that must wait; 1: nobody hides, and all go
}

// next is the first moment after now.
func (p Pool) next(now time.Time) time.Time { return now.Truncate(p.Every).Add(p.Every) }

// PaperNumbers sets a paper's credentials beside its ballots.
type PaperNumbers struct {
	roll.Turnout
	Ballots int // in the box
}

// Missing is how many credentials have no ballot in the box: their holders are
// still choosing, gave up, or need help. Below zero ballots are there that
// nobody can have been entitled to.
func (p PaperNumbers) Missing() int { return p.Credentials() - p.Ballots }

// Day is how the numbers stood when they were first counted on a day.
type Day struct {
	Day    time.Time // in the city's calendar, midnight UTC
	At     time.Time
	Papers []PaperNumbers
}

// Counts reads and keeps numbers.
type Counts interface {
	// Rounds are all rounds, and the database's clock.
	Rounds(ctx context.Context) ([]round.Round, time.Time, error)
	// Round is one round and the database's clock, or NotFound.
	Round(ctx context.Context, id string) (round.At, error)
	// Turnout counts rights by paper, in the papers' order.
	Turnout(ctx context.Context, id string) ([]roll.Turnout, error)
	// Days are those kept, oldest first.
	Days(ctx context.Context, id string) ([]Day, error)
	// KeepDay keeps a day's numbers unless the day has some: then first is
	// false.
	KeepDay(ctx context.Context, id string, d Day) (first bool, err error)
	// Shuffle writes the spent rights anew in random order, so that neither
	// place nor transaction tells when on its day one was spent.
	Shuffle(ctx context.Context) (rows int, err error)
}

// recent is what was counted last, by round.
type recent struct {
	sync.Mutex
	of map[string]counted
}

type counted struct {
	at      time.Time // of the server's clock
	numbers Numbers   // without Next
	voting  round.Window
}

// now is what was counted, with the next moment of release.
func (c counted) now(p Pool, at time.Time) Numbers {
	n := c.numbers
	if next := p.next(at); c.voting.Has(next) {
		n.Next = next
	}
	return n
}

// Numbers are public from the opening on. They are counted once between two
// moments of release: watched from second to second they would tell when each
// credential was issued and each ballot cast.
func (s *Service) Numbers(ctx context.Context, id string) (Numbers, error) {
	s.recent.Lock()
	defer s.recent.Unlock()
	if known, ok := s.recent.of[id]; ok && known.at.Truncate(s.Pool.Every).Equal(s.Now().Truncate(s.Pool.Every)) {
		return known.now(s.Pool, s.Now()), nil
	}
	r, err := s.Counts.Round(ctx, id)
	if err != nil {
		return Numbers{}, err
	}
	if err := r.VotedHere(); err != nil {
		return Numbers{}, err
	}
	if !r.Phase.Reached(round.Voting) {
		return Numbers{}, domain.Fail(domain.Closed, round.CodeVotingNotOpen, "the vote of %s is not open yet", id)
	}
	n, err := s.countUp(ctx, id, r.Now)
	if err != nil {
		return Numbers{}, err
	}
	if s.recent.of == nil {
		s.recent.of = map[string]counted{}
	}
	c := counted{at: s.Now(), numbers: n}
	if r.Phase == round.Voting {
		c.voting = r.Times.Voting
	}
	s.recent.of[n.Round] = c
	return c.now(s.Pool, c.at), nil
}

// countUp counts the box before the office: each ballot's credential was issued
// before, so that two databases asked one after the other never show more
// ballots than credentials unless there are.
func (s *Service) countUp(ctx context.Context, id string, at time.Time) (Numbers, error) {
	ballots, err := s.Box.CastByPaper(ctx, id)
	if err != nil {
		return Numbers{}, err
	}
	turnout, err := s.Counts.Turnout(ctx, id)
	if err != nil {
		return Numbers{}, err
	}
	n := Numbers{Round: id, At: at}
	for _, t := range turnout {
		n.Papers = append(n.Papers, PaperNumbers{t, ballots[t.Paper]})
		n.Most = max(n.Most, s.MostReplacements(t.OnRoll))
	}
	n.Days, err = s.Counts.Days(ctx, id)
	s.Counted(n)
	return n, err
}

// Watch counts every round whose vote is open or over and not published yet,
// and keeps what it finds as the day's numbers unless the day has some. Any
// number of servers may call it, as often as they like; a day on which none did
// stays empty. Whichever is first on a day also has the rights shuffled: a
// second for 50,000 of them, in which credentials wait. From then on the order
// of yesterday's is nowhere, and the log's batches cannot be set beside it.
func (s *Service) Watch(ctx context.Context) error {
	rounds, at, err := s.Counts.Rounds(ctx)
	if err != nil {
		return err
	}
	newDay := false
	for _, r := range rounds {
		if !r.Phase.Reached(round.Voting) || r.Phase.Reached(round.Delivering) || at.Before(r.Times.Voting.Opens) {
			continue
		}
		first, failed := s.watch(ctx, round.At{Round: r, Now: at})
		err = errors.Join(err, failed)
		newDay = newDay || first
	}
	if newDay { // a crash before the shuffle leaves it to tomorrow's, or to the close
		_, failed := s.Counts.Shuffle(ctx)
		err = errors.Join(err, failed)
	}
	return err
}

func (s *Service) watch(ctx context.Context, r round.At) (first bool, err error) {
	n, err := s.countUp(ctx, r.ID, r.Now)
	if err != nil {
		return false, err
	}
	if len(n.Days) > 0 && r.Phase.Reached(round.Closed) && slices.Equal(n.Days[len(n.Days)-1].Papers, n.Papers) {
		return false, nil // the vote is over and its last numbers are kept
	}
	year, month, day := r.Now.In(s.TimeZone).Date()
	return s.Counts.KeepDay(ctx, r.ID, Day{time.Date(year, month, day, 0, 0, 0, 0, time.UTC), r.Now, n.Papers})
}
