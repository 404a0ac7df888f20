package record

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"osbu/domain"
	"osbu/domain/ballot"
	"osbu/domain/box"
	"osbu/domain/round"
	"osbu/domain/tally"
)

// Largest numbers of a record: with them no sum of a verifier's leaves 64 bits.
const (
	largestCount   = 1_000_000_000       // ballots, rights, credentials
	largestAmount  = 100_000_000_000_000 // cents
	largestFrom    = 1_000_000           // openings_from
	largestPercent = 100                 // threshold_percent
	seedLength     = 32                  // bytes of the lot's seed
)

// manifestFault is what is wrong with a manifest, and the path of the value.
type manifestFault struct{ path, text string }

func (f *manifestFault) at(path string) *manifestFault {
	if f != nil {
		f.path = path + "/" + f.path
	}
	return f
}

func wrongAt(path, format string, args ...any) *manifestFault {
	return &manifestFault{path, fmt.Sprintf(format, args...)}
}

// checkManifest is nil if ballots can be held against the manifest and counted
// by it: names that ballots can hold, each once, every area on one paper, every
// project in an area, forms and rules that are known.
func checkManifest(m round.Manifest) *manifestFault {
	switch {
	case !round.IsAddress(m.Round):
		return wrongAt("round", "%q is no address (1 to 60 of a-z, 0-9 and -, no - first): no ballot can name it", m.Round)
	case m.Decision == "":
		return wrongAt("decision", "no decision froze the ballot")
	case m.OpeningsFrom < 0 || m.OpeningsFrom > largestFrom:
		return wrongAt("openings_from", "%d is not between 0 and %d", m.OpeningsFrom, largestFrom)
	case m.ReservedCost != "maximum" && m.ReservedCost != "maximum+maintenance":
		return wrongAt("reserved_cost", "%.40q, want \"maximum\" or \"maximum+maintenance\"", m.ReservedCost)
	case !isDigest(m.LotCommitment):
		return wrongAt("lot_commitment", "not a SHA-256 in lower-case hexadecimal")
	}
	for i, key := range m.Witnesses {
		w, err := box.NewWitness(key)
		switch {
		case err != nil || w.Key != key:
			return wrongAt(
				fmt.Sprintf("witnesses/%d", i),
				"not written as a witness's key is: NAME+HASH+BASE64 with type byte 4",
			)
		case i > 0 && m.Witnesses[i-1] >= key:
			return wrongAt(fmt.Sprintf("witnesses/%d", i), "the keys are not in the order of their bytes, each once")
		}
	}
	areas := map[string]bool{}
	for i, a := range m.Areas {
		if !round.IsAddress(a.ID) || areas[a.ID] {
			return wrongAt(fmt.Sprintf("areas/%d/id", i), "area %q: no address, or there twice", a.ID)
		}
		areas[a.ID] = true
	}
	if f := checkPapers(m, areas); f != nil {
		return f
	}
	if f := checkProjects(m, areas); f != nil {
		return f
	}
	for i, a := range m.Areas {
		if f := checkArea(m, a).at(fmt.Sprintf("areas/%d", i)); f != nil {
			return f
		}
	}
	return checkSealing(m)
}

// checkSealing is nil if sealing names a key and who can open, and every ballot
// fits its paper's length.
func checkSealing(m round.Manifest) *manifestFault {
	err := m.CheckSealing()
	if err == nil {
		return nil
	}
	path := "sealing"
	if wrong, ok := errors.AsType[*domain.Error](err); ok && len(wrong.Fields) > 0 {
		path = strings.NewReplacer("[", "/", "].", "/", ".", "/").Replace(wrong.Fields[0].Path)
	}
	return wrongAt(path, "ballots cannot be sealed so: %v", plain(err))
}

func isDigest(text string) bool {
	if len(text) != 64 {
		return false
	}
	for _, c := range []byte(text) {
		if !('0' <= c && c <= '9' || 'a' <= c && c <= 'f') {
			return false
		}
	}
	return true
}

