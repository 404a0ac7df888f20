package record

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"osbu/domain/box"
	"osbu/domain/round"
)

// batchesFile tells of every batch of paper, a line each.
const batchesFile = "paper/batches.txt"

// longestBatch bounds a line: two texts, each of whose bytes may be escaped.
const longestBatch = 1 << 15

// publishedBatch is a line of paper/batches.txt: box.PaperBatch and what its
// numbers come to.
type publishedBatch struct {
	Batch       string         `json:"batch"`
	Paper       string         `json:"paper"`
	Place       string         `json:"place"`
	Day         string         `json:"day"`
	State       box.BatchState `json:"state"`
	Marked      int            `json:"marked"`
	Declared    int            `json:"declared"`
	Agreed      int            `json:"agreed"`
	Decided     map[string]int `json:"decided"`
	Uncounted   map[string]int `json:"uncounted"`
	Missing     int            `json:"missing"` // declared − agreed − decided − uncounted
	Spoiled     int            `json:"spoiled"`
	TakenAway   int            `json:"taken_away"`
	Difference  int            `json:"difference"` // marked − declared − spoiled − taken_away
	Explanation string         `json:"explanation"`
}

func publishBatch(b box.PaperBatch) publishedBatch {
	p := publishedBatch{
		Batch: b.Batch, Paper: b.Paper, Place: b.Place, Day: b.Day, State: b.State, Marked: b.Marked, Declared: b.Declared,
		Agreed: b.Agreed, Decided: b.Decided, Uncounted: b.Uncounted, Missing: b.Missing(), Spoiled: b.Spoiled,
		TakenAway: b.TakenAway, Difference: b.Difference(), Explanation: b.Explanation,
	}
	if p.Decided == nil {
		p.Decided = map[string]int{}
	}
	if p.Uncounted == nil {
		p.Uncounted = map[string]int{}
	}
	return p
}

// batch is the line's, without what its numbers come to.
func (p publishedBatch) batch() box.PaperBatch {
	return box.PaperBatch{
		Batch: p.Batch, Paper: p.Paper, Place: p.Place, Day: p.Day, State: p.State, Marked: p.Marked, Declared: p.Declared,
		BatchCount: box.BatchCount{
			Agreed: p.Agreed, Decided: p.Decided, Uncounted: p.Uncounted, Spoiled: p.Spoiled, TakenAway: p.TakenAway,
			Explanation: p.Explanation,
		},
	}
}

// batchLines are the lines of paper/batches.txt.
func batchLines(batches []box.PaperBatch) ([]byte, error) {
	var lines []byte
	for _, b := range batches {
		line, err := json.Marshal(publishBatch(b))
		if err != nil {
			return nil, fmt.Errorf("%s: %w", batchesFile, err)
		}
		lines = append(append(lines, line...), '\n')
	}
	return lines, nil
}

// parseBatch reads a line exactly as batchLines writes it.
func parseBatch(line []byte) (b box.PaperBatch, err error) {
	var p publishedBatch
	d := json.NewDecoder(bytes.NewReader(line))
	d.DisallowUnknownFields()
	if err := d.Decode(&p); err != nil {
		return b, fmt.Errorf("no batch: %s", strings.TrimPrefix(err.Error(), "json: "))
	}
	if _, err := d.Token(); err != io.EOF {
		return b, fmt.Errorf("something follows the batch")
	}
	b = p.batch()
	if err := b.Check(); err != nil {
		return b, err
	}
	again, err := batchLines([]box.PaperBatch{b})
	if err != nil {
		return b, err
	}
	if !bytes.Equal(again, line) {
		return b, fmt.Errorf("not written as a batch is, or missing and difference are not what its numbers come to")
	}
	return b, nil
}

// paperBlockers are what is in the way of closing a vote on paper: batches that
// are neither sealed nor left out, and rights that were marked as spent on
// paper and that no batch answers for.
func (st State) paperBlockers() (found []Finding[Blocker]) {
	open := Finding[Blocker]{Code: PaperOpen}
	for _, b := range st.Batches {
		if b.State == box.BatchDeclared && !unfinished(b) && !slices.Contains(open.Papers, b.Paper) {
			open.Papers = append(open.Papers, b.Paper)
		}
	}
	if len(open.Papers) > 0 {
		found = append(found, open)
	}
	unaccounted := Finding[Blocker]{Code: PaperUnaccounted}
	for _, p := range st.Round.Settings.Papers {
		if st.unaccounted(p.ID) != 0 {
			unaccounted.Papers = append(unaccounted.Papers, p.ID)
		}
	}
	if len(unaccounted.Papers) > 0 {
		found = append(found, unaccounted)
	}
	return found
}

// unaccounted are how many rights of a paper were spent on paper that no batch
// answers for; below zero the batches answer for more.
func (st State) unaccounted(paper string) int {
	n := st.Spent[paper].OnPaper
	for _, b := range st.Batches {
		if b.Paper == paper && !unfinished(b) {
			n -= b.Marked
		}
	}
	return n
}

