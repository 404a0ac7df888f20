package domain

import (
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Line is a text of one line as it is kept: line breaks and tabs that a paste
// brought along become single spaces. Limit is in characters (Unicode code
// points, after normalization).
func (p *Problems) Line(path, s string, limit int) string {
	return p.plain(path, strings.Join(strings.Fields(s), " "), limit)
}

// Body is a text of many lines, which end in a line feed each.
func (p *Problems) Body(path, s string, limit int) string {
	s = strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(s)
	return p.plain(path, strings.TrimSpace(s), limit)
}

// plain normalizes to form C. Control characters other than line feed and tab
// are refused; emoji, joiners and right-to-left text are welcome.
func (p *Problems) plain(path, s string, limit int) string {
	if !utf8.ValidString(s) ||
		strings.ContainsFunc(s, func(r rune) bool { return unicode.IsControl(r) && r != '\n' && r != '\t' }) {
		p.Add(path, "bad_format", "")
		return s
	}
	s = norm.NFC.String(s)
	if utf8.RuneCountInString(s) > limit {
		p.Add(path, "too_long", strconv.Itoa(limit))
	}
	return s
}

// PublicLine is a Line for everybody in the city's languages; those in need
// must be there.
func (p *Problems) PublicLine(path string, t Text, limit int, need ...Language) Text {
	return p.public(p.Line, path, t, limit, need)
}

// PublicBody is a Body for everybody in the city's languages; those in need
// must be there.
func (p *Problems) PublicBody(path string, t Text, limit int, need ...Language) Text {
	return p.public(p.Body, path, t, limit, need)
}

func (p *Problems) public(
	clean func(path, s string, limit int) string,
	path string,
	t Text,
	limit int,
	need []Language,
) Text {
	t.Fi, t.Sv, t.En = clean(path+".fi", t.Fi, limit), clean(path+".sv", t.Sv, limit), clean(path+".en", t.En, limit)
	for _, l := range need {
		if (map[Language]string{Finnish: t.Fi, Swedish: t.Sv, English: t.En})[l] == "" {
			p.Add(path+"."+string(l), "required", "")
		}
	}
	return t
}
