package domain

import (
	"errors"
	"fmt"
	"strings"
)

// Kind is the sort of a failure; handlers map it to a status in one table.
type Kind string

// The kinds. An error that is no *Error is Internal, and mute to the outside.
const (
	Invalid         Kind = "invalid"         // the request can never succeed as it is
	Unauthenticated Kind = "unauthenticated" // sign in first
	Forbidden       Kind = "forbidden"       // this actor may not
	NotFound        Kind = "not found"       // or not yours to see
	Conflict        Kind = "conflict"        // somebody, perhaps you, was here before
	Closed          Kind = "closed"          // the phase or the clock forbids it
	Busy            Kind = "busy"            // nothing was done; come back
	Internal        Kind = "internal"
)

// Code names one reason, stable for ever and an enum in the contract; the
// frontend translates by it.
type Code string

// Codes that more than one package needs; the others stand beside their rule.
const (
	CodeInvalid    Code = "invalid_request"
	CodeNotFound   Code = "not_found"
	CodeNotAllowed Code = "not_allowed"
	CodeSignIn     Code = "sign_in_required"
	CodePhase      Code = "phase_forbids"
	CodeBusy       Code = "too_busy"
	CodeEdited     Code = "edited_meanwhile" // somebody else changed what this change was made from
)

// Field says what is wrong where: a path such as areas[2].pot, a code of the
// contract's FieldCode, the bound if there is one, and what people call it if
// their own file named it.
type Field struct {
	Path  string
	Code  string
	Limit string
	Name  string
}

// Error is what services answer with. Detail is English, for logs and
// developers, and holds no personal data and no choice.
type Error struct {
	Kind   Kind
	Code   Code
	Detail string
	Fields []Field
}

// Fail makes an Error; the detail is formatted like fmt.Sprintf.
func Fail(kind Kind, code Code, format string, args ...any) *Error {
	return &Error{Kind: kind, Code: code, Detail: fmt.Sprintf(format, args...)}
}

// Error joins code, detail and fields.
func (e *Error) Error() string {
	var b strings.Builder
	b.WriteString(string(e.Code))
	if e.Detail != "" {
		b.WriteString(": " + e.Detail)
	}
	for _, f := range e.Fields {
		fmt.Fprintf(&b, "; %s: %s", f.Path, f.Code)
		if f.Limit != "" {
			b.WriteString(" " + f.Limit)
		}
	}
	return b.String()
}

// KindOf is the error's kind, Internal if it is no *Error.
func KindOf(err error) Kind {
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Kind
	}
	return Internal
}

// CodeOf is the error's code, empty if it is no *Error.
func CodeOf(err error) Code {
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Code
	}
	return ""
}

// Problems collects field errors, so that a form shows all of them at once.
type Problems []Field

// Add notes one; limit may be empty.
func (p *Problems) Add(path, code, limit string) {
	*p = append(*p, Field{Path: path, Code: code, Limit: limit})
}

// Err is nil if nothing was noted, otherwise one Invalid error with all fields.
func (p Problems) Err() error {
	if len(p) == 0 {
		return nil
	}
	return &Error{Kind: Invalid, Code: CodeInvalid, Fields: p}
}
