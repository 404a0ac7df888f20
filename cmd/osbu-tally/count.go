package main

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"osbu/domain/pabulib"
	"osbu/domain/tally"
)

type countCommand struct {
	File string `arg:"" help:"Pabulib file."`
	ruleFlags
	JSON bool `help:"Print the outcome as one JSON object."`
}

func (c *countCommand) run(ctx context.Context, p *printer) error {
	f, in, err := p.read(ctx, c.File)
	if err != nil {
		return err
	}
	rule, err := c.rule(f, in)
	if err != nil {
		return err
	}
	out, err := count(ctx, p, rule, in)
	if err != nil {
		return err
	}
	if c.JSON {
		return p.json(out)
	}
	p.warnings(c.File, f.Warnings)
	p.outcome(f, out)
	return nil
}

func (p *printer) warnings(name string, warnings []pabulib.Warning) {
	for _, w := range warnings {
		times := ""
		if w.Count > 1 {
			times = fmt.Sprintf(" (%s)", plural(int64(w.Count), "time", "times"))
		}
		fmt.Fprintf(p.err, "%s:%d: warning: %s%s\n", name, w.Line, w.Text, times)
	}
}

func (p *printer) outcome(f *pabulib.File, out tally.Outcome) {
	p.line(
		"%s, %s, budget %s",
		plural(out.Voters, "ballot", "ballots"),
		plural(int64(len(out.Projects)), "project", "projects"),
		money(out.Budget),
	)
	p.line("Rule: %s", describe(out.Rule))
	if out.VoterBudget != nil {
		p.line("Every voter has %s; %s.", money(out.VoterBudget.Number), plural(out.Iterations, "run", "runs"))
	}
	p.line("")
	p.line(
		"Funded: %s for %s, %s of the budget; %s left",
		plural(int64(len(out.Selected)), "project", "projects"),
		money(out.Cost),
		percent(out.Cost, out.Budget),
		money(out.Budget.Sub(out.Cost)),
	)
	p.funded(f, out)
	p.unfunded(f, out)
	p.ties(out)
	p.comparison(out.Comparison)
	p.line("")
	p.line("Voters by how many of their picks are funded")
	p.histogram(out)
	if out.Certificate != nil {
		p.line("")
		p.line(
			"Prices checked: every funded project is paid in full by its supporters, nobody pays more than %s, and nothing "+
				"else is affordable.",
			money(out.Certificate.Endowment.Number),
		)
	}
}

func (p *printer) funded(f *pabulib.File, out tally.Outcome) {
	names := titles(f)
	funded := slices.DeleteFunc(slices.Clone(out.Projects), func(r tally.Result) bool { return !r.Selected })
	slices.SortFunc(funded, func(a, b tally.Result) int { return cmp.Compare(a.Round, b.Round) })
	most := mostVotes(out)
	var rows [][]string
	for _, r := range funded {
		how := ""
		if r.Shares != nil && r.Shares.Price != nil {
			how = fmt.Sprintf("at most %s a supporter", money(*r.Shares.Price))
		} else if r.Equal != nil {
			how = fmt.Sprintf("%s each from %s", money(*r.Equal.Price), plural(r.Equal.Payers, "supporter", "supporters"))
		} else if r.Walk != nil && out.VoterBudget != nil {
			how = "by the completion"
		}
		rows = append(
			rows,
			[]string{
				fmt.Sprint(r.Round),
				r.ID,
				names[r.ID],
				money(r.Cost),
				number(r.Votes),
				bar(tally.Int(r.Votes), most, 16),
				how,
			},
		)
	}
	if len(rows) > 0 {
		p.table(append([][]string{{"#", "project", "", "cost", "votes"}}, rows...), true, false, false, true, true)
	}
}

