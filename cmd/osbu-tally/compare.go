package main

import (
	"context"
	"strings"

	"osbu/domain/tally"
)

type compareCommand struct {
	File   string `arg:"" help:"Pabulib file."`
	First  string `arg:"" help:"${first}"`
	Second string `arg:"" help:"Another rule."`
	chain
	JSON bool `help:"Print both outcomes and what differs as one JSON object."`
}

func (c *compareCommand) run(ctx context.Context, p *printer) error {
	f, in, err := p.read(ctx, c.File)
	if err != nil {
		return err
	}
	var outs [2]tally.Outcome
	for i, text := range []string{c.First, c.Second} {
		rule, err := parseRule(text)
		if err != nil {
			return err
		}
		own := in
		own.Projects = append([]tally.Project(nil), in.Projects...)
		if rule, err = c.complete(rule, "", f, own); err != nil {
			return err
		}
		if outs[i], err = count(ctx, p, rule, own); err != nil {
			return err
		}
	}
	d := tally.Compare(in, outs[0], outs[1])
	if c.JSON {
		return p.json(struct {
			A          tally.Outcome    `json:"a"`
			B          tally.Outcome    `json:"b"`
			Difference tally.Difference `json:"difference"`
		}{outs[0], outs[1], d})
	}
	p.warnings(c.File, f.Warnings)
	names := titles(f)
	for i, out := range outs {
		p.line("%s: %s", "AB"[i:i+1], describe(out.Rule))
		p.line(
			"   %s funded for %s, %s of the budget %s",
			plural(int64(len(out.Selected)), "project", "projects"),
			money(out.Cost),
			percent(out.Cost, out.Budget),
			bar(out.Cost, out.Budget, 24),
		)
		p.line(
			"   %s of %s have none of their picks funded %s",
			number(out.Funded[0]),
			plural(out.Voters, "voter", "voters"),
			bar(tally.Int(out.Funded[0]), tally.Int(out.Voters), 24),
		)
		sum := tally.Measure(out)
		p.line(
			"   %s left; the average voter has %s funded picks, worth %s",
			money(sum.Left),
			money(sum.Picks),
			money(sum.Value),
		)
	}
	p.line("")
	p.line(
		"%s get more of their picks from A, %s from B.",
		plural(d.PreferA, "voter", "voters"),
		plural(d.PreferB, "voter", "voters"),
	)
	p.line("Both fund %s: %s", plural(int64(len(d.Both)), "project", "projects"), strings.Join(d.Both, " "))
	most := mostVotes(outs[0])
	side := func(title string, pick func(tally.DiffersBy) (funded, other tally.Result)) {
		var rows [][]string
		for _, x := range d.Projects {
			if funded, other := pick(x); funded.Selected {
				rows = append(rows, []string{
					funded.ID, names[funded.ID], money(funded.Cost), number(funded.Votes),
					bar(tally.Int(funded.Votes), most, 16), reason(other),
				})
			}
		}
		if len(rows) > 0 {
			p.line("")
			p.line("%s", title)
			p.table(rows, false, false, true, true)
		}
	}
	side(
		"Only A funds these; why B does not:",
		func(x tally.DiffersBy) (tally.Result, tally.Result) { return x.A, x.B },
	)
	side(
		"Only B funds these; why A does not:",
		func(x tally.DiffersBy) (tally.Result, tally.Result) { return x.B, x.A },
	)
	return nil
}
