package pabulib

import (
	"math/big"
	"slices"
	"strconv"
	"strings"

	"osbu/domain/tally"
)

// list cuts a list at its commas.
func list(cell string) []string {
	var items []string
	for item := range strings.SplitSeq(cell, ",") {
		if item = strings.TrimSpace(item); item != "" {
			items = append(items, item)
		}
	}
	return items
}

// spaced: a list has blanks around its commas.
func spaced(cell string) bool {
	return strings.Contains(cell, ", ") || strings.Contains(cell, " ,")
}

// number reads a cell, with a decimal comma as a point; false if it is none.
func number(cell string) (tally.Number, bool) {
	n, err := parseNumeral(strings.TrimSpace(cell))
	if err != nil {
		return tally.Number{}, false
	}
	return n.exact(), true
}

func (c *checker) emptyLines() {
	if blank := c.sheet.blank; len(blank) > 0 {
		c.warn(blank[0], "", "", "empty lines removed", "a blank line inside the file is passed over")
		c.findings[len(c.findings)-1].Count = len(blank)
	}
}

// commas: money is written with a point.
func (c *checker) commas() {
	tell := func(line int, column, value, whose string) {
		if !strings.Contains(value, ",") {
			return
		}
		wrong := "is written with a decimal comma: write a point"
		if _, err := parseNumeral(value); err != nil {
			wrong = strings.TrimPrefix(err.Error(), strconv.Quote(value)+" ")
		}
		c.fail(line, column, value, "comma in float!", "%s: %s: %q %s", whose, column, value, wrong)
	}
	for _, key := range []string{"budget", "max_sum_cost"} {
		e := c.sheet.get(key)
		tell(e.line, key, e.value, "META")
	}
	t := &c.sheet.projects
	for _, r := range t.rows {
		tell(r.line, "cost", t.get(r, "cost"), "project "+strconv.Quote(r.cells[0]))
	}
}

// numbers: META's numbers of projects and ballots.
func (c *checker) numbers() {
	for _, part := range []struct {
		key, kind string
		counted   int
	}{
		{"num_votes", "different number of votes", len(c.sheet.votes.rows)},
		{"num_projects", "different number of projects", len(c.sheet.projects.rows)},
	} {
		e := c.sheet.get(part.key)
		n, err := strconv.Atoi(e.value)
		if e.line > 0 && err == nil && n != part.counted {
			c.fail(e.line, part.key, e.value, part.kind, "META says %s %d, the file has %d", part.key, n, part.counted)
		}
	}
}

// bound is a limit of META, in whole projects; ok if it is there.
func (c *checker) bound(keys ...string) (e entry, n int, ok bool) {
	for _, key := range keys {
		if e = c.sheet.get(key); e.value != "" {
			n, err := strconv.Atoi(e.value)
			return e, n, err == nil
		}
	}
	return entry{}, 0, false
}

// lengths: how many projects a ballot may name.
func (c *checker) lengths() {
	t := &c.sheet.votes
	longest, most, hasMost := c.bound("max_length", "max_length_unit", "max_length_district")
	_, least, hasLeast := c.bound("min_length", "min_length_unit", "min_length_district")
	if !hasMost && !hasLeast {
		return
	}
	used, all := false, 0
	for _, r := range t.rows {
		n := len(list(t.get(r, "vote")))
		all += n
		used = used || n == most
		if hasMost && n > most {
			c.ofBallot(r, true, "vote", t.get(r, "vote"), "vote length exceeded",
				"voter %.50q names %d projects, more than max_length %d", r.cells[0], n, most)
		}
		if hasLeast && n < least {
			c.ofBallot(r, true, "vote", t.get(r, "vote"), "vote length too short",
				"voter %.50q names %d projects, fewer than min_length %d", r.cells[0], n, least)
		}
	}
	if !hasMost {
		return
	}
	if !used {
		c.warn(longest.line, longest.key, longest.value, "no_max_length_used", "no ballot names as many projects as %s %d",
			longest.key, most)
	}
	if most != 1 && len(t.rows) > 0 && all == len(t.rows) {
		c.warn(longest.line, longest.key, longest.value, "average vote length equals one",
			"the ballots name one project on average, while %s is %d", longest.key, most)
	}
}

