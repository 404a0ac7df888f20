package office

import (
	"context"
	"slices"
	"sync"
	"time"

	"github.com/uptrace/bun/dialect/pgdialect"

	"osbu/domain/round"
	"osbu/sql/db"
)

// version tells one state of a round from the next: the transaction that wrote
// its row, and where. Whatever changes of a round, areas, papers, themes and
// the step that is asked for among them, its row is written in the same
// transaction (updateRound).
const version = "r.xmin::text || r.ctid::text AS version"

// current is a round's version when the database's clock stood at now.
type current struct {
	ID      string
	Version string
	now     time.Time
}

// everyRound asks for all of them.
const everyRound = ""

// keptRounds are the rounds as they were last read. Nearly every request reads
// one, and a round hardly ever changes: five queries become a share in one
// small one that tells whether it is still the same.
type keptRounds struct {
	current db.Shared[string, []current]

	mu  sync.Mutex
	all map[string]keptRound // by ID
}

type keptRound struct {
	version string
	round   round.Round
}

// mostKeptRounds bounds how many are kept; a city has a few.
const mostKeptRounds = 256

// currents reads the versions of these rounds, newest first.
func (s *Store) currents(ctx context.Context, ids []string) (map[string][]current, error) {
	rows, err := s.db.QueryContext(ctx, "SELECT r.id, "+version+", osbu_now() FROM round AS r WHERE r.id = ANY (?0) "+
		"OR ?1 ORDER BY r.created_at DESC, r.id", pgdialect.Array(ids), slices.Contains(ids, everyRound))
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	found := map[string][]current{}
	for rows.Next() {
		var c current
		if err := rows.Scan(&c.ID, &c.Version, &c.now); err != nil {
			return nil, err
		}
		found[c.ID] = []current{c}
		found[everyRound] = append(found[everyRound], c)
	}
	return found, rows.Err()
}

// Rounds are all rounds, newest first, and the database's clock.
func (s *Store) Rounds(ctx context.Context) ([]round.Round, time.Time, error) {
	now, kept, err := s.keptRounds(ctx, everyRound)
	if err != nil {
		return nil, time.Time{}, err
	}
	if kept == nil {
		if now, err = db.Now(ctx, s.db); err != nil {
			return nil, time.Time{}, err
		}
		kept = []round.Round{}
	}
	return kept, now, nil
}

// Round is one round and the database's clock.
func (s *Store) Round(ctx context.Context, id string) (round.At, error) {
	var now time.Time
	var kept []round.Round
	if round.IsAddress(id) { // else it would spoil the query for all who share it
		var err error
		if now, kept, err = s.keptRounds(ctx, id); err != nil {
			return round.At{}, err
		}
	}
	if len(kept) == 0 {
		return round.At{}, round.Unknown(id)
	}
	return round.At{Round: kept[0], Now: now}, nil
}

// keptRounds are the round, or all of them, as they stood after the call began;
// what is not kept is read. Each is the caller's own.
func (s *Store) keptRounds(ctx context.Context, id string) (now time.Time, rounds []round.Round, err error) {
	all, _, err := s.rounds.current.Get(ctx, id)
	if err != nil {
		return time.Time{}, nil, err
	}
	for _, c := range all {
		now = c.now
		r, ok := s.rounds.find(c)
		if !ok {
			found, versions, err := readRounds(ctx, s.db, c.ID, false)
			if err != nil {
				return time.Time{}, nil, err
			}
			if len(found) == 0 { // removed meanwhile
				continue
			}
			r = found[0]
			s.rounds.keep(versions[0], r)
		}
		rounds = append(rounds, r.Clone())
	}
	return now, rounds, nil
}

func (k *keptRounds) find(c current) (round.Round, bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	kept, ok := k.all[c.ID]
	return kept.round, ok && kept.version == c.Version
}

func (k *keptRounds) keep(version string, r round.Round) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.all == nil || len(k.all) >= mostKeptRounds {
		k.all = map[string]keptRound{}
	}
	k.all[r.ID] = keptRound{version, r}
}
