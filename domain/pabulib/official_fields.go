package pabulib

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// field is a column, or a key of META, that the format knows: in the order in
// which they are to stand.
type field struct {
	name  string
	needs bool // the file must have it
	empty bool // its value may be empty
	holds func(value string) string
}

// What a value is wrong in, "" if in nothing.
func text(string) string { return "" }

const (
	noWhole   = "is not a whole number"
	noDecimal = "is not a decimal number"
)

func whole(value string) string {
	if _, err := strconv.Atoi(value); err != nil {
		return noWhole
	}
	return ""
}

func decimalNumber(value string) string {
	if n, err := parseNumeral(value); err != nil || n.comma {
		return noDecimal
	}
	return ""
}

// money may have commas here: see commas.
func money(value string) string {
	if strings.Contains(value, ",") {
		return ""
	}
	return decimalNumber(value)
}

func oneOf(list ...string) func(string) string {
	return func(value string) string {
		if slices.Contains(list, value) {
			return ""
		}
		return "is none of " + strings.Join(list, ", ")
	}
}

var ageRange = regexp.MustCompile(`^(\d+)-(\d+)$`)

func age(value string) string {
	if whole(value) == "" {
		return ""
	}
	ends := ageRange.FindStringSubmatch(value)
	if ends == nil {
		return "is neither a number of years nor a range like 40-59"
	}
	from, _ := strconv.Atoi(ends[1])
	if to, _ := strconv.Atoi(ends[2]); from > to {
		return "is a range that ends before it begins"
	}
	return ""
}

func numbered(value string) string {
	if strings.HasPrefix(value, "#1: ") {
		return ""
	}
	return `does not begin with "#1: "`
}

var metaFields = []field{
	{"description", true, false, text},
	{"country", true, false, text},
	{"unit", true, false, text},
	{"district", false, false, text},
	{"subunit", false, false, text},
	{"instance", true, false, text},
	{"num_projects", true, false, whole},
	{"num_votes", true, false, whole},
	{"budget", true, false, money},
	{"vote_type", true, false, oneOf("ordinal", "approval", "cumulative", "scoring", "choose-1")},
	{"rule", true, false, text},
	{"date_begin", true, false, text}, // see dates
	{"date_end", true, false, text},
	{"min_length", false, false, whole},
	{"max_length", false, false, whole},
	{"min_sum_cost", false, false, decimalNumber},
	{"max_sum_cost", false, false, money},
	{"min_points", false, false, whole},
	{"max_points", false, false, whole},
	{"min_sum_points", false, false, whole},
	{"max_sum_points", false, false, whole},
	{"default_score", false, false, whole},
	{"min_project_cost", false, false, whole},
	{"max_project_cost", false, false, whole},
	{thresholdKey, false, false, whole},
	{"neighborhoods", false, false, text},
	{"subdistricts", false, false, text},
	{"categories", false, false, text},
	{"edition", false, false, text},
	{"language", false, false, text},
	{"currency", false, false, text},
	{"fully_funded", false, false, oneOf("1")},
	{"experimental", false, false, oneOf("1")},
	{CommentKey, false, false, numbered},
	{"acknowledgments", false, false, text},
	{"leftover_budget", false, false, text},
	{"budget_per_category", false, false, text},
	{"budget_per_neighborhood", false, false, text},
	{"min_length_per_category", false, false, whole},
	{"max_length_per_category", false, false, whole},
	{"min_sum_cost_per_category", false, false, text},
	{"max_sum_cost_per_category", false, false, text},
}

var projectFields = []field{
	{"project_id", true, false, text},
	{"cost", true, false, money},
	{"votes", false, false, whole},
	{"score", false, false, whole},
	{"name", false, false, text},
	{"category", false, true, text},
	{"beneficiaries", false, true, text},
	{SelectedColumn, false, false, oneOf("0", "1", "2", "3")},
	{"neighborhood", false, false, text},
	{"subunit", false, false, text},
	{"district", false, false, text},
	{"description", false, false, text},
	{"proposer", false, false, text},
	{"public_id", false, false, text},
	{"latitude", false, true, text}, // see coordinates
	{"longitude", false, true, text},
}

var voteFields = []field{
	{"voter_id", true, false, text},
	{"vote", true, false, text},
	{"points", false, false, text},
	{"age", false, true, age},
	{"sex", false, true, oneOf("M", "F", "O")},
	{"voting_method", false, false, oneOf("internet", "paper")},
	{"district", false, true, text},
	{"neighborhood", false, true, text},
	{"education", false, true, text},
	{"topic_preference_transport", false, false, whole},
	{"topic_preference_culture", false, false, whole},
	{"topic_preference_nature", false, false, whole},
	{"district_preference", false, false, text},
	{"time_taken_seconds", false, false, whole},
	{"format_easiness", false, false, text},
	{"format_expressiveness", false, false, text},
	{"format_rank", false, false, text},
}

// fields checks which fields there are, their order, and every value.
func (c *checker) fields() {
	s := c.sheet
	var keys []string
	for _, e := range s.meta {
		keys = append(keys, e.key)
	}
	first := 1
	if len(s.meta) > 0 {
		first = s.meta[0].line
	}
	c.names("meta", first, keys, metaFields, func(key string) int { return s.get(key).line })
	for _, e := range s.meta {
		if at := indexOf(metaFields, e.key); at >= 0 {
			c.value("meta", e.line, metaFields[at], e.value, "META")
		}
	}
	c.codesOfMeta()
	c.dates()
	c.limitsOfForm()
	for _, part := range []struct {
		t      *table
		what   string
		fields []field
	}{{&s.projects, "projects", projectFields}, {&s.votes, "votes", voteFields}} {
		t := part.t
		if t.header == nil {
			continue
		}
		c.names(part.what, t.line, t.header, part.fields, func(string) int { return t.line })
		for i, name := range t.header {
			at := indexOf(part.fields, name)
			if at < 0 {
				continue
			}
			for _, r := range t.rows {
				if t == &s.votes {
					c.ballotValue(r, part.fields[at], r.cells[i])
				} else {
					c.value(part.what, r.line, part.fields[at], r.cells[i], "project "+strconv.Quote(r.cells[0]))
				}
			}
		}
	}
}

