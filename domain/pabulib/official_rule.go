package pabulib

import (
	"cmp"
	"context"
	"math/big"
	"slices"
	"strconv"
	"strings"

	"osbu/domain/tally"
)

// SelectedColumn is 1 for a funded project and 0 for any other; Poznań has 2
// and 3 for projects funded beyond the budget.
const SelectedColumn = "selected"

// rules are the names of rules that the official checker knows.
var rules = []string{
	"equalshares", "equalshares-comparison", "equalshares/add1", "equalshares/add1-comparison", "greedy", "greedy-custom",
	"greedy-exclusive", "greedy-no-skip", "greedy-threshold", "unknown",
}

// floor is what the official checker takes of money: whole units.
func floor(r *big.Rat) *big.Int {
	if r == nil {
		return new(big.Int)
	}
	return new(big.Int).Div(r.Num(), r.Denom())
}

// affordable tells whether the budget can be read. If not, that is told as it
// is, and not by every project that no budget of 0 pays for.
func (c *checker) affordable() bool {
	_, ok := number(c.sheet.get("budget").value)
	return ok
}

// pot is the budget, 0 if it cannot be read.
func (c *checker) pot() *big.Rat {
	n, _ := number(c.sheet.get("budget").value)
	return n.Rat()
}

func (c *checker) chosen(r row) int {
	n, _ := strconv.Atoi(c.sheet.projects.get(r, SelectedColumn))
	return n
}

// least is the number of votes or points that META asks of a project.
func (c *checker) least() *big.Rat {
	n, _ := number(c.sheet.get(thresholdKey).value)
	return n.Rat()
}

// results is the column that projects are ranked by.
func (c *checker) results() string {
	if c.sheet.projects.has("score") {
		return "score"
	}
	return "votes"
}

func (c *checker) result(r row) *big.Rat {
	n, _ := number(c.sheet.projects.get(r, c.results()))
	return n.Rat()
}

// budgets: what is selected fits the budget, and the budget does not fit all.
func (c *checker) budgets() {
	if !c.affordable() {
		return
	}
	t, costs := &c.sheet.projects, c.costs()
	pot, spent, all := floor(c.pot()), new(big.Int), new(big.Int)
	e := c.sheet.get("budget")
	withdrawn := big.NewInt(WithdrawnCost)
	for _, r := range t.rows {
		cost, text := floor(costs[r.cells[0]]), t.get(r, "cost")
		all.Add(all, cost)
		if c.chosen(r) == 1 {
			spent.Add(spent, cost)
			if cost.Cmp(withdrawn) == 0 {
				c.fail(r.line, SelectedColumn, "1", "selected sentinel-cost project",
					"project %.50q is selected, and its cost %s marks it as withdrawn", r.cells[0], text)
			}
		}
		const exceeds = "single project exceeded whole budget"
		switch {
		case costs[r.cells[0]] == nil:
		case cost.Sign() == 0:
			c.fail(r.line, "cost", text, "project with no cost", "project %.50q costs nothing (%s)", r.cells[0], text)
		case cost.Cmp(pot) <= 0:
		case cost.Cmp(withdrawn) == 0:
			c.warn(r.line, "cost", text, exceeds, "project %.50q is marked as withdrawn by its cost %s", r.cells[0], text)
		default:
			c.fail(r.line, "cost", text, exceeds, "project %.50q costs %s, more than the budget %s", r.cells[0], text, e.value)
		}
	}
	if spent.Cmp(pot) > 0 {
		c.fail(e.line, "budget", e.value, "budget exceeded",
			"the selected projects cost %s, more than the budget %s", spent, e.value)
	}
	if full := c.sheet.get("fully_funded"); full.value != "" {
		if full.value == "1" && pot.Cmp(all) < 0 {
			c.fail(full.line, full.key, full.value, "wrong fully_funded flag",
				"META: fully_funded, and all projects cost %s, more than the budget %s", all, e.value)
		} else if full.value != "1" {
			c.fail(full.line, full.key, full.value, "fully_funded flag different than 1!",
				"META: fully_funded is %.50q, not 1", full.value)
		}
		return
	}
	if pot.Cmp(all) >= 0 && len(t.rows) > 0 {
		c.fail(e.line, "budget", e.value, "all projects funded",
			"all projects cost %s, no more than the budget %s: then META has fully_funded 1", all, e.value)
	}
	c.unused(new(big.Int).Sub(pot, spent), costs)
}

