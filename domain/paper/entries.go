package paper

import (
	"cmp"
	"slices"
	"strings"

	"osbu/domain"
	"osbu/domain/box"
)

// Progress is how far two people are with a batch.
type Progress string

// The progress of a batch that is not settled.
const (
	KeyedNot   Progress = "unkeyed" // nobody has handed sheets in
	KeyedOnce  Progress = "once"    // one of two has
	KeyedApart Progress = "differ"  // both have, and say different things
	KeyedAlike Progress = "agreed"  // both say the same: it can be put into the log
)

// entries are what the two have handed in, as the box keeps it; nil: nothing.
type entries [2]*box.KeyedSheets

func (e *entries) add(k box.KeyedSheets) { e[k.Part-1] = &k }

func (e *entries) progress() Progress {
	switch {
	case e[0] == nil && e[1] == nil:
		return KeyedNot
	case e[0] == nil || e[1] == nil:
		return KeyedOnce
	case slices.Equal(e[0].Sheets, e[1].Sheets):
		return KeyedAlike
	}
	return KeyedApart
}

// next is what one of the two says of the batch with these sheets: all of it if
// she has said nothing yet, else what she corrects. Sheets on which both agree
// stand: to say something else of one is a fault.
func (e *entries) next(part int, sheets []Keyed, faults *[]Fault) (box.KeyedSheets, error) {
	said := toLines(sheets)
	mine, other := e[part-1], e[2-part]
	if mine == nil {
		return box.KeyedSheets{Version: 1, Sheets: said}, nil
	}
	if slices.Equal(said, mine.Sheets) { // its answer was lost
		return *mine, nil
	}
	if e.progress() != KeyedApart {
		return box.KeyedSheets{}, domain.Fail(domain.Conflict, CodeHanded, "these sheets are handed in, and stand")
	}
	stands := map[string]string{}
	for _, line := range mine.Sheets {
		if slices.Contains(other.Sheets, line) {
			stands[serialOf(line)] = line
		}
	}
	var all []string
	for _, line := range stands {
		all = append(all, line)
	}
	for _, k := range sheets {
		line, there := stands[k.Serial]
		switch {
		case !there:
			all = append(all, k.line())
		case line != k.line():
			*faults = append(*faults, Fault{Line: k.Line, Head: "serial", Code: faultAgreed})
		}
	}
	slices.Sort(all)
	if slices.Equal(all, mine.Sheets) {
		return *mine, nil
	}
	return box.KeyedSheets{Version: mine.Version + 1, Sheets: all}, nil
}

// line is how the box keeps a sheet.
func (k Keyed) line() string { return k.Serial + ";" + k.Choices + ";" + k.Reason }

func serialOf(line string) string {
	serial, _, _ := strings.Cut(line, ";")
	return serial
}

// toLines are sheets as the box keeps them: in the order of their serials,
// which does not tell in which order they were keyed in.
func toLines(sheets []Keyed) []string {
	lines := make([]string, len(sheets))
	for i, k := range sheets {
		lines[i] = k.line()
	}
	slices.Sort(lines)
	return lines
}

// lines reads what toLines wrote: it was checked before it was kept.
func (on frozen) lines(k *box.KeyedSheets) (sheets []Keyed) {
	if k == nil {
		return nil
	}
	for _, line := range k.Sheets {
		parts := strings.SplitN(line, ";", 3)
		one := Keyed{Serial: parts[0], Choices: parts[1], Reason: parts[2]}
		one.vote, _ = parse(on.paper.Form, one.Choices)
		one.area = on.check(one, &domain.Problems{})
		sheets = append(sheets, one)
	}
	return sheets
}

// compare are the sheets of which the two say different things, by serial.
func compare(first, second []Keyed) (differences []Difference) {
	other := map[string]*Keyed{}
	for i := range second {
		other[second[i].Serial] = &second[i]
	}
	for i := range first {
		k := &first[i]
		o, there := other[k.Serial]
		if !there || o.line() != k.line() {
			differences = append(differences, Difference{Serial: k.Serial, First: k, Second: o})
		}
		delete(other, k.Serial)
	}
	for serial, k := range other {
		differences = append(differences, Difference{Serial: serial, Second: k})
	}
	slices.SortFunc(differences, func(a, b Difference) int { return cmp.Compare(a.Serial, b.Serial) })
	return differences
}
