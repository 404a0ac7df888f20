package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"

	"osbu/cmd/osbu/service"
	"osbu/domain/person"
)

type personCommands struct {
	Export personExport `cmd:"" help:"Print everything that is kept of somebody, as JSON."`
	Erase  personErase  `cmd:"" help:"Erase what is kept of somebody; tell what stays, and why."`
}

type personExport struct {
	Reason string `required:"" help:"${person_reason}"`
}

// Run prints what the person would be given herself.
func (c personExport) Run(ctx context.Context, s service.Settings) error {
	return withPerson(ctx, s, func(persons *person.Service, code string) error {
		kept, err := persons.ExportOf(ctx, code, c.Reason)
		if err != nil {
			return err
		}
		out := json.NewEncoder(os.Stdout)
		out.SetIndent("", "  ")
		return out.Encode(kept)
	})
}

type personErase struct {
	Reason string `required:"" help:"${person_reason}"`
}

// Run prints a line for each table.
func (c personErase) Run(ctx context.Context, s service.Settings) error {
	return withPerson(ctx, s, func(persons *person.Service, code string) error {
		kept, err := persons.EraseOf(ctx, code, c.Reason)
		if err != nil {
			return err
		}
		for _, h := range kept.Holdings {
			fmt.Printf("%s: %d %s%s\n", h.Table, len(h.Rows), erasures[h.Erasure], bases[h.Basis])
		}
		return nil
	})
}

var erasures = map[person.Erasure]string{
	person.Erased:  "erased",
	person.Unnamed: "kept without the name",
	person.Stays:   "kept",
}

var bases = map[person.Basis]string{
	person.Document: ", as part of an official document",
	person.Election: ", so that nobody votes twice",
	person.Office:   ", as an act in the city's service",
	person.Trace:    ", as the trace of such a request",
}

// withPerson reads the identity code, which stands in no list of commands or
// processes.
func withPerson(ctx context.Context, s service.Settings, do func(*person.Service, string) error) error {
	code, err := bufio.NewReader(os.Stdin).ReadString('\n')
	if err != nil && !errors.Is(err, io.EOF) {
		return err
	}
	return service.WithPersons(ctx, s, func(persons *person.Service) error { return do(persons, code) })
}