// unused: a greedy rule leaves no money that a project fits.
func (c *checker) unused(left *big.Int, costs map[string]*big.Rat) {
	rule := c.sheet.get("rule")
	strict := rule.value == "greedy" || rule.value == "greedy-threshold"
	if !strict && rule.value != "greedy-exclusive" && rule.value != "greedy-custom" {
		return
	}
	t, least := &c.sheet.projects, c.least()
	var open []row
	for _, r := range t.rows {
		if t.get(r, SelectedColumn) != "0" || least.Sign() > 0 && c.result(r).Cmp(least) <= 0 {
			continue
		}
		open = append(open, r)
	}
	slices.SortStableFunc(open, func(a, b row) int { return c.result(b).Cmp(c.result(a)) })
	for _, r := range open {
		cost := floor(costs[r.cells[0]])
		if cost.Cmp(left) > 0 {
			continue
		}
		tell := c.warn
		if strict {
			tell = c.fail
		}
		tell(r.line, SelectedColumn, "0", "unused budget",
			"project %.50q is not selected, costs %s, and %s of the budget is left",
			r.cells[0], t.get(r, "cost"), left)
		left = new(big.Int).Sub(left, cost)
	}
}

// selected: the selected projects are those of the rule that META names.
func (c *checker) selected() {
	t, rule := &c.sheet.projects, c.sheet.get("rule")
	if len(t.rows) == 0 || t.get(t.rows[0], SelectedColumn) == "" {
		return
	}
	switch {
	case !c.affordable() && slices.Contains(rules, rule.value):
	case !slices.Contains(rules, rule.value):
		c.fail(rule.line, rule.key, rule.value, "unknown rule value", "META: the format knows no rule %.50q, only %s",
			rule.value, strings.Join(rules, ", "))
	case rule.value == "unknown":
		c.warn(rule.line, rule.key, rule.value, "rule validation skipped",
			"META: the rule is unknown, so nobody can check what is selected")
	case strings.HasPrefix(rule.value, "equalshares"):
		if form := c.sheet.get("vote_type").value; form != "approval" {
			c.warn(rule.line, rule.key, rule.value, "equalshares unsupported vote_type",
				"META: the rule %s is not checked for %s ballots", rule.value, form)
		} else if ids, ok := c.shares(rule.value); ok {
			c.differ(rule, ids, c.funded(1), rule.value+" rule not followed", true)
		} else {
			c.fail(rule.line, rule.key, rule.value, "processing error",
				"META: the rule %s meets projects of the same cost and votes, or has no end: what is selected cannot be checked",
				rule.value)
		}
	case rule.value == "greedy" && c.sheet.get(thresholdKey).line > 0:
		c.fail(rule.line, rule.key, rule.value, "incorrect rule with threshold",
			"META: with %s the rule is greedy-threshold, not greedy", thresholdKey)
	case rule.value == "greedy-threshold" && c.sheet.get(thresholdKey).line == 0:
		c.fail(rule.line, rule.key, rule.value, "missing threshold field",
			"META: the rule greedy-threshold needs %s", thresholdKey)
	default:
		c.greedy(rule)
	}
}

// funded are the projects whose column selected has one of the codes.
func (c *checker) funded(codes ...int) []string {
	var ids []string
	for _, r := range c.sheet.projects.rows {
		if slices.Contains(codes, c.chosen(r)) {
			ids = append(ids, r.cells[0])
		}
	}
	return ids
}

// greedy: by votes or points, ties in the order of the file.
func (c *checker) greedy(rule entry) {
	ranked := slices.Clone(c.sheet.projects.rows)
	slices.SortStableFunc(ranked, func(a, b row) int { return c.result(b).Cmp(c.result(a)) })
	if rule.value == "greedy-custom" && c.sheet.get(CommentKey).value == "" {
		c.warn(rule.line, rule.key, rule.value, "missing comment for greedy-custom",
			"META: the rule greedy-custom needs a comment that tells it")
	}
	if rule.value == "greedy-custom" && c.sheet.get("unit").value == "Poznań" {
		c.poznan(rule, ranked)
		return
	}
	costs, left, least := c.costs(), c.pot(), c.least()
	var ids []string
	for _, r := range ranked {
		cost := costs[r.cells[0]]
		if cost == nil || c.result(r).Cmp(least) < 0 {
			continue
		}
		noSkip := rule.value == "greedy-no-skip"
		switch {
		case noSkip && cost.Cmp(big.NewRat(WithdrawnCost, 1)) == 0:
		case cost.Cmp(left) <= 0:
			ids = append(ids, r.cells[0])
			left.Sub(left, cost)
		case noSkip:
			left.SetInt64(-1)
		}
	}
	kind, strict := rule.value+" rule not followed", true
	switch rule.value {
	case "greedy-exclusive":
		kind, strict = "greedy-exclusive potential mismatch", false
	case "greedy-custom":
		kind, strict = "greedy-custom cannot be verified", false
	}
	c.differ(rule, ids, c.funded(1), kind, strict)
	for _, r := range ranked {
		if c.chosen(r) == 1 && c.result(r).Cmp(least) < 0 {
			c.fail(r.line, SelectedColumn, "1", "threshold violation", "project %.50q is selected with less than %s %s",
				r.cells[0], thresholdKey, c.sheet.get(thresholdKey).value)
		}
	}
}

