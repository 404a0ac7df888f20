package record

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"osbu/domain/round"
	"osbu/domain/tally"
)

// Published is outcome.json of the record: money in euros as exact decimals.
type Published struct {
	Format   string `json:"format"` // PublishedFormat
	Round    string `json:"round"`
	Decision string `json:"decision"` // number of the decision that confirmed the result
	// OpeningKey is the private key that opens the ballots; absent if they were
	// not sealed.
	OpeningKey []byte           `json:"opening_key,omitempty"`
	Papers     []PublishedPaper `json:"papers"`
	Areas      []PublishedArea  `json:"areas"`
}

// PublishedFormat names the format and its version.
const PublishedFormat = "osbu/outcome/v4"

// PublishedPaper says how many might vote with a paper, how many rights were
// spent through which channel, and how many ballots came of them.
type PublishedPaper struct {
	Paper       string `json:"paper"`
	Rights      int    `json:"rights"`
	Online      int    `json:"online"`
	Assisted    int    `json:"assisted"`
	OnPaper     int    `json:"on_paper"`
	Replaced    int    `json:"replaced"`    // credentials issued a second time, in person
	Credentials int    `json:"credentials"` // online + assisted + replaced
	Ballots     int    `json:"ballots"`
	Sheets      int    `json:"sheets,omitempty"` // of ballots, those on paper, which need no credential
	Void        int    `json:"void,omitempty"`   // sealed ballots that do not count, whatever the reason
	Difference  int    `json:"difference"`       // credentials − (ballots − sheets) − void: credentials that nobody used
}

// PublishedArea is an area's count. Unless it is withheld, Input is the hex
// SHA-256 of the area's .pb file, and counting that under Outcome.Rule gives
// Outcome. Of a withheld area the outcome lacks what only the single ballots
// tell (see withheld).
type PublishedArea struct {
	Area     string        `json:"area"`
	Withheld bool          `json:"withheld"`
	Input    string        `json:"input_sha256,omitempty"`
	Ballots  int           `json:"ballots"`
	Blank    int           `json:"blank"`
	Sheets   int           `json:"sheets,omitempty"` // of ballots, those on paper
	Lot      string        `json:"lot_seed"`         // hex; SHA-256 of its bytes is the manifest's lot_commitment
	Outcome  tally.Outcome `json:"outcome"`
}

// withholds tells whether an area's single ballots are kept from the public:
// there are some, but fewer than openings_from.
func withholds(openingsFrom, ballots int) bool { return 0 < ballots && ballots < openingsFrom }

// undisclosed is the status of a project that only single ballots tell.
const undisclosed tally.Status = "withheld"

// fewestTold is how many votes a project of a withheld area must have for them
// to be told: of a handful of voters each is somebody whom the others know.
const fewestTold = 5

// withheld is an outcome without what cannot be worked out from the totals: who
// prefers what together with what; and without the totals of few. Where the
// outcome needs more than the totals that are told it says which projects are
// funded, in the area's order, and nothing of the way there.
func withheld(o tally.Outcome) tally.Outcome {
	o.Funded, o.Comparison, o.Certificate = nil, nil, nil
	o.Projects = slices.Clone(o.Projects)
	for i := range o.Projects {
		o.Projects[i].Shares, o.Projects[i].Moment, o.Projects[i].Equal = nil, nil, nil
	}
	withholdFew(o.Projects)
	if countsTotals(o) {
		return o
	}
	o.Iterations, o.VoterBudget, o.Ties = 0, nil, []tally.TieMet{}
	o.Selected = []string{}
	for i := range o.Projects {
		p := &o.Projects[i]
		p.Round, p.Walk, p.Conflict = 0, nil, ""
		switch {
		case p.Selected:
			o.Selected = append(o.Selected, p.ID)
			p.Status = tally.Bought
		case p.Status != tally.Withdrawn:
			p.Status = undisclosed
		}
	}
	return o
}