// foreign are the keys of META that do not go with a form.
var foreign = map[string][]string{
	"approval": {"min_points", "max_points", "min_sum_points", "max_sum_points", "default_score"},
	"choose-1": {"points", "min_points", "max_points", "min_sum_points", "max_sum_points", "default_score"},
}

// ballots: what the form of the ballots asks of each.
func (c *checker) ballots() {
	t, form := &c.sheet.votes, c.sheet.get("vote_type").value
	for _, key := range foreign[form] {
		if e := c.sheet.get(key); e.value != "" {
			c.warn(e.line, key, e.value, "incompatible meta field for vote_type",
				"META: %s does not go with %s ballots", key, form)
		}
	}
	needs := form == "cumulative" || form == "scoring"
	for _, r := range t.rows {
		vote, given := t.get(r, "vote"), t.get(r, "points")
		picks, points := list(vote), list(given)
		if spaced(vote) {
			c.ofBallot(r, true, "vote", vote, "whitespace around vote separator",
				"voter %.50q: blanks around the commas of the vote", r.cells[0])
		}
		if spaced(given) {
			c.ofBallot(r, true, "points", given, "whitespace around list separator",
				"voter %.50q: blanks around the commas of the points", r.cells[0])
		}
		if form == "choose-1" && len(picks) != 1 {
			c.ofBallot(r, true, "vote", vote, "invalid choose-1 vote length",
				"voter %.50q names %d projects, and choose-1 ballots name one", r.cells[0], len(picks))
		}
		switch {
		case needs && given == "":
			c.ofBallot(r, true, "points", "", "missing points for vote_type",
				"voter %.50q gives no points, which %s ballots need", r.cells[0], form)
		case given == "":
		case foreign[form] != nil:
			c.ofBallot(r, true, "points", given, "unexpected points for vote_type",
				"voter %.50q gives points, which %s ballots do not have", r.cells[0], form)
		}
		switch {
		case given == "":
		case len(picks) != len(points):
			c.ofBallot(r, true, "points", given, "vote/points length mismatch",
				"voter %.50q names %d projects and gives %d points", r.cells[0], len(picks), len(points))
		default:
			c.points(r, form, given, points)
		}
	}
}

// points: the numbers that a ballot gives.
func (c *checker) points(r row, form, given string, points []string) {
	var sum, last tally.Number
	limit := func(key string) (tally.Number, bool) { return number(c.sheet.get(key).value) }
	tell := func(isError bool, kind, format string, args ...any) {
		c.ofBallot(r, isError, "points", given, kind, "voter %.50q "+format, append([]any{r.cells[0]}, args...)...)
	}
	for i, text := range points {
		n, ok := number(text)
		if !ok {
			tell(true, "invalid points value", "gives %.50q, which is not a number of points", text)
			return
		}
		if n.Sign() < 0 && form == "cumulative" {
			tell(true, "negative cumulative points", "gives %s points", text)
		}
		if low, ok := limit("min_points"); ok && n.Cmp(low) < 0 {
			tell(true, "points below minimum", "gives %s points, less than min_points %s", text, low)
		}
		if high, ok := limit("max_points"); ok && n.Cmp(high) > 0 {
			tell(true, "points above maximum", "gives %s points, more than max_points %s", text, high)
		}
		if i > 0 && last.Cmp(n) < 0 && (form == "cumulative" || form == "scoring") {
			tell(false, "vote order not sorted by points", "gives more points to a project than to one named before it")
		}
		sum, last = sum.Add(n), n
	}
	if low, ok := limit("min_sum_points"); ok && sum.Cmp(low) < 0 {
		tell(false, "points sum below minimum", "gives %s points, less than min_sum_points %s", sum, low)
	}
	if high, ok := limit("max_sum_points"); ok && sum.Cmp(high) > 0 {
		tell(false, "points sum above maximum", "gives %s points, more than max_sum_points %s", sum, high)
	}
}