func checkPapers(m round.Manifest, areas map[string]bool) *manifestFault {
	papers, on := map[string]bool{}, map[string]bool{}
	for i, p := range m.Papers {
		at := fmt.Sprintf("papers/%d/", i)
		if !round.IsAddress(p.ID) || papers[p.ID] {
			return wrongAt(at+"id", "paper %q: no address, or there twice", p.ID)
		}
		papers[p.ID] = true
		for _, a := range p.Areas {
			if !areas[a] || on[a] {
				return wrongAt(at+"areas", "paper %s: area %q is unknown, or on two papers", p.ID, a)
			}
			on[a] = true
		}
		if faults := p.Form.Faults(); len(faults) > 0 {
			f := faults[0]
			return wrongAt(at+"form/"+f.Path, "paper %s: nobody can fill in its form: %s: %s %s", p.ID, f.Path,
				strings.ReplaceAll(f.Code, "_", " "), f.Limit)
		}
		switch {
		case p.Rights < 0 || p.Rights > largestCount:
			return wrongAt(at+"rights", "paper %s: %d rights, want 0 to %d", p.ID, p.Rights, largestCount)
		}
		if _, err := issuerOf(p); err != nil {
			return wrongAt(at+"issuer", "paper %s: %v", p.ID, err)
		}
	}
	for i, a := range m.Areas {
		if !on[a.ID] {
			return wrongAt(fmt.Sprintf("areas/%d/id", i), "area %s is on no paper", a.ID)
		}
	}
	return nil
}

func checkProjects(m round.Manifest, areas map[string]bool) *manifestFault {
	numbers, before := map[int]bool{}, 0
	for i, p := range m.Projects {
		at := fmt.Sprintf("projects/%d/", i)
		switch {
		case p.Number < 1 || p.Number > ballot.MaxNumber:
			return wrongAt(at+"number", "project %d: no ballot can name a number that is not from 1 to %d", p.Number,
				ballot.MaxNumber)
		case p.Number <= before:
			return wrongAt(at+"number", "project %d after project %d: they come by number, each once", p.Number, before)
		case !areas[p.Area]:
			return wrongAt(at+"area", "project %d: area %q is unknown", p.Number, p.Area)
		case p.Cost < 0 || p.Cost > largestAmount:
			return wrongAt(at+"cost", "project %d: %d cents, want 0 to %d", p.Number, p.Cost, int64(largestAmount))
		}
		before, numbers[p.Number] = p.Number, true
	}
	for i, c := range m.Conflicts {
		at := fmt.Sprintf("conflicts/%d/projects", i)
		for j, n := range c.Projects {
			if !numbers[n] || j > 0 && c.Projects[j-1] >= n {
				return wrongAt(at, "conflict %d: project %d is unknown, or not in ascending order", i+1, n)
			}
		}
		if len(c.Projects) < 2 {
			return wrongAt(at, "conflict %d is of fewer than two projects", i+1)
		}
	}
	return nil
}

func checkArea(m round.Manifest, a round.ManifestArea) *manifestFault {
	if a.Pot < 0 || a.Pot > largestAmount {
		return wrongAt("pot", "area %s: %d cents, want 0 to %d", a.ID, a.Pot, int64(largestAmount))
	}
	if text := ruleFault(a.Rule, paperOf(m, a.ID).Form, m.Conflicts, m.Costs(a.ID)); text != "" {
		return wrongAt("rule/rule", "area %s: %s", a.ID, text)
	}
	return nil
}

// ruleFault says what is wrong with a rule; empty: nothing.
func ruleFault(r round.Rule, form ballot.Form, conflicts []round.ManifestConflict, costs map[int]domain.Cents) string {
	switch {
	case r.Threshold < 0 || r.Threshold > largestCount || r.ThresholdPercent < 0 || r.ThresholdPercent > largestPercent:
		return fmt.Sprintf("threshold is not from 0 to %d, or threshold_percent not from 0 to %d", largestCount,
			largestPercent)
	case r.Threshold != 0 && r.ThresholdPercent != 0:
		return "threshold and threshold_percent at once"
	case r.Rule != string(tally.GreedyThreshold) && r.Threshold+r.ThresholdPercent != 0:
		return "a threshold belongs to greedy-threshold alone"
	case slices.ContainsFunc(r.Exclusive, func(group []int) bool { return len(group) < 2 }):
		return "a group of exclusive has fewer than two projects"
	}
	if r.ThresholdPercent != 0 && form.VoteKind() != ballot.Picks {
		return "a share of the ballots is no threshold of points or rankings"
	}
	if _, err := countingRule(r, form, conflicts, costs, ""); err != nil {
		return err.Error()
	}
	return ""
}
