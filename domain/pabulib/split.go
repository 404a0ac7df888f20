package pabulib

import "strings"

// splitLine cuts a line at semicolons. A quote opens only at the start of a
// field; two quotes inside are one; what follows a closing quote other than a
// semicolon belongs to the field, unquoted; a quote that does not close on its
// line is an ordinary character. odd tells of the last two. Cells share the
// line's memory unless quotes had to be undone.
func splitLine(line string, cells []string) (_ []string, odd bool) {
	for {
		if len(line) > 0 && line[0] == '"' {
			cell, rest, closed := quoted(line)
			if closed {
				tail, after, more := strings.Cut(rest, ";")
				if tail != "" {
					cell, odd = cell+tail, true
				}
				cells = append(cells, cell)
				if !more {
					return cells, odd
				}
				line = after
				continue
			}
			odd = true
		}
		at := strings.IndexByte(line, ';')
		if at < 0 {
			return append(cells, line), odd
		}
		cells = append(cells, line[:at])
		line = line[at+1:]
	}
}

// quoted undoes the quotes of the field that line begins with.
func quoted(line string) (cell, rest string, closed bool) {
	var undone strings.Builder
	for from := 1; ; {
		at := strings.IndexByte(line[from:], '"')
		if at < 0 {
			return "", "", false
		}
		at += from
		if at+1 < len(line) && line[at+1] == '"' {
			undone.WriteString(line[from : at+1])
			from = at + 2
			continue
		}
		if undone.Len() == 0 {
			return line[from:at], line[at+1:], true
		}
		undone.WriteString(line[from:at])
		return undone.String(), line[at+1:], true
	}
}
