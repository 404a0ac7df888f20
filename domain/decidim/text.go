package decidim

import (
	"fmt"
	"net/url"
	"regexp"
	"strings"
	"time"
	"unicode"

	"golang.org/x/net/html"
	"golang.org/x/text/unicode/norm"

	"osbu/domain"
)

// plain is the text of what Decidim's editor made: a paragraph or an item of a
// list on a line of its own, no marks.
func plain(s string) string {
	s = strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(s)
	if strings.ContainsAny(s, "<&") {
		s = stripped(s)
	}
	s = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) && r != '\n' && r != '\t' {
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, "�"))
	lines := strings.Split(norm.NFC.String(s), "\n")
	var kept []string
	for _, line := range lines {
		line = strings.Join(strings.Fields(line), " ")
		if line != "" || len(kept) > 0 && kept[len(kept)-1] != "" {
			kept = append(kept, line)
		}
	}
	return strings.TrimSpace(strings.Join(kept, "\n"))
}

// stripped are the words of a piece of HTML.
func stripped(s string) string {
	var b strings.Builder
	z := html.NewTokenizer(strings.NewReader(s))
	for skip := false; ; {
		kind := z.Next()
		if kind == html.ErrorToken {
			return b.String()
		}
		name, _ := z.TagName()
		switch tag := string(name); {
		case kind == html.TextToken:
			if !skip {
				b.Write(z.Text())
			}
		case tag == "script" || tag == "style":
			skip = kind == html.StartTagToken
		case tag == "br":
			b.WriteByte('\n')
		case tag == "li" && kind == html.StartTagToken:
			b.WriteString("\n– ")
		case tag == "p" && kind == html.EndTagToken, tag == "div" && kind == html.EndTagToken,
			len(tag) == 2 && tag[0] == 'h' && kind == html.EndTagToken:
			b.WriteString("\n\n")
		}
	}
}

// line is plain text on one line.
func line(s string) string { return strings.Join(strings.Fields(plain(s)), " ") }

// cut is a text of so many characters at most, and whether it was longer.
func cut(s string, most int) (string, bool) {
	runes := []rune(s)
	if len(runes) <= most {
		return s, false
	}
	return strings.TrimSpace(string(runes[:most-1])) + "…", true
}

// Names in a list of Decidim's, such as {"fi"=>"Itäinen", "sv"=>"Östra"}, are
// Ruby's way to write a table, in older versions without spaces.
var (
	rubyTable = regexp.MustCompile(`\{[^{}]*\}`)
	rubyEntry = regexp.MustCompile(`"([a-z]{2})[^"]*"\s*(?:=>|:)\s*"((?:[^"\\]|\\.)*)"`)
)

// names are the texts of a list.
func names(cell string) (all []domain.Text) {
	for _, table := range rubyTable.FindAllString(cell, -1) {
		var t domain.Text
		for _, entry := range rubyEntry.FindAllStringSubmatch(table, -1) {
			setText(&t, entry[1], line(strings.NewReplacer(`\"`, `"`, `\\`, `\`).Replace(entry[2])))
		}
		all = append(all, t)
	}
	return all
}

func setText(t *domain.Text, language, s string) {
	switch domain.Language(language) {
	case domain.Finnish:
		t.Fi = s
	case domain.Swedish:
		t.Sv = s
	case domain.English:
		t.En = s
	}
}

// list are the parts of a cell that holds several values.
func list(cell string) (all []string) {
	for s := range strings.SplitSeq(cell, ",") {
		if s = strings.TrimSpace(s); s != "" {
			all = append(all, s)
		}
	}
	return all
}

// moments are how Ruby and spreadsheet programs write a moment.
var moments = []string{
	time.RFC3339Nano, "2006-01-02 15:04:05 MST", "2006-01-02 15:04:05 -0700", "2006-01-02 15:04:05.999999999 -0700",
	"2006-01-02 15:04:05", time.DateOnly, "02/01/2006 15:04", "02/01/2006",
}

func moment(cell string, zone *time.Location) (time.Time, bool) {
	for _, layout := range moments {
		if t, err := time.ParseInLocation(layout, cell, zone); err == nil {
			return t, true
		}
	}
	return time.Time{}, false
}

// clean is an address's path without what changes nothing of what it leads to;
// empty if it is none.
func clean(address string) string {
	u, err := url.Parse(strings.TrimSpace(address))
	if err != nil || u.Path == "" {
		return ""
	}
	return strings.TrimRight(u.Path, "/")
}

// slugOf is the participatory process that an address belongs to, and the part
// of it that its component is.
func slugOf(address string) (slug, component string) {
	parts := strings.Split(strings.TrimPrefix(clean(address), "/"), "/")
	if len(parts) < 2 || parts[0] != "processes" {
		return "", ""
	}
	if len(parts) >= 4 && parts[2] == "f" {
		component = "/processes/" + parts[1] + "/f/" + parts[3]
	}
	return parts[1], component
}

var notAddress = regexp.MustCompile(`[^a-z0-9]+`)

// addressOf is a name as a part of an address; empty if nothing is left of it.
func addressOf(name string) string {
	folded := strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Mn, r) {
			return -1
		}
		return r
	}, norm.NFD.String(strings.ToLower(name)))
	s := strings.Trim(notAddress.ReplaceAllString(folded, "-"), "-")
	return strings.Trim(s[:min(len(s), 60)], "-")
}

// news is what Decidim said of a result, for everybody.
func (r Result) news() domain.Text {
	status := func(s string) string {
		if s == "" {
			return ""
		}
		return ": " + strings.TrimRight(s, ".")
	}
	return domain.Text{
		Fi: fmt.Sprintf("Tilanne aiemmasta palvelusta%s. Toteutuksesta oli valmiina %d %%.",
			status(r.Status.In(domain.Finnish)), r.Progress),
		Sv: fmt.Sprintf("Läget enligt den tidigare tjänsten%s. Av genomförandet var %d %% klart.",
			status(r.Status.In(domain.Swedish)), r.Progress),
		En: fmt.Sprintf("As the earlier service told it%s. %d%% of the work was done.",
			status(r.Status.In(domain.English)), r.Progress),
	}
}
