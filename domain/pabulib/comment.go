package pabulib

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

// CommentKey is META's place for what the format has no field for, as numbered
// remarks: "#1: … #2: …".
const CommentKey = "comment"

// Remarks that are read back, because a count needs them: the official checker
// takes neither ballots without a project nor a mark for withdrawn projects.
const (
	blankRemark     = "Blank ballots, which count as voters and cannot be listed here: "
	withdrawnRemark = "Withdrawn during the vote, with their votes kept, and never funded: "
)

// BlankRemark says how many ballots named no project. Instance counts them.
func BlankRemark(ballots int) string { return blankRemark + strconv.Itoa(ballots) + "." }

// WithdrawnRemark names the projects that were withdrawn during the vote.
// Instance marks them.
func WithdrawnRemark(ids []string) string { return withdrawnRemark + strings.Join(ids, ", ") + "." }

// Comment joins remarks to a value of META, "" if there are none.
func Comment(remarks []string) string {
	parts := make([]string, len(remarks))
	for i, remark := range remarks {
		parts[i] = fmt.Sprintf("#%d: %s", i+1, remark)
	}
	return strings.Join(parts, " ")
}

var remarkStart = regexp.MustCompile(`(?:^| )#\d+: `)

// Remarks are those of the comment.
func (f *File) Remarks() []string {
	value, _ := f.Lookup(CommentKey)
	starts := remarkStart.FindAllStringIndex(value, -1)
	var remarks []string
	for i, at := range starts {
		end := len(value)
		if i+1 < len(starts) {
			end = starts[i+1][0]
		}
		remarks = append(remarks, strings.TrimSpace(value[at[1]:end]))
	}
	return remarks
}

func (f *File) remark(start string) (rest string, ok bool) {
	for _, remark := range f.Remarks() {
		if rest, ok = strings.CutPrefix(remark, start); ok {
			return strings.TrimSuffix(rest, "."), true
		}
	}
	return "", false
}

// Blank is the number of ballots that named no project and are not listed.
func (f *File) Blank() (int, error) {
	rest, ok := f.remark(blankRemark)
	if !ok {
		return 0, nil
	}
	n, err := strconv.Atoi(rest)
	if err != nil || n < 0 || n > 1e12 {
		return 0, fmt.Errorf("comment: %.50q is not a number of blank ballots", rest)
	}
	return n, nil
}

// Withdrawn are the indices of the projects that were withdrawn during the
// vote.
func (f *File) Withdrawn() (map[int]bool, error) {
	rest, ok := f.remark(withdrawnRemark)
	if !ok {
		return nil, nil
	}
	index := map[string]int{}
	for p := range f.Projects {
		index[f.Projects[p].ID] = p
	}
	gone := map[int]bool{}
	for _, id := range strings.Split(rest, ", ") {
		p, known := index[id]
		if !known {
			return nil, fmt.Errorf("comment: project %.50q was withdrawn, and the file does not have it", id)
		}
		gone[p] = true
	}
	return gone, nil
}