// costsOfBallots: what the projects of an approval ballot may cost together.
func (c *checker) costsOfBallots() {
	low, hasLow := number(c.sheet.get("min_sum_cost").value)
	high, hasHigh := number(c.sheet.get("max_sum_cost").value)
	if c.sheet.get("vote_type").value != "approval" || !hasLow && !hasHigh {
		return
	}
	t, cost := &c.sheet.votes, c.costs()
	for _, r := range t.rows {
		sum, vote := new(big.Rat), t.get(r, "vote")
		known := true
		for _, id := range list(vote) {
			if known = known && cost[id] != nil; known {
				sum.Add(sum, cost[id])
			}
		}
		if !known {
			continue
		}
		if total := tally.FromRat(sum); hasLow && total.Cmp(low) < 0 {
			c.ofBallot(r, false, "vote", vote, "approval vote cost below minimum",
				"voter %.50q names projects for %s, less than min_sum_cost %s", r.cells[0], total, low)
		} else if hasHigh && total.Cmp(high) > 0 {
			c.ofBallot(r, false, "vote", vote, "approval vote cost above maximum",
				"voter %.50q names projects for %s, more than max_sum_cost %s", r.cells[0], total, high)
		}
	}
}

// costs are the projects' costs by id; what cannot be read is not among them.
func (c *checker) costs() map[string]*big.Rat {
	t, costs := &c.sheet.projects, map[string]*big.Rat{}
	for _, r := range t.rows {
		if n, ok := number(t.get(r, "cost")); ok {
			costs[r.cells[0]] = n.Rat()
		}
	}
	return costs
}

// namings: ballots name projects that there are.
func (c *checker) namings() {
	t := &c.sheet.votes
	for _, r := range t.rows {
		for _, id := range list(t.get(r, "vote")) {
			if _, known := c.sheet.projects.index[id]; !known {
				c.ofBallot(r, true, "vote", id, "vote for non-existent project",
					"voter %.50q names project %.50q, which the file does not have", r.cells[0], id)
			}
		}
	}
}

// votesAndScores: the columns that the city filled in are what the ballots
// make.
func (c *checker) votesAndScores() {
	t := &c.sheet.projects
	if !t.has("votes") && !t.has("score") {
		c.warn(max(t.line, 1), "votes", "", "No votes or score counted in PROJECTS section",
			"PROJECTS has neither votes nor score")
	}
	votes, scores := c.count()
	if t.has("votes") {
		for _, r := range t.rows {
			if n, ok := number(t.get(r, "votes")); t.get(r, "votes") == "" || ok && n.Sign() == 0 {
				c.warn(r.line, "votes", "0", "project with no votes",
					"project %.50q has no votes: was it on the ballot?", r.cells[0])
			}
		}
		c.compareColumn("votes", "different values in votes", votes)
	}
	if t.has("score") {
		c.compareColumn("score", "different values in scores", scores)
	}
}

func (c *checker) compareColumn(column, kind string, made map[string]*big.Rat) {
	t := &c.sheet.projects
	for _, r := range t.rows {
		cell, has := t.get(r, column), new(big.Rat)
		if made[r.cells[0]] != nil {
			has = made[r.cells[0]]
		}
		said, ok := number(cell)
		if cell != "" && !ok || said.Rat().Cmp(has) == 0 {
			continue // not a number is told elsewhere
		}
		c.fail(r.line, column, cell, kind, "project %.50q: column %s says %.50s, the ballots make %s",
			r.cells[0], column, said, tally.FromRat(has))
	}
}

// count counts ballots and points by project; where there are no points, the
// first of n picks has n, the last 1.
func (c *checker) count() (votes, scores map[string]*big.Rat) {
	votes, scores = map[string]*big.Rat{}, map[string]*big.Rat{}
	add := func(to map[string]*big.Rat, id string, n *big.Rat) {
		if to[id] == nil {
			to[id] = new(big.Rat)
		}
		to[id].Add(to[id], n)
	}
	t := &c.sheet.votes
	withPoints, one := t.has("points"), big.NewRat(1, 1)
	for _, r := range t.rows {
		picks, points := list(t.get(r, "vote")), list(t.get(r, "points"))
		for i, id := range picks {
			add(votes, id, one)
			switch {
			case !withPoints:
				add(scores, id, big.NewRat(int64(len(picks)-i), 1))
			case i < len(points):
				if n, ok := number(points[i]); ok {
					add(scores, id, n.Rat())
				}
			}
		}
	}
	return votes, scores
}

