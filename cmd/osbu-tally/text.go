package main

import (
	"bufio"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"osbu/domain/pabulib"
	"osbu/domain/tally"
)

// printer writes to people.
type printer struct {
	out *bufio.Writer
	err io.Writer
}

func (p *printer) line(format string, values ...any) {
	fmt.Fprintf(p.out, format+"\n", values...)
}

// money groups the digits by threes: 1 868 353.50.
func money(n tally.Number) string {
	text := n.String()
	if strings.Contains(text, "/") {
		text = n.Rat().FloatString(2)
	}
	whole, fraction, point := strings.Cut(text, ".")
	sign := ""
	if strings.HasPrefix(whole, "-") {
		sign, whole = "-", whole[1:]
	}
	var groups []string
	for len(whole) > 3 {
		groups = append([]string{whole[len(whole)-3:]}, groups...)
		whole = whole[:len(whole)-3]
	}
	text = sign + strings.Join(append([]string{whole}, groups...), " ")
	if point {
		text += "." + fraction
	}
	return text
}

func number(n int64) string { return money(tally.Int(n)) }

// voters says "1 voter" or "2 voters".
func plural(n int64, one, more string) string {
	if n == 1 {
		return "1 " + one
	}
	return number(n) + " " + more
}

// percent is part/whole with one decimal, rounded down.
func percent(part, whole tally.Number) string {
	if whole.Sign() == 0 {
		return "–"
	}
	r := part.Div(whole).Mul(tally.Int(1000)).Rat()
	tenths := r.Num().Quo(r.Num(), r.Denom()).Int64()
	return fmt.Sprintf("%d.%d %%", tenths/10, tenths%10)
}

// bar draws part of whole in blocks, at most width of them.
func bar(part, whole tally.Number, width int) string {
	if whole.Sign() <= 0 || part.Sign() <= 0 {
		return ""
	}
	eighths := int(min(part.Div(whole).Float(), 1)*float64(width*8) + 0.5)
	text := strings.Repeat("█", eighths/8)
	if rest := eighths % 8; rest > 0 {
		text += string([]rune("▏▎▍▌▋▊▉")[rest-1])
	}
	if text == "" {
		return "▏"
	}
	return text
}

// table aligns columns; cells of the columns in right are set to the right.
func (p *printer) table(rows [][]string, right ...bool) {
	var width []int
	for _, row := range rows {
		for c, cell := range row {
			if c == len(width) {
				width = append(width, 0)
			}
			width[c] = max(width[c], utf8.RuneCountInString(cell))
		}
	}
	for _, row := range rows {
		line := " "
		for c, cell := range row {
			pad := strings.Repeat(" ", width[c]-utf8.RuneCountInString(cell))
			if c < len(right) && right[c] {
				line += " " + pad + cell
			} else {
				line += " " + cell + pad
			}
		}
		p.line("%s", strings.TrimRight(line, " "))
	}
}

// titles returns the projects' names, shortened, by id.
func titles(f *pabulib.File) map[string]string {
	names := map[string]string{}
	for i, name := range f.Column("name") {
		const most = 48
		if runes := []rune(name); len(runes) > most {
			name = strings.TrimSpace(string(runes[:most-1])) + "…"
		}
		names[f.Projects[i].ID] = name
	}
	return names
}

// describe states a rule in words.
func describe(r tally.Rule) string {
	text := string(r.Method)
	if r.Utility != "" {
		text += ", utility " + string(r.Utility)
	}
	switch r.Utility {
	case tally.Borda:
		text += " (of n picks the first is worth n-1, the last 0)"
	case tally.Rank:
		text += " (the first is worth as much as a ballot has places, each next one less)"
	}
	if r.Completion != "" {
		text += ", completion " + string(r.Completion)
	}
	if r.Comparison != "" {
		text += ", comparison by " + string(r.Comparison)
	}
	if t := r.Threshold; t != nil {
		if t.Share.Sign() > 0 {
			text += ", threshold " + percent(t.Share, tally.Int(1)) + " of the ballots"
		} else {
			text += ", threshold " + money(t.Score)
		}
	}
	for _, group := range r.Exclusive {
		text += ", conflict " + strings.Join(group, "/")
	}
	ties := make([]string, len(r.Ties))
	for i, t := range r.Ties {
		ties[i] = string(t)
	}
	text += "; ties by " + strings.Join(ties, ", ")
	for _, t := range r.Ties {
		if t == tally.Lot {
			text += fmt.Sprintf(" (seed %q)", r.Seed)
		}
	}
	return text
}
