package tally

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"slices"
)

// LotKey is the lot: of the projects that are still tied, the one whose key is
// smallest as bytes goes first. The key is SHA-256(seed ‖ 0x00 ‖ id) over the
// UTF-8 bytes of both, so that anyone recomputes it, for example with
//
//	printf '%s\0%s' "$seed" "$id" | sha256sum
//
// The lot is drawn once for an election, not once for a tie: who comes before
// whom is the same in every round and every run.
func LotKey(seed, id string) [sha256.Size]byte {
	return sha256.Sum256(append(append([]byte(seed), 0), id...))
}

// TieMet is a tie that the count met: exactly equal keys at a moment where one
// had to go first.
type TieMet struct {
	Round    int      `json:"round"`    // 1 for the first purchase or the first place of the walk
	Projects []string `json:"projects"` // in the order that broke the tie
	By       Tie      `json:"by"`       // the link of the chain that put the first before the second
	// Decisive: the tied projects fared differently. Ties that are not could
	// have been broken in any way.
	Decisive bool `json:"decisive"`
}

// chain is the order that the rule's ties put on all projects.
type chain struct {
	rank []int32 // place of each project
	by   func(a, b int32) Tie
}

func (e *election) newChain() chain {
	m := len(e.in.Projects)
	lots := make([][sha256.Size]byte, m)
	if slices.Contains(e.rule.Ties, Lot) {
		for p := range lots {
			lots[p] = LotKey(e.rule.Seed, e.in.Projects[p].ID)
		}
	}
	compare := func(t Tie, a, b int32) int {
		switch t {
		case LowestCost:
			return e.cost[a].Cmp(e.cost[b])
		case MostVotes:
			return cmp.Compare(e.votes[b], e.votes[a])
		case Lot:
			return bytes.Compare(lots[a][:], lots[b][:])
		default:
			return cmp.Compare(e.in.Projects[a].ID, e.in.Projects[b].ID)
		}
	}
	by := func(a, b int32) Tie {
		for _, t := range e.rule.Ties {
			if compare(t, a, b) != 0 {
				return t
			}
		}
		return ByID
	}
	order := e.all()
	slices.SortFunc(order, func(a, b int32) int {
		return compare(by(a, b), a, b)
	})
	c := chain{rank: make([]int32, m), by: by}
	for place, p := range order {
		c.rank[p] = int32(place)
	}
	return c
}

// sort puts tied projects in order.
func (c chain) sort(tied []int32) {
	slices.SortFunc(tied, func(a, b int32) int { return cmp.Compare(c.rank[a], c.rank[b]) })
}

// met reports a tie between sorted projects.
func (e *election) met(round int, sorted []int32) TieMet {
	return TieMet{Round: round, Projects: e.ids(sorted), By: e.chain.by(sorted[0], sorted[1])}
}

// judgeTies marks the ties whose projects fared differently.
func (o *Outcome) judgeTies() {
	funded := make(map[string]bool, len(o.Selected))
	for _, id := range o.Selected {
		funded[id] = true
	}
	for i := range o.Ties {
		t := &o.Ties[i]
		for _, id := range t.Projects[1:] {
			if funded[id] != funded[t.Projects[0]] {
				t.Decisive = true
			}
		}
	}
}
