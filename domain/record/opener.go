package record

import (
	"context"
	"crypto/ed25519"
	"slices"

	"osbu/domain"
	"osbu/domain/ballot"
	"osbu/domain/box"
	"osbu/domain/round"
)

// Opened is what opening a sealed round's ballots left: the key, which the
// record publishes, and how many ballots are void, by paper and reason. Zero if
// ballots were not sealed.
type Opened struct {
	Key  []byte // ballot.OpeningKey.Bytes
	Void Voids
}

// Voids count void ballots by paper and reason. A ballot that another one
// outdoes is not among them.
type Voids map[string]map[ballot.Void]int

// Of is how many of a paper are void.
func (v Voids) Of(paper string) (n int) {
	for _, ballots := range v[paper] {
		n += ballots
	}
	return n
}

func (v Voids) add(paper string, why ballot.Void) {
	if v[paper] == nil {
		v[paper] = map[ballot.Void]int{}
	}
	v[paper][why]++
}

// opener reads ballots as the box holds them, of a sealed round with the key.
type opener struct {
	manifest round.Manifest
	key      *ballot.OpeningKey // nil: ballots are not sealed
	costs    map[string]map[int]domain.Cents
}

func newOpener(m round.Manifest, key *ballot.OpeningKey) opener {
	o := opener{m, key, map[string]map[int]domain.Cents{}}
	for _, a := range m.Areas {
		o.costs[a.ID] = m.Costs(a.ID)
	}
	return o
}

// openingOf reads the key of the manifest's sealing; nil if there is none.
func openingOf(m round.Manifest, private []byte) (*ballot.OpeningKey, error) {
	if m.Sealing == nil {
		return nil, nil //nolint:nilnil // no key is what an unsealed round has
	}
	key, err := ballot.NewOpeningKey(private, m.Sealing.Key)
	return &key, err
}

// judge reads a ballot's canonical bytes, or says why they do not count on this
// paper.
func (o opener) judge(paper string, canonical []byte) (ballot.Ballot, ballot.Void) {
	b, err := ballot.Decode(canonical)
	if err != nil {
		return b, ballot.Unreadable
	}
	p, known := o.manifest.Paper(paper)
	a, inRound := o.manifest.Area(b.Area)
	if b.Round != o.manifest.Round || b.Paper != paper || !known || !inRound || !slices.Contains(p.Areas, b.Area) {
		return b, ballot.Foreign
	}
	if err := b.Validate(p.Form, o.costs[b.Area], a.Pot); err != nil {
		return b, ballot.Unformed
	}
	return b, ""
}

// read is what a ballot in the box says, or why it is void. Ballots in clear,
// as all on paper are, were checked when they came in: none is void.
func (o opener) read(e box.Entry) (ballot.Ballot, ballot.Void, error) {
	if o.key == nil || e.OnPaper() {
		b, err := ballot.Decode(e.Ballot)
		return b, "", err
	}
	canonical, void := o.open(e.Paper, e.Nullifier[:], e.Ballot, e.Commit)
	if void != "" {
		return ballot.Ballot{}, void, nil
	}
	b, void := o.judge(e.Paper, canonical)
	return b, void, nil
}

func (o opener) open(paper string, key ed25519.PublicKey, sealed []byte, commit [32]byte) ([]byte, ballot.Void) {
	return o.key.Open(o.manifest.Round, paper, key, sealed, commit)
}

// readBallot is a ballot from the box that was read.
type readBallot struct {
	box.Entry
	ballot ballot.Ballot
	void   ballot.Void
	err    error
}

// each reads the box's ballots on all cores, for opening one takes a tenth of a
// millisecond, and gives them in the order of the log.
func (o opener) each(ctx context.Context, from Box, id string, each func(*readBallot) error) error {
	const atOnce = 64
	type some struct{ ballots []readBallot }
	return onAllCores(ctx, func(yield func(*some) error) error {
		next := &some{}
		err := from.Ballots(ctx, id, func(e box.Entry) error {
			if next.ballots = append(next.ballots, readBallot{Entry: e}); len(next.ballots) < atOnce {
				return nil
			}
			full := next
			next = &some{}
			return yield(full)
		})
		if err == nil && len(next.ballots) > 0 {
			err = yield(next)
		}
		return err
	}, func(s **some) {
		for i := range (*s).ballots {
			b := &(*s).ballots[i]
			b.ballot, b.void, b.err = o.read(b.Entry)
		}
	}, func(s **some) error {
		for i := range (*s).ballots {
			b := &(*s).ballots[i]
			if b.err != nil {
				return b.err
			}
			if err := each(b); err != nil {
				return err
			}
		}
		return nil
	})
}