func indexOf(fields []field, name string) int {
	return slices.IndexFunc(fields, func(f field) bool { return f.name == name })
}

// names checks the fields of a section: what, in the official checker's words.
func (c *checker) names(what string, line int, names []string, fields []field, lineOf func(string) int) {
	for _, f := range fields {
		if f.needs && !slices.Contains(names, f.name) {
			section := strings.ToUpper(what)
			c.fail(line, f.name, "", "missing "+what+" field value", "%s has no %s", section, f.name)
		}
	}
	last, told := -1, false
	for _, name := range names {
		switch at := indexOf(fields, name); {
		case at < 0 && what == "projects" && name == "target":
			c.fail(lineOf(name), name, "", "invalid projects field value",
				`the column "target" is called "beneficiaries" since 2026`)
		case at < 0:
			c.fail(lineOf(name), name, "", "not known "+what+" fields", "the format knows no %s %.50q in %s",
				map[bool]string{true: "key", false: "column"}[what == "meta"], name, strings.ToUpper(what))
		case at < last && !told:
			told = true
			c.warn(lineOf(name), name, "", "wrong "+what+" fields order", "%s stands after %s, before which it belongs",
				name, fields[last].name)
		default:
			last = max(last, at)
		}
	}
}

func (c *checker) value(what string, line int, f field, value, whose string) {
	if value == "" {
		if !f.empty {
			c.fail(line, f.name, "", kindOf(what, ""), "%s: %s is empty", whose, f.name)
		}
		return
	}
	if wrong := f.holds(value); wrong != "" {
		c.fail(line, f.name, value, kindOf(what, wrong), "%s: %s: %.50q %s", whose, f.name, value, wrong)
	}
}

// kindOf names what is wrong as the official checker does.
func kindOf(what, wrong string) string {
	if wrong == noWhole || wrong == noDecimal {
		return "incorrect " + what + " field datatype"
	}
	return "invalid " + what + " field value"
}

func (c *checker) ballotValue(r row, f field, value string) {
	if value == "" {
		if !f.empty {
			c.ofBallot(r, true, f.name, "", kindOf("votes", ""), "voter %.50q: %s is empty", r.cells[0], f.name)
		}
		return
	}
	if wrong := f.holds(value); wrong != "" {
		c.ofBallot(r, true, f.name, value, kindOf("votes", wrong),
			"voter %.50q: %s: %.50q %s", r.cells[0], f.name, value, wrong)
	}
}

// codesOfMeta: names and codes that there are.
func (c *checker) codesOfMeta() {
	for _, x := range []struct {
		key   string
		known func(string) bool
		what  string
	}{
		{"country", c.codes.Country, "the English name of a country, or Worldwide"},
		{"language", c.codes.Language, "a language of ISO 639-1, like fi"},
		{"currency", c.codes.Currency, "a currency of ISO 4217, like EUR"},
	} {
		if e := c.sheet.get(x.key); e.value != "" && !x.known(e.value) {
			c.fail(e.line, x.key, e.value, kindOf("meta", ""), "META: %s: %.50q is not %s", x.key, e.value, x.what)
		}
	}
}

// dates: a year, or a day that exists.
func (c *checker) dates() {
	read := func(key string) (time.Time, bool) {
		e := c.sheet.get(key)
		for _, layout := range []string{"2006", "02.01.2006"} {
			if t, err := time.Parse(layout, e.value); err == nil {
				return t, true
			}
		}
		if e.value != "" {
			c.fail(e.line, key, e.value, "invalid meta field value",
				"META: %s: %.50q is neither a year nor a day like 31.12.2026", key, e.value)
		}
		return time.Time{}, false
	}
	begin, okBegin := read("date_begin")
	end, okEnd := read("date_end")
	if e := c.sheet.get("date_end"); okBegin && okEnd && begin.After(end) {
		c.fail(e.line, e.key, e.value, "date range missmatch", "META: date_end is before date_begin")
	}
}

// limitsOfForm: the limits that must go with the form of the ballots.
func (c *checker) limitsOfForm() {
	s := c.sheet
	form := s.get("vote_type")
	if e := s.get("max_sum_points"); form.value == "cumulative" && e.value == "" {
		c.fail(form.line, "max_sum_points", "", "missing meta field value",
			"META has no max_sum_points, which cumulative ballots need")
	}
	longest := s.get("max_length")
	most, err := strconv.Atoi(longest.value)
	if form.value == "choose-1" {
		for _, key := range []string{"min_length", "max_length"} {
			if e := s.get(key); e.value != "" && e.value != "1" {
				c.fail(e.line, key, e.value, "invalid choose-1 meta constraint",
					"META: %s of choose-1 ballots is 1, not %s", key, e.value)
			}
		}
	} else if err == nil && most == 1 {
		c.warn(longest.line, "max_length", "1", "choose-1 vote_type suggested",
			"META: with max_length 1 the ballots are choose-1")
	}
	if all, bad := strconv.Atoi(s.get("num_projects").value); err == nil && bad == nil && most > all {
		c.fail(longest.line, "max_length", longest.value, "invalid meta field value",
			"META: max_length %d is more than the %d projects", most, all)
	}
}