// withholdFew takes away the votes of projects that have fewer than fewestTold.
// If that is one alone, those of the next one go, too: where every ballot names
// as many projects, the others' votes would tell it.
func withholdFew(projects []tally.Result) {
	var few, rest []*tally.Result
	for i := range projects {
		if p := &projects[i]; p.Votes < fewestTold {
			few = append(few, p)
		} else {
			rest = append(rest, p)
		}
	}
	if len(few) == 1 && len(rest) > 0 {
		few = append(few, slices.MinFunc(rest, func(a, b *tally.Result) int { return cmp.Compare(a.Votes, b.Votes) }))
	}
	for _, p := range few {
		p.Votes, p.Score, p.VotesWithheld = 0, tally.Number{}, true
	}
}

// countsTotals tells whether the outcome follows from how many ballots there
// are, how many name each project, and what points they give it, and all of
// these are told.
func countsTotals(o tally.Outcome) bool {
	return strings.HasPrefix(string(o.Rule.Method), string(tally.Greedy)) && o.Rule.Comparison == "" &&
		o.Rule.Utility != tally.Rank &&
		!slices.ContainsFunc(o.Projects, func(p tally.Result) bool { return p.VotesWithheld })
}

// publication is outcome.json of a round.
func publication(m round.Manifest, st State, outcomes []Outcome, opened Opened) Published {
	p := Published{
		Format: PublishedFormat, Round: st.Round.ID, Decision: st.Round.ConfirmDecision, OpeningKey: opened.Key,
	}
	ballots, sheets := map[string]int{}, map[string]int{}
	for _, o := range outcomes {
		area := PublishedArea{Area: o.Area, Ballots: o.Ballots, Blank: o.Blank, Sheets: o.Sheets, Lot: o.Seed}
		if area.Withheld = withholds(m.OpeningsFrom, o.Ballots); area.Withheld {
			area.Outcome = withheld(o.Result)
		} else {
			area.Input, area.Outcome = o.Digest(), o.Result
		}
		p.Areas = append(p.Areas, area)
		ballots[paperOf(m, o.Area).ID] += o.Ballots
		sheets[paperOf(m, o.Area).ID] += o.Sheets
	}
	for _, paper := range m.Papers {
		s, void := st.Spent[paper.ID], opened.Void.Of(paper.ID)
		p.Papers = append(p.Papers, PublishedPaper{
			Paper: paper.ID, Rights: st.Rights[paper.ID], Online: s.Online, Assisted: s.Assisted, OnPaper: s.OnPaper,
			Replaced:    s.Replaced,
			Credentials: s.Credentials(), Ballots: ballots[paper.ID], Sheets: sheets[paper.ID], Void: void,
			Difference: s.Credentials() - ballots[paper.ID] + sheets[paper.ID] - void,
		})
	}
	return p
}

// encode gives the bytes of outcome.json.
func (p Published) encode() ([]byte, error) {
	text, err := json.MarshalIndent(p, "", "  ")
	if err != nil {
		return nil, fmt.Errorf("outcome.json: %w", err)
	}
	return append(text, '\n'), nil
}

// decodePublished reads outcome.json exactly as encode writes it.
func decodePublished(text []byte) (p Published, err error) {
	if err := decodeJSON(text, &p); err != nil {
		return p, err
	}
	if p.Format != PublishedFormat {
		return p, faultAt(text, 0, "format %.40q, want %q", p.Format, PublishedFormat)
	}
	again, err := p.encode()
	if err != nil {
		return p, err
	}
	if at := differs(again, text); at >= 0 {
		return p, faultAt(text, at, "not written as outcome.json is: fields in order, each once, two spaces of indent, <, "+
			"> and & escaped")
	}
	return p, nil
}

// differs is the first byte in which two texts differ; -1 if none.
func differs(a, b []byte) int64 {
	if bytes.Equal(a, b) {
		return -1
	}
	n := 0
	for n < len(a) && n < len(b) && a[n] == b[n] {
		n++
	}
	return int64(n)
}

// differ is the number of the first line, from 1, in which two texts differ; -1
// if none.
func differ(a, b []byte) int {
	n := differs(a, b)
	if n < 0 {
		return -1
	}
	return 1 + bytes.Count(a[:n], []byte("\n"))
}