// inTheWay are the blockers that the reason does not answer. One closes the
// vote before its time, or though batches answer for other rights than were
// marked as spent on paper.
func (st State) inTheWay(step round.Step, reason string) []Finding[Blocker] {
	return slices.DeleteFunc(st.blockers(step), func(f Finding[Blocker]) bool {
		return reason != "" && (f.Code == TooEarly || f.Code == PaperUnaccounted)
	})
}

// restBatch begins the names of batches that the close makes of rights that no
// other answers for. A letter follows.
const restBatch = "UNACCOUNTED"

// unfinished tells whether a batch is what a close left that a crash cut short.
func unfinished(b box.PaperBatch) bool {
	return b.State == box.BatchDeclared && strings.HasPrefix(b.Batch, restBatch)
}

// account makes batches without sheets of what is unaccounted for, and leaves
// them out with the reason that was given, so that the record tells it. A crash
// leaves one that is open: the step is taken again, and finishes it.
func (t taking) account(ctx context.Context, st State) error {
	for _, p := range st.Round.Settings.Papers {
		rest := st.unaccounted(p.ID)
		name := ""
		for _, letter := range "ABCDEFGHIJKLMNOPQRSTUVWXYZ" {
			name = restBatch + string(letter)
			i := slices.IndexFunc(st.Batches, func(b box.PaperBatch) bool { return b.Batch == name })
			if i < 0 && rest == 0 {
				name = ""
				break
			}
			if i < 0 || st.Batches[i].Paper == p.ID && unfinished(st.Batches[i]) {
				break
			}
		}
		if name == "" {
			continue
		}
		b := box.PaperBatch{
			Batch: name, Paper: p.ID, Place: "-", Day: st.Round.Times.Voting.Closes.In(t.TimeZone).Format(time.DateOnly),
			Marked: rest,
		}
		if err := t.Gate.DeclareBatch(ctx, t.round, b); err != nil {
			return err
		}
		why := cmp.Or(oneLine(t.Reason), "After all nothing was missing.")
		if err := t.Gate.LeaveOut(ctx, t.round, name, why); err != nil {
			return err
		}
		st.Batches = append(slices.Clone(st.Batches),
			box.PaperBatch{Batch: name, Paper: p.ID, Marked: rest, State: box.BatchLeftOut})
	}
	return nil
}

// sheets are what a check counts of a batch.
type sheets struct {
	box.PaperBatch
	line   int
	leaves int // of the log that name it
}

// batches reads paper/batches.txt and holds it against the log: each batch is
// settled, has as many leaves as it says count, and no leaf is of another.
func (v *verifying) batches() error {
	v.byBatch = map[string]*sheets{}
	last := ""
	err := v.zip.lines(batchesFile, longestBatch, func(n int, line []byte) error {
		b, err := parseBatch(line)
		switch {
		case err != nil:
			return fault(batchesFile, n, "%v", err)
		case b.Batch <= last:
			return fault(batchesFile, n, "batch %s after %s: not in the order of their names, each once", b.Batch, last)
		case b.State == box.BatchDeclared:
			return fault(batchesFile, n, "batch %s is neither sealed nor left out", b.Batch)
		case !slices.ContainsFunc(v.Manifest.Papers, func(p round.ManifestPaper) bool { return p.ID == b.Paper }):
			return fault(batchesFile, n, "batch %s is of paper %q, which is not the manifest's", b.Batch, b.Paper)
		}
		last = b.Batch
		v.byBatch[b.Batch] = &sheets{PaperBatch: b, line: n}
		v.Batches = append(v.Batches, b)
		return nil
	})
	if err != nil {
		return err
	}
	for i := range v.leaves {
		if l := &v.leaves[i]; l.onPaper() {
			b := v.byBatch[l.batch]
			if b == nil {
				return fault(leavesFile, i+1, "a sheet of batch %s, which is not in %s", l.batch, batchesFile)
			}
			b.leaves++
		}
	}
	for _, b := range v.Batches {
		if of := v.byBatch[b.Batch]; of.leaves != b.Counted() {
			return fault(batchesFile, of.line, "batch %s says that %d sheets count, but the log has %d of it", b.Batch,
				b.Counted(), of.leaves)
		}
	}
	return nil
}

// marked is nil if every right that was spent on paper is some batch's.
func (v *verifying) marked() error {
	marked := map[string]int{}
	for _, b := range v.Batches {
		marked[b.Paper] += b.Marked
	}
	for i, p := range v.Published.Papers {
		if marked[p.Paper] != p.OnPaper {
			return v.wrong(fmt.Sprintf("papers/%d/on_paper", i),
				"paper %s: %d rights were spent on paper, but its batches in %s answer for %d", p.Paper, p.OnPaper, batchesFile,
				marked[p.Paper])
		}
	}
	return nil
}