// poznan: the first project that does not fit is funded if four fifths of its
// cost are left, and as many of the next as the column marks with 3.
func (c *checker) poznan(rule entry, ranked []row) {
	costs, left := c.costs(), c.pot()
	var ids []string
	for _, r := range ranked {
		cost := costs[r.cells[0]]
		if cost == nil {
			continue
		}
		if cost.Cmp(left) <= 0 {
			ids = append(ids, r.cells[0])
			left.Sub(left, cost)
			continue
		}
		if new(big.Rat).Mul(cost, big.NewRat(4, 5)).Cmp(left) <= 0 {
			ids = append(ids, r.cells[0])
		}
		break
	}
	more := len(c.funded(3))
	for _, r := range ranked {
		if more > 0 && !slices.Contains(ids, r.cells[0]) {
			ids = append(ids, r.cells[0])
			more--
		}
	}
	selected := c.funded(1, 2, 3)
	if missing := without(ids, selected); len(missing) > 0 {
		c.warn(rule.line, SelectedColumn, "", "poznan rule not followed",
			"the rule funds %s, which are not selected", strings.Join(missing, ", "))
	}
	if extra := without(selected, ids); len(extra) > 0 {
		c.fail(rule.line, SelectedColumn, "", "poznan rule not followed",
			"the rule does not fund %s, which are selected", strings.Join(extra, ", "))
	}
}

func (c *checker) differ(rule entry, ids, selected []string, kind string, strict bool) {
	var parts []string
	if missing := without(ids, selected); len(missing) > 0 {
		parts = append(parts, "funds "+strings.Join(missing, ", ")+", not selected")
	}
	if extra := without(selected, ids); len(extra) > 0 {
		parts = append(parts, "does not fund "+strings.Join(extra, ", ")+", selected")
	}
	if len(parts) == 0 {
		return
	}
	tell := c.warn
	if strict {
		tell = c.fail
	}
	tell(rule.line, SelectedColumn, "", kind, "META: the rule %s %s", rule.value, strings.Join(parts, "; "))
}

// shares counts as the official checker does: approval ballots, costs and
// budget in whole units, ties by lowest cost and then most votes; false where
// that does not end, or leaves a tie.
func (c *checker) shares(name string) (ids []string, ok bool) {
	in := tally.Instance{Form: tally.Approval, Budget: wholeUnits(c.pot())}
	costs, index := c.costs(), c.sheet.projects.index
	for _, r := range c.sheet.projects.rows {
		cost := wholeUnits(costs[r.cells[0]])
		in.Projects = append(in.Projects, tally.Project{ID: r.cells[0], Cost: cost, Withdrawn: cost.Sign() == 0})
	}
	for _, r := range c.sheet.votes.rows {
		b := tally.Ballot{Weight: 1}
		for _, id := range list(c.sheet.votes.get(r, "vote")) {
			if p, known := index[id]; known {
				b.Projects = append(b.Projects, int32(p))
			}
		}
		in.Ballots = append(in.Ballots, b)
	}
	ties := []tally.Tie{tally.LowestCost, tally.MostVotes}
	rule := tally.Rule{Method: tally.EqualShares, Utility: tally.Cost, Ties: ties}
	name, compared := strings.CutSuffix(name, "-comparison")
	if strings.HasSuffix(name, "/add1") {
		rule.Completion = tally.Add1IntNoExhaust
	}
	out, err := tally.Run(context.Background(), rule, in)
	if err == nil && out.Iterations == 2 && rule.Completion != "" { // its first run has all of the budget
		rule.Completion = tally.None
		out, err = tally.Run(context.Background(), rule, in)
	}
	if err != nil || slices.ContainsFunc(out.Ties, func(t tally.TieMet) bool { return t.By == tally.ByID }) {
		return nil, false
	}
	if compared {
		return preferred(in, out), true
	}
	return out.Selected, true
}

// preferred is the comparison step: greedy by votes, ties in the order of the
// file, if more voters have more of their picks from it.
func preferred(in tally.Instance, out tally.Outcome) []string {
	order := make([]int, len(out.Projects))
	for p := range order {
		order[p] = p
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(out.Projects[b].Votes, out.Projects[a].Votes) })
	left, other, ids := in.Budget, map[int32]bool{}, []string(nil)
	for _, p := range order {
		if r := out.Projects[p]; r.Cost.Cmp(left) <= 0 {
			left = left.Sub(r.Cost)
			other[int32(p)] = true
			ids = append(ids, r.ID)
		}
	}
	more := 0
	for _, b := range in.Ballots {
		gain := 0
		for _, p := range b.Projects {
			if other[p] {
				gain++
			}
			if out.Projects[p].Selected {
				gain--
			}
		}
		more += cmp.Compare(gain, 0)
	}
	if more > 0 {
		return ids
	}
	return out.Selected
}

func wholeUnits(r *big.Rat) tally.Number { return tally.FromRat(new(big.Rat).SetInt(floor(r))) }
