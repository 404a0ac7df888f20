package main

import (
	"context"
	"fmt"
	"slices"

	"osbu/domain/tally"
)

type explainCommand struct {
	File    string `arg:"" help:"Pabulib file."`
	Project string `arg:"" help:"Id of a project."`
	ruleFlags
	JSON bool `help:"Print the explanation as one JSON object."`
}

func (c *explainCommand) run(ctx context.Context, p *printer) error {
	f, in, err := p.read(ctx, c.File)
	if err != nil {
		return err
	}
	at := slices.IndexFunc(in.Projects, func(x tally.Project) bool { return x.ID == c.Project })
	if at < 0 {
		return usageError{fmt.Errorf("the file has no project %q", c.Project)}
	}
	rule, err := c.rule(f, in)
	if err != nil {
		return err
	}
	out, err := count(ctx, p, rule, in)
	if err != nil {
		return err
	}
	x, err := tally.Explain(ctx, in, out, c.Project)
	if err != nil {
		return err
	}
	r := out.Projects[at]
	ties := slices.DeleteFunc(
		slices.Clone(out.Ties),
		func(t tally.TieMet) bool { return !slices.Contains(t.Projects, r.ID) },
	)
	if c.JSON {
		return p.json(struct {
			Rule    tally.Rule     `json:"rule"`
			Project tally.Result   `json:"project"`
			Reason  tally.Reason   `json:"reason"`
			Ties    []tally.TieMet `json:"ties"`
		}{out.Rule, r, x.Projects[at], ties})
	}
	p.line("Project %s: %s", r.ID, titles(f)[r.ID])
	p.line(
		"cost %s, %s of the budget; named by %s of %s, %s %s",
		money(r.Cost),
		percent(r.Cost, out.Budget),
		number(r.Votes),
		plural(
			out.Voters,
			"voter",
			"voters",
		),
		percent(tally.Int(r.Votes), tally.Int(out.Voters)),
		bar(tally.Int(r.Votes), tally.Int(out.Voters), 24),
	)
	p.line("Rule: %s", describe(out.Rule))
	p.line("")
	if r.Selected {
		p.line("FUNDED as number %d of %d.", r.Round, len(out.Selected))
	} else {
		p.line("NOT FUNDED: %s.", r.Status)
	}
	p.shares(r, out)
	p.equal(r, out)
	p.walk(r)
	if r.Conflict != "" {
		p.line("It conflicts with project %s, which was funded before it.", r.Conflict)
	}
	if r.Shares == nil {
		p.reason(x.Projects[at])
	}
	p.change(x.Projects[at].Change)
	for _, t := range ties {
		p.line("It was tied in round %d: %v, broken by %s.", t.Round, t.Projects, t.By)
	}
	return nil
}

func (p *printer) shares(r tally.Result, out tally.Outcome) {
	s := r.Shares
	switch {
	case s == nil:
	case s.Price != nil:
		p.line(
			"Every voter had %s. %s paid their full share, at most %s each; %s paid all they had left.",
			money(out.VoterBudget.Number),
			plural(s.Full, "supporter", "supporters"),
			money(*s.Price),
			plural(s.Partly, "supporter", "supporters"),
		)
		p.line("That is worth %s full shares.", money(*s.EffectiveVotes))
	case s.Lost == nil: // shut out by a conflict before its supporters had lost the money
		p.line("Effective support %s %% %s", s.Support, bar(s.Support, tally.Int(100), 24))
	default:
		p.line("Every voter had %s.", money(out.VoterBudget.Number))
		when := "From the start"
		if *s.Lost > 0 {
			when = fmt.Sprintf("After %s", plural(int64(*s.Lost), "purchase", "purchases"))
		}
		p.line("%s its supporters had %s for it %s", when, money(*s.Behind), bar(*s.Behind, r.Cost, 24))
		p.line("and %s was missing.", money(*s.Missing))
		p.line("Effective support %s %% %s", s.Support, bar(s.Support, tally.Int(100), 24))
		if len(s.Taken) > 0 {
			p.line("What its supporters had paid by then for other projects that they chose too:")
			var rows [][]string
			for _, t := range s.Taken[:min(len(s.Taken), 10)] {
				rows = append(rows, []string{t.ID, money(t.Amount), bar(t.Amount, s.Taken[0].Amount, 24)})
			}
			p.table(rows, false, true)
		}
	}
}

func (p *printer) equal(r tally.Result, out tally.Outcome) {
	switch {
	case r.Equal == nil:
	case r.Selected:
		p.line("Every voter had %s. %s paid %s each.", money(out.VoterBudget.Number),
			plural(r.Equal.Payers, "supporter", "supporters"), money(*r.Equal.Price))
	default:
		p.line("Every voter had %s, and would have needed %s more for it to be bought.", money(out.VoterBudget.Number),
			money(*r.Equal.More))
	}
}

func (p *printer) walk(r tally.Result) {
	w := r.Walk
	if w == nil {
		return
	}
	p.line("When its turn came, as number %d, %s was left.", w.Place, money(w.Left))
}

// reason says what equal shares says in more words.
func (p *printer) reason(x tally.Reason) {
	if x.Price != nil {
		p.line("%s paid for it, at most %s each.", plural(x.Paid, "supporter", "supporters"), money(*x.Price))
	}
	if x.Missing != nil {
		p.line("%s was missing of: %s.", money(*x.Missing), x.Lack)
	}
	for i, t := range x.Taken[:min(len(x.Taken), 10)] {
		if i == 0 {
			p.line("What its supporters had paid for other projects that they chose too:")
		}
		p.line("  %s %s %s", t.ID, money(t.Amount), bar(t.Amount, x.Taken[0].Amount, 24))
	}
}

// change says what would have made the project win.
func (p *printer) change(c *tally.Change) {
	if c == nil {
		return
	}
	least := func(proved bool) string {
		if proved {
			return "less would not have done"
		}
		return "less may have done, too"
	}
	p.line("All else as it was, it would have been funded")
	if c.Votes != nil {
		p.line("  with %s who vote for it alone (%s)", plural(*c.Votes, "more voter", "more voters"), least(c.VotesLeast))
	}
	if c.Score != nil {
		p.line("  with a score greater by %s (less would not have done)", money(*c.Score))
	}
	if c.Cost != nil {
		p.line("  at a cost of %s, %s cheaper (%s)", money(*c.Cost), money(*c.Cheaper), least(c.CostLeast))
	}
	if c.Votes == nil && c.VotesLeast {
		p.line("  with no number of more voters")
	}
	if c.Cost == nil && c.CostLeast {
		p.line("  at no lower cost")
	}
}
