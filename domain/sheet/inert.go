package sheet

import (
	"regexp"
	"strings"
	"unicode/utf8"
)

// Inert keeps a spreadsheet program from running a cell, or a part of it, as a
// formula (OWASP, CSV injection): what begins like one gets an apostrophe. So
// does what follows a comma, a semicolon, a tab or a line break within the
// cell, for a program that separates cells by another character than the file
// makes cells of these parts. Numbers stay numbers.
func Inert(cell string) string {
	if !strings.ContainsAny(cell, dangerous) { // nearly all
		return cell
	}
	inert := within(cell, func(part string) string {
		if runsWithin(strings.TrimLeft(part, "'")) {
			return "'" + part
		}
		return part
	})
	if runs(strings.TrimLeft(cell, "'")) {
		return "'" + inert
	}
	return inert
}

// alive undoes Inert: also text that had apostrophes of its own comes back as
// it was.
func alive(cell string) string {
	if !strings.ContainsAny(cell, dangerous) {
		return cell
	}
	if rest, ok := strings.CutPrefix(cell, "'"); ok && runs(strings.TrimLeft(rest, "'")) {
		cell = rest
	}
	return within(cell, func(part string) string {
		if rest, ok := strings.CutPrefix(part, "'"); ok && runsWithin(strings.TrimLeft(rest, "'")) {
			return rest
		}
		return part
	})
}

// within changes each part of a cell that stands behind what some program may
// take for a separator, without the blanks and quotation marks before it.
func within(cell string, change func(part string) string) string {
	var b strings.Builder
	for first := true; ; first = false {
		part, rest := cell, ""
		end := strings.IndexAny(cell, separators)
		if end >= 0 {
			part, rest = cell[:end], cell[end:]
		}
		if !first {
			bare := strings.TrimLeft(part, " \u00a0\"")
			part = part[:len(part)-len(bare)] + change(bare)
		}
		b.WriteString(part)
		if end < 0 {
			return b.String()
		}
		b.WriteByte(rest[0])
		cell = rest[1:]
	}
}

const (
	separators = ",;\t\r\n"
	dangerous  = "=+-@\t\r\n|%＝＋－＠"
)

// number is what every spreadsheet program takes for a number. ParseFloat takes
// more, such as +Inf and +0x1p-2, which programs take for names and sums.
var number = regexp.MustCompile(`^[+-]?[0-9]+(?:[.,][0-9]+)?(?:[eE][+-]?[0-9]+)?$`)

// runs tells whether a program would run a cell.
func runs(cell string) bool {
	cell = strings.TrimLeft(cell, " \u00a0")
	first, _ := utf8.DecodeRuneInString(cell)
	return cell != "" && strings.ContainsRune(dangerous, first) && !number.MatchString(cell)
}

// runsWithin tells whether it would run a part of one. A dash before a blank
// begins an item of a list, unless what follows could call anything.
func runsWithin(part string) bool {
	rest, item := strings.CutPrefix(part, "- ")
	return runs(part) && !(item && !strings.ContainsAny(rest, "(|!=@"))
}
