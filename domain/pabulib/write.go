package pabulib

import (
	"bufio"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"osbu/domain/tally"
)

// Write writes f: UTF-8, LF, exact decimals, quotes only where needed,
// everything in the order of f, so that the same file always gives the same
// bytes. Nothing that Read would not give back is written: cells with line
// breaks, unknown picks and the like are errors.
func Write(w io.Writer, f *File) error {
	form, err := f.writable()
	if err != nil {
		return fmt.Errorf("pabulib: %w", err)
	}
	out := writer{w: bufio.NewWriterSize(w, 1<<16)}
	out.row("META")
	out.row("key", "value")
	for _, e := range f.Meta {
		out.row(e.Key, e.Value)
	}
	out.row("PROJECTS")
	out.row(append([]string{"project_id", "cost"}, f.ProjectColumns...)...)
	var cells []string
	for i := range f.Projects {
		p := &f.Projects[i]
		cells = append(append(cells[:0], p.ID, p.Cost.String()), p.Extra...)
		out.row(cells...)
	}
	points := form == tally.Cumulative || form == tally.Scoring
	out.row("VOTES")
	cells = append(cells[:0], "voter_id", "vote")
	if points {
		cells = append(cells, "points")
	}
	out.row(append(cells, f.VoteColumns...)...)
	var list []byte
	for i := range f.Votes {
		v := &f.Votes[i]
		list = list[:0]
		for k, pick := range v.Picks {
			if k > 0 {
				list = append(list, ',')
			}
			list = append(list, f.Projects[pick].ID...)
		}
		cells = append(cells[:0], v.Voter, string(list))
		if points {
			list = list[:0]
			for k, n := range v.Points {
				if k > 0 {
					list = append(list, ',')
				}
				list = appendPoints(list, n, f.PointDecimals)
			}
			cells = append(cells, string(list))
		}
		out.row(append(cells, v.Extra...)...)
	}
	if out.err != nil {
		return out.err
	}
	return out.w.Flush()
}

type writer struct {
	w   *bufio.Writer
	err error
}

func (w *writer) row(cells ...string) {
	for i, cell := range cells {
		if i > 0 {
			w.put(";")
		}
		if strings.ContainsAny(cell, `";`) {
			cell = `"` + strings.ReplaceAll(cell, `"`, `""`) + `"`
		}
		w.put(cell)
	}
	w.put("\n")
}

func (w *writer) put(text string) {
	if _, err := w.w.WriteString(text); err != nil && w.err == nil {
		w.err = err
	}
}

func appendPoints(to []byte, n int64, decimals int) []byte {
	if decimals == 0 {
		return strconv.AppendInt(to, n, 10)
	}
	return append(to, tally.Frac(n, pow10(decimals)).String()...)
}

// writable says what of f could not be read back.
func (f *File) writable() (tally.Form, error) {
	form, err := f.Form()
	if err != nil {
		return "", err
	}
	if _, err := f.Budget(); err != nil {
		return "", err
	}
	for i, e := range f.Meta {
		if e.Key != strings.TrimSpace(e.Key) || e.Key == "" || !plain(e.Key) || !plain(e.Value) {
			return "", fmt.Errorf("META %.50q cannot be written on one line", e.Key)
		}
		if slices.ContainsFunc(f.Meta[:i], func(b Entry) bool { return b.Key == e.Key }) {
			return "", fmt.Errorf("META has %.50q twice", e.Key)
		}
	}
	points := form == tally.Cumulative || form == tally.Scoring
	reserved := []string{"voter_id", "vote"}
	if points {
		reserved = append(reserved, "points")
	}
	if err := columns(f.ProjectColumns, []string{"project_id", "cost"}); err != nil {
		return "", err
	}
	if err := columns(f.VoteColumns, reserved); err != nil {
		return "", err
	}
	ids := make(map[string]bool, len(f.Projects))
	for i := range f.Projects {
		p := &f.Projects[i]
		if p.ID == "" || p.ID != strings.TrimSpace(p.ID) || strings.Contains(p.ID, ",") || !plain(p.ID) || ids[p.ID] {
			return "", fmt.Errorf("%.50q cannot be the id of project %d", p.ID, i+1)
		}
		ids[p.ID] = true
		if _, err := amount("cost", p.Cost.String()); err != nil {
			return "", fmt.Errorf("project %q: %w", p.ID, err)
		}
		if len(p.Extra) != len(f.ProjectColumns) || !plain(p.Extra...) {
			return "", fmt.Errorf("project %q: its cells do not fit the columns, or hold a line break", p.ID)
		}
	}
	return form, f.writableVotes(form, points)
}

func (f *File) writableVotes(form tally.Form, points bool) error {
	seen := make(map[string]bool, len(f.Votes))
	needed := f.PointDecimals == 0
	for i := range f.Votes {
		v := &f.Votes[i]
		switch {
		case v.Voter != "" && seen[v.Voter]:
			return fmt.Errorf("voter %.50q has two ballots", v.Voter)
		case !plain(v.Voter) || len(v.Extra) != len(f.VoteColumns) || !plain(v.Extra...):
			return fmt.Errorf("ballot %d: its cells do not fit the columns, or hold a line break", i+1)
		case points && len(v.Points) != len(v.Picks) || !points && v.Points != nil:
			return fmt.Errorf("ballot %d: %d picks and %d points", i+1, len(v.Picks), len(v.Points))
		case form == tally.ChooseOne && len(v.Picks) != 1:
			return fmt.Errorf("ballot %d: a choose-1 ballot names one project", i+1)
		}
		seen[v.Voter] = true
		for _, pick := range v.Picks {
			if pick < 0 || int(pick) >= len(f.Projects) {
				return fmt.Errorf("ballot %d: no project has index %d", i+1, pick)
			}
		}
		for _, n := range v.Points {
			if n < 0 && form == tally.Cumulative || n >= maxPoints || n <= -maxPoints {
				return fmt.Errorf("ballot %d: %d points cannot be written", i+1, n)
			}
			needed = needed || n%10 != 0
		}
	}
	if !needed {
		return fmt.Errorf("no points need %d decimals", f.PointDecimals)
	}
	return nil
}

// maxPoints has the most digits that Read takes.
const maxPoints = 1e15

func columns(names, reserved []string) error {
	for i, name := range names {
		if name == "" || name != columnName(name) || !plain(name) || slices.Contains(names[:i], name) ||
			slices.Contains(reserved, name) {
			return fmt.Errorf("%.50q cannot be the name of a column", name)
		}
	}
	return nil
}

// plain: the cells fit on one line and are UTF-8.
func plain(cells ...string) bool {
	for _, cell := range cells {
		if strings.ContainsAny(cell, "\r\n") || !utf8.ValidString(cell) {
			return false
		}
	}
	return true
}
