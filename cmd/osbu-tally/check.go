package main

import (
	"errors"
	"fmt"
	"os"

	"osbu/domain/pabulib"
	"osbu/domain/pabulib/iso"
)

type checkCommand struct {
	Files []string `arg:"" name:"file" help:"Pabulib files."`
	JSON  bool     `help:"Print one JSON list of what was found."`
}

// checked is what check says of a file.
type checked struct {
	File     string            `json:"file"`
	Valid    bool              `json:"valid"` // no finding is an error
	Form     string            `json:"vote_type,omitempty"`
	Projects int               `json:"projects"`
	Ballots  int               `json:"ballots"`
	Findings []pabulib.Finding `json:"findings"` // as the official checker has them
	Warnings []pabulib.Warning `json:"warnings"` // of the reader, beyond them
}

var errRefused = errors.New("files have errors")

func (c *checkCommand) run(p *printer) error {
	list, refused := []checked{}, 0
	for _, name := range c.Files {
		text, err := os.ReadFile(name) //nolint:gosec // the file that the user names
		if err != nil {
			return err
		}
		found := check(name, string(text))
		if !found.Valid {
			refused++
		}
		list = append(list, found)
	}
	if c.JSON {
		if err := p.json(list); err != nil {
			return err
		}
	} else {
		for _, found := range list {
			p.findings(found)
		}
	}
	if refused > 0 {
		return fmt.Errorf("%d of %d %w", refused, len(c.Files), errRefused)
	}
	return nil
}

func check(name, text string) checked {
	found := checked{File: name, Valid: true, Findings: []pabulib.Finding{}, Warnings: []pabulib.Warning{}}
	found.Findings = append(found.Findings, pabulib.Check(text, iso.Codes())...)
	for _, f := range found.Findings {
		found.Valid = found.Valid && !f.Error
	}
	if f, err := pabulib.Parse(text); err == nil {
		form, _ := f.Form() // Parse has read it
		found.Form, found.Projects, found.Ballots = string(form), len(f.Projects), len(f.Votes)
		for _, w := range f.Warnings {
			if !w.Official {
				found.Warnings = append(found.Warnings, w)
			}
		}
	}
	return found
}

func (p *printer) findings(found checked) {
	errs, warnings := int64(0), int64(len(found.Warnings))
	for _, f := range found.Findings {
		what := "warning"
		if errs++; !f.Error {
			errs, warnings = errs-1, warnings+1
		} else {
			what = "error"
		}
		times := ""
		if f.Count > 1 {
			times = fmt.Sprintf(" (%s)", plural(int64(f.Count), "time", "times"))
		}
		fmt.Fprintf(p.err, "%s:%d: %s: %s%s\n", found.File, f.Line, what, f.Text, times)
	}
	p.warnings(found.File, found.Warnings)
	if !found.Valid {
		p.line("%s: %s, %s", found.File, plural(errs, "error", "errors"), plural(warnings, "warning", "warnings"))
		return
	}
	p.line("%s: good, %s, %s, %s", found.File, found.Form, plural(int64(found.Projects), "project", "projects"),
		plural(int64(found.Ballots), "ballot", "ballots"))
}