func (p *printer) unfunded(f *pabulib.File, out tally.Outcome) {
	names := titles(f)
	rest := slices.DeleteFunc(slices.Clone(out.Projects), func(r tally.Result) bool { return r.Selected })
	slices.SortStableFunc(rest, func(a, b tally.Result) int {
		if a.Shares != nil && b.Shares != nil {
			return cmp.Or(b.Shares.Support.Cmp(a.Shares.Support), cmp.Compare(b.Votes, a.Votes))
		}
		return cmp.Compare(b.Votes, a.Votes)
	})
	if len(rest) == 0 {
		return
	}
	p.line("")
	p.line("Not funded")
	most := mostVotes(out)
	rows := [][]string{{"project", "", "cost", "votes"}}
	for _, r := range rest {
		length := bar(tally.Int(r.Votes), most, 16)
		if r.Shares != nil {
			length = bar(r.Shares.Support, tally.Int(100), 16)
		}
		rows = append(rows, []string{r.ID, names[r.ID], money(r.Cost), number(r.Votes), length, reason(r)})
	}
	p.table(rows, false, false, true, true)
}

// reason says in one line why a project is not funded.
func reason(r tally.Result) string {
	var text []string
	if s := r.Shares; s != nil && s.Lost != nil {
		line := fmt.Sprintf("support %s %%: %s missing", s.Support, money(*s.Missing))
		if *s.Lost > 0 {
			line += " after " + plural(int64(*s.Lost), "purchase", "purchases")
		} else {
			line += " from the start"
		}
		text = append(text, line)
	}
	if r.Equal != nil {
		text = append(text, "every voter would need "+money(*r.Equal.More)+" more")
	}
	switch r.Status {
	case tally.DoesNotFit:
		if r.Walk != nil {
			text = append(text, "does not fit the "+money(r.Walk.Left)+" left")
		} else {
			text = append(text, "does not fit")
		}
	case tally.Conflicting:
		text = append(text, "conflicts with "+r.Conflict)
	case tally.Unaffordable:
	default:
		text = append(text, string(r.Status))
	}
	return strings.Join(text, "; ")
}

func mostVotes(out tally.Outcome) tally.Number {
	most := int64(1)
	for _, r := range out.Projects {
		most = max(most, r.Votes)
	}
	return tally.Int(most)
}

func (p *printer) ties(out tally.Outcome) {
	if len(out.Ties) == 0 {
		return
	}
	p.line("")
	p.line("Ties")
	for _, t := range out.Ties {
		weight := "no difference to what is funded"
		switch {
		case t.Run == 0 && !t.Compared && slices.ContainsFunc(t.Projects, func(id string) bool {
			return slices.Contains(out.Selected, id) != slices.Contains(out.Selected, t.Projects[0])
		}):
			weight = "it decides"
		case t.Decisive:
			weight = "another order may fund others"
		}
		where := ""
		if t.Run > 0 {
			where = " of run " + strconv.FormatInt(t.Run, 10) + ", which was thrown away"
		}
		if t.Compared {
			where += " of the outcome that was compared"
		}
		p.line("  round %d%s: %s, broken by %s; %s", t.Round, where, strings.Join(t.Projects, " = "), t.By, weight)
	}
}

func (p *printer) comparison(c *tally.Compared) {
	if c == nil {
		return
	}
	used := "equal shares is used"
	if c.GreedyUsed {
		used = "greedy is used"
	}
	p.line("")
	p.line(
		"Comparison by %s: %s prefer equal shares, %s prefer greedy; %s.",
		c.By,
		plural(c.PreferFirst, "voter", "voters"),
		plural(c.PreferOther, "voter", "voters"),
		used,
	)
}

func (p *printer) histogram(out tally.Outcome) {
	var most int64
	for _, n := range out.Funded {
		most = max(most, n)
	}
	var rows [][]string
	for k, n := range out.Funded {
		rows = append(
			rows,
			[]string{
				fmt.Sprint(k),
				bar(tally.Int(n), tally.Int(most), 32),
				number(n),
				percent(tally.Int(n), tally.Int(out.Voters)),
			},
		)
	}
	p.table(rows, true, false, true, true)
}