// coordinates: both or none, on the earth, and not all the same.
func (c *checker) coordinates() {
	t, places, located := &c.sheet.projects, map[string]bool{}, 0
	for _, r := range t.rows {
		latitude, longitude := t.get(r, "latitude"), t.get(r, "longitude")
		const kind = "invalid projects field value"
		if (latitude == "") != (longitude == "") {
			c.fail(r.line, "latitude", latitude, kind, "project %.50q has one of latitude and longitude", r.cells[0])
		} else if latitude != "" {
			good := true
			for _, x := range []struct {
				column, value string
				most          int64
			}{{"latitude", latitude, 90}, {"longitude", longitude, 180}} {
				n, err := strconv.ParseFloat(strings.Replace(x.value, ",", ".", 1), 64)
				if err != nil || n < -float64(x.most) || n > float64(x.most) {
					good = false
					c.fail(r.line, x.column, x.value, kind, "project %.50q: %s %.50q is not between -%d and %d",
						r.cells[0], x.column, x.value, x.most, x.most)
				}
			}
			if good {
				places[latitude+" "+longitude] = true
				located++
			}
		}
	}
	if located > 1 && len(places) == 1 {
		c.warn(t.line, "latitude", "", "identical project coordinates", "all projects lie at the same place")
	}
}

// comment: its remarks are numbered from 1.
func (c *checker) comment() {
	e := c.sheet.get(CommentKey)
	if e.value == "" {
		return
	}
	var numbers []string
	for _, mark := range remarkNumber.FindAllStringSubmatch(e.value, -1) {
		numbers = append(numbers, mark[1])
	}
	if len(numbers) == 0 {
		c.fail(e.line, e.key, e.value, "invalid comment numbering", `META: comment has no numbered remarks, like "#1: …"`)
		return
	}
	for i, n := range numbers {
		if n != strconv.Itoa(i+1) {
			c.warn(e.line, e.key, e.value, "non-sequential comment numbering",
				"META: the remarks of comment are numbered %s", strings.Join(numbers, ", "))
			return
		}
	}
}

// domains: what META lists is what the columns have.
func (c *checker) domains() {
	s := c.sheet
	for _, pair := range []struct {
		key, column string
		t           *table
		lists       bool
	}{
		{"categories", "category", &s.projects, true},
		{"neighborhoods", "neighborhood", &s.projects, false},
		{"neighborhoods", "neighborhood", &s.votes, false},
		{"subdistricts", "district", &s.projects, false},
		{"subdistricts", "district", &s.votes, false},
	} {
		e := s.get(pair.key)
		if spaced(e.value) && pair.lists {
			c.fail(e.line, e.key, e.value, "whitespace around list separator", "META: %s: blanks around the commas", e.key)
		}
		said, have := list(e.value), []string(nil)
		if e.value == "" || !pair.t.has(pair.column) {
			continue
		}
		for _, r := range pair.t.rows {
			if cell := pair.t.get(r, pair.column); pair.lists {
				have = append(have, list(cell)...)
			} else if cell != "" {
				have = append(have, cell)
			}
		}
		if len(have) == 0 {
			continue
		}
		if unused := without(said, have); len(unused) > 0 {
			c.warn(e.line, e.key, e.value, "unused declared metadata values", "META: %s lists what no row has: %s",
				e.key, strings.Join(unused, ", "))
		}
		if unsaid := without(have, said); len(unsaid) > 0 {
			c.warn(e.line, e.key, e.value, "undeclared metadata values used", "META: %s does not list: %s",
				e.key, strings.Join(unsaid, ", "))
		}
	}
}

// without returns the different items of a that b does not have, sorted.
func without(a, b []string) []string {
	var rest []string
	for _, item := range a {
		if !slices.Contains(b, item) {
			rest = append(rest, item)
		}
	}
	slices.Sort(rest)
	return slices.Compact(rest)
}
