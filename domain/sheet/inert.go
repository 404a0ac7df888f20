package sheet

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

// Inert keeps a spreadsheet program from running a cell as a formula (OWASP,
// CSV injection): what begins like one gets an apostrophe. Numbers stay
// numbers.
func Inert(cell string) string {
	if running(strings.TrimLeft(cell, "'")) {
		return "'" + cell
	}
	return cell
}

// alive undoes Inert: also text that had apostrophes of its own comes back as
// it was.
func alive(cell string) string {
	if rest, ok := strings.CutPrefix(cell, "'"); ok && running(strings.TrimLeft(rest, "'")) {
		return rest
	}
	return cell
}

func running(cell string) bool {
	first, _ := utf8.DecodeRuneInString(cell)
	if cell == "" || !strings.ContainsRune("=+-@\t\r\n|%＝＋－＠", first) {
		return false
	}
	_, err := strconv.ParseFloat(cell, 64)
	return err != nil
}
