package record

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"reflect"
	"regexp"
	"strconv"
	"strings"
	"time"

	"osbu/domain/tally"
)

// decodeJSON reads one JSON object that is text as a whole. Its faults have
// lines, bytes and words for readers who do not know Go.
func decodeJSON(text []byte, into any) error {
	d := json.NewDecoder(bytes.NewReader(text))
	d.DisallowUnknownFields()
	if err := d.Decode(into); err != nil {
		return misread(text, d, err)
	}
	end := d.InputOffset()
	if rest := bytes.TrimPrefix(text[end:], []byte("\n")); len(rest) > 0 {
		return faultAt(text, end, "something follows the object")
	}
	return nil
}

// faultAt is a fault at a byte of a text; whoever knows its name adds it.
func faultAt(text []byte, at int64, format string, args ...any) error {
	at = min(max(at, 0), int64(len(text)))
	return &Fault{Line: 1 + bytes.Count(text[:at], []byte("\n")), Byte: at, Text: fmt.Sprintf(format, args...)}
}

func misread(text []byte, d *json.Decoder, err error) error {
	if wrong, ok := errors.AsType[*json.UnmarshalTypeError](err); ok {
		return faultAt(text, wrong.Offset, "%s is %s, not %s", wrong.Field, found(wrong.Value), wanted(wrong.Type))
	}
	if wrong, ok := errors.AsType[*json.SyntaxError](err); ok {
		return faultAt(text, wrong.Offset-1, "no JSON: this byte cannot stand here")
	}
	if name, ok := strings.CutPrefix(err.Error(), "json: unknown field "); ok {
		at := max(bytes.Index(text, []byte(name+":")), 0) // the decoder does not say where
		return faultAt(text, int64(at), "the field %s does not belong here", name)
	}
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return faultAt(text, int64(len(text)), "the file ends within the object")
	}
	if at := badDecimal(text); at >= 0 {
		return faultAt(text, at, "%v", err)
	}
	return faultAt(text, d.InputOffset(), "before this byte something cannot be read: %s",
		strings.TrimPrefix(err.Error(), "json: "))
}

// decimals are the fields of outcome.json that hold exact numbers as text.
var decimals = regexp.MustCompile(`"(?:cost|budget|score|share|left|price|effective_votes|behind|missing|amount|` +
	`effective_support|voter_budget|moment|endowment|rate)": "([^"]*)"`)

// badDecimal is where the first text is that is no exact number and should be
// one, -1 if there is none: the decoder does not say.
func badDecimal(text []byte) int64 {
	for _, at := range decimals.FindAllSubmatchIndex(text, -1) {
		var n tally.Number
		if n.UnmarshalText(text[at[2]:at[3]]) != nil {
			return int64(at[2])
		}
	}
	return -1
}

// found is what encoding/json says that it found, in words.
func found(value string) string {
	switch kind, rest, _ := strings.Cut(value, " "); {
	case kind == "number" && rest != "":
		return "the number " + rest
	case kind == "number":
		return "a number without quotes"
	case kind == "bool":
		return "true or false"
	case kind == "array":
		return "a list"
	case kind == "object":
		return "an object"
	case kind == "string":
		return "a text"
	default:
		return "a " + kind
	}
}

// wanted is what a field of a type holds, in words.
func wanted(t reflect.Type) string {
	switch t {
	case reflect.TypeFor[time.Time]():
		return "a time as in 2026-10-01T08:00:00+03:00"
	case reflect.TypeFor[tally.Number](), reflect.TypeFor[tally.Fraction]():
		return "a number in quotes, such as \"12.5\" or \"51/2\""
	}
	switch t.Kind() {
	case reflect.Int, reflect.Int64:
		return "a whole number in digits alone, below 2^63"
	case reflect.String:
		return "a text"
	case reflect.Bool:
		return "true or false"
	case reflect.Slice:
		return "a list"
	default:
		return "an object"
	}
}

// lineOf is the line of a JSON text on which the value at a path begins: names
// of fields and places in lists, parted by slashes, as in papers/0/rights. 0 if
// there is none.
func lineOf(text []byte, path string) int {
	d := json.NewDecoder(bytes.NewReader(text))
	at := walkTo(d, strings.Split(path, "/"))
	if at < 0 {
		return 0
	}
	return 1 + bytes.Count(text[:at], []byte("\n"))
}

// walkTo reads until the value at the path, and gives a byte on its line, -1 if
// it is not there.
func walkTo(d *json.Decoder, path []string) int64 {
	for ; len(path) > 0; path = path[1:] {
		open, err := d.Token()
		if err != nil {
			return -1
		}
		there := false
		for n := 0; !there && d.More(); n++ {
			name := strconv.Itoa(n)
			if open == json.Delim('{') {
				token, err := d.Token()
				if err != nil {
					return -1
				}
				name, _ = token.(string)
			}
			if there = name == path[0]; there {
				break
			}
			var skipped json.RawMessage
			if d.Decode(&skipped) != nil {
				return -1
			}
		}
		if !there {
			return -1
		}
	}
	at := d.InputOffset()
	var value json.RawMessage
	if d.Decode(&value) != nil {
		return at
	}
	return d.InputOffset() - int64(len(value))
}
