package main

import (
	"errors"
	"fmt"

	"osbu/domain/pabulib"
)

type checkCommand struct {
	Files []string `arg:"" name:"file" help:"Pabulib files."`
	JSON  bool     `help:"Print one JSON list of what was found."`
}

// finding is what check says of a file.
type finding struct {
	File     string            `json:"file"`
	Error    string            `json:"error,omitempty"`
	Form     string            `json:"vote_type,omitempty"`
	Projects int               `json:"projects"`
	Ballots  int               `json:"ballots"`
	Warnings []pabulib.Warning `json:"warnings"`
}

var errRefused = errors.New("files were refused")

func (c *checkCommand) run(p *printer) error {
	findings, refused := []finding{}, 0
	for _, name := range c.Files {
		found := finding{File: name, Warnings: []pabulib.Warning{}}
		f, in, err := read(name)
		if err != nil {
			found.Error = err.Error()
			refused++
		} else {
			found.Form, found.Projects, found.Ballots = string(in.Form), len(f.Projects), len(f.Votes)
			found.Warnings = append(found.Warnings, f.Warnings...)
		}
		findings = append(findings, found)
	}
	if c.JSON {
		if err := p.json(findings); err != nil {
			return err
		}
	} else {
		for _, found := range findings {
			if found.Error != "" {
				fmt.Fprintln(p.err, found.Error)
				continue
			}
			p.warnings(found.File, found.Warnings)
			p.line("%s: good, %s, %s, %s", found.File, found.Form, plural(int64(found.Projects), "project", "projects"),
				plural(int64(found.Ballots), "ballot", "ballots"))
		}
	}
	if refused > 0 {
		return fmt.Errorf("%d of %d %w", refused, len(c.Files), errRefused)
	}
	return nil
}
