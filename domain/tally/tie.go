package tally

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/binary"
	"maps"
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
	// By is the first link of the chain that tells the projects apart. Those
	// that it leaves equal are a tie of their own, which follows.
	By Tie `json:"by"`
	// Decisive: broken otherwise, the tie may have led to another outcome.
	// False only where no other order could: see market.separate.
	Decisive bool `json:"decisive"`
	// Run is set for a tie of an endowment that a completion tried and threw
	// away: the number of the run, from 1. Such a tie decides in which run the
	// search ends. It is told once, for the first run that met it, and only if
	// it is decisive.
	Run int64 `json:"run,omitempty"`
	// Compared is set for a tie of the outcome that the comparison step did not
	// use.
	Compared bool `json:"compared,omitempty"`
}

// chain is the order that the rule's ties put on all projects.
type chain struct {
	rank []int32 // place of each project
	by   func(a, b int32) Tie
	// before compares by the costs and votes that the election has when it is
	// called, which rank does not follow.
	before func(a, b int32) int
}

func (e *election) newChain() chain {
	m := len(e.in.Projects)
	if e.lots == nil && slices.Contains(e.rule.Ties, Lot) {
		e.lots = make([][sha256.Size]byte, m)
		for p := range e.lots {
			e.lots[p] = LotKey(e.rule.Seed, e.in.Projects[p].ID)
		}
	}
	compare := func(t Tie, a, b int32) int {
		switch t {
		case LowestCost:
			return e.cost[a].Cmp(e.cost[b])
		case MostVotes:
			return cmp.Compare(e.votes[b], e.votes[a])
		case Lot:
			return bytes.Compare(e.lots[a][:], e.lots[b][:])
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
	before := func(a, b int32) int { return compare(by(a, b), a, b) }
	order := e.all()
	slices.SortFunc(order, before)
	c := chain{rank: make([]int32, m), by: by, before: before}
	for place, p := range order {
		c.rank[p] = int32(place)
	}
	return c
}

// sort puts tied projects in order.
func (c chain) sort(tied []int32) {
	slices.SortFunc(tied, func(a, b int32) int { return cmp.Compare(c.rank[a], c.rank[b]) })
}

// tie is a TieMet in numbers.
type tie struct {
	round    int
	projects []int32
	by       Tie
}

// met reports a tie between sorted projects of which only the first goes first
// now: what is left of them is met again.
func (e *election) met(round int, sorted []int32) []tie {
	by := e.chain.by(sorted[0], sorted[len(sorted)-1])
	ties := []tie{{round, sorted, by}}
	if n := e.equal(sorted, by); n > 1 {
		ties = append(ties, e.met(round, sorted[:n])...)
	}
	return ties
}

// walked reports a tie between sorted projects that all have their turn now.
func (e *election) walked(round int, sorted []int32) []tie {
	by := e.chain.by(sorted[0], sorted[len(sorted)-1])
	ties := []tie{{round, sorted, by}}
	for len(sorted) > 0 {
		n := e.equal(sorted, by)
		if n > 1 {
			ties = append(ties, e.walked(round, sorted[:n])...)
		}
		sorted, round = sorted[n:], round+n
	}
	return ties
}

// equal is the number of projects that the link leaves equal to the first.
func (e *election) equal(sorted []int32, by Tie) int {
	n := 1
	for n < len(sorted) && e.chain.by(sorted[0], sorted[n]) != by {
		n++
	}
	return n
}

// tell puts ties into the outcome.
func (e *election) tell(o *Outcome, ties []tie, decisive func([]int32) bool) {
	for _, t := range ties {
		o.Ties = append(o.Ties, TieMet{t.round, e.ids(t.projects), t.by, decisive(t.projects), 0, false})
	}
}

// tieLog keeps the ties of the endowments that one seeker tries, each once.
type tieLog map[string]loggedTie

type loggedTie struct {
	run   int64
	round int
	tied  []int32 // sorted; nil if no order of them could matter
}

// note books a tie for the next purchase, if it is one; runs come in order.
func (l tieLog) note(k *market, run int64, round int, tied []int32) {
	if len(tied) < 2 {
		return
	}
	sorted := slices.Clone(tied)
	k.e.chain.sort(sorted)
	name := nameOf(sorted)
	if _, known := l[name]; known {
		return
	}
	if k.separate(sorted) {
		sorted = nil
	}
	l[name] = loggedTie{run, round, sorted}
}

func nameOf(projects []int32) string {
	name := make([]byte, 0, 4*len(projects))
	for _, p := range projects {
		name = binary.LittleEndian.AppendUint32(name, uint32(p))
	}
	return string(name)
}

// tellThrownAway tells the ties of all runs up to the last but the chosen one,
// where they could matter and were not met in the chosen one as well.
func (s *equalShares) tellThrownAway(o *Outcome, logs []tieLog, chosen, last int64, told map[string]bool) {
	first := map[string]loggedTie{}
	for _, log := range logs {
		for name, t := range log {
			old, known := first[name]
			if t.tied != nil && t.run <= last && t.run != chosen && !told[name] && (!known || t.run < old.run) {
				first[name] = t
			}
		}
	}
	list := slices.SortedFunc(maps.Values(first), func(a, b loggedTie) int {
		return cmp.Or(cmp.Compare(a.run, b.run), cmp.Compare(a.round, b.round))
	})
	for _, t := range list {
		for _, part := range s.e.met(len(s.market.free)+t.round, t.tied) {
			if !s.market.separate(part.projects) {
				o.Ties = append(o.Ties, TieMet{part.round, s.e.ids(part.projects), part.by, true, t.run + 1, false})
			}
		}
	}
}

// judgeTies marks the ties whose projects fared differently.
func (o *Outcome) judgeTies() {
	funded := make(map[string]bool, len(o.Selected))
	for _, id := range o.Selected {
		funded[id] = true
	}
	for i := range o.Ties {
		t := &o.Ties[i]
		if t.Compared {
			continue
		}
		for _, id := range t.Projects[1:] {
			if funded[id] != funded[t.Projects[0]] {
				t.Decisive = true
			}
		}
	}
}
