package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"osbu/domain/record"
)

// place is where a fault is: in a file of the record's zip (or of the
// auditors' part), or if file is empty in the file that was named.
type place struct {
	Confirmed bool   `json:"confirmed"` // false
	Name      string `json:"name"`      // the file that was named
	Part      string `json:"part,omitempty"`
	File      string `json:"file,omitempty"`
	Line      int    `json:"line,omitempty"` // from 1
	Byte      *int64 `json:"byte,omitempty"` // from 0
	Fault     string `json:"fault"`
}

// refusal is that of a file, for people or as JSON.
type refusal struct {
	name string
	err  error
}

func (r refusal) Error() string { return r.name + ": " + r.err.Error() }

func (r refusal) Unwrap() error { return r.err }

func (r refusal) json(out io.Writer) error {
	p := place{Name: r.name, Fault: r.err.Error()}
	if f, ok := errors.AsType[*record.Fault](r.err); ok {
		p.Part, p.File, p.Line, p.Fault = f.Part, f.File, f.Line, f.Text
		if f.Byte >= 0 {
			p.Byte = &f.Byte
		}
	}
	return writeJSON(out, p)
}

func writeJSON(out io.Writer, what any) error {
	e := json.NewEncoder(out)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(what)
}

// answered ends a check of the file of this name that failed: with asJSON the
// reason is the answer on the standard output, too, so that a program reads one
// object whatever comes out.
func answered(out io.Writer, asJSON bool, name string, err error) error {
	if !asJSON || errors.Is(err, context.Canceled) {
		return err
	}
	wrong, ok := errors.AsType[refusal](err)
	if !ok { // a file that cannot be read
		wrong = refusal{name, err}
	}
	return errors.Join(wrong.json(out), err)
}

// unknownKey is said where nothing tells whose record or receipt it is: anybody
// can make one that is right in itself, with a key of his own.
func unknownKey(problems io.Writer, what, key string) {
	fmt.Fprintf(problems, "WARNING: nothing tells whose %s this is. Anybody can make one with a log key of his own "+
		"that is right in itself.\n"+
		"Compare its log key with one from a receipt, a poster, a witness or the city's announcement, and name that with "+
		"--key:\n%s\n", what, key)
}
