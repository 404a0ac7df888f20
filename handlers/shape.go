package handlers

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"reflect"
	"strings"
	"unicode/utf8"

	"osbu/domain"
)

// Field codes of the contract.
const (
	fieldRequired  = "required"
	fieldTooShort  = "too_short"
	fieldTooLong   = "too_long"
	fieldTooSmall  = "too_small"
	fieldTooLarge  = "too_large"
	fieldTooFew    = "too_few"
	fieldTooMany   = "too_many"
	fieldBadFormat = "bad_format"
	fieldUnknown   = "unknown"
	fieldDuplicate = "duplicate"
)

// mostProblems is where looking for more stops: one bad request must not make a long answer.
const mostProblems = 50

// decodeJSON is Fiber's JSONDecoder. encoding/json takes unknown, repeated, missing and differently spelled members, and names no path in
// lists; so the body is first held against the generated type, and every deviation is told at once.
func decodeJSON(body []byte, out any) error {
	if !utf8.Valid(body) || !json.Valid(body) {
		return packShapeError(domain.Fail(domain.Invalid, codeMalformed, "the body is not one JSON value in UTF-8"))
	}
	var problems domain.Problems
	checkShape(body, reflect.TypeOf(out), "", &problems)
	if e, ok := errors.AsType[*domain.Error](problems.Err()); ok {
		return packShapeError(e)
	}
	return json.Unmarshal(body, out)
}

// checkShape compares valid JSON text with a generated type.
func checkShape(raw json.RawMessage, t reflect.Type, path string, problems *domain.Problems) {
	if len(*problems) >= mostProblems {
		return
	}
	raw = bytes.TrimSpace(raw)
	isNull := bytes.Equal(raw, []byte("null"))
	if t.Kind() == reflect.Pointer && path == "" { // the target itself
		t = t.Elem()
	}
	if t.Kind() == reflect.Pointer {
		if isNull {
			return
		}
		t = t.Elem()
	}
	if isNull {
		problems.Add(path, fieldRequired, "")
		return
	}
	if u, ok := reflect.New(t).Interface().(json.Unmarshaler); ok {
		if u.UnmarshalJSON(raw) != nil {
			problems.Add(path, fieldBadFormat, "")
		}
		return
	}
	switch {
	case t.Kind() == reflect.Struct && raw[0] == '{':
		checkObject(raw, t, path, problems)
	case t.Kind() == reflect.Slice && raw[0] == '[':
		var elements []json.RawMessage
		_ = json.Unmarshal(raw, &elements) // valid, and a list
		for i, element := range elements {
			checkShape(element, t.Elem(), fmt.Sprintf("%s[%d]", path, i), problems)
		}
	case t.Kind() == reflect.Int || t.Kind() == reflect.Int64:
		checkInteger(raw, t.Kind(), path, problems)
	default:
		if json.Unmarshal(raw, reflect.New(t).Interface()) != nil {
			problems.Add(path, fieldBadFormat, "")
		}
	}
}

func checkObject(raw json.RawMessage, t reflect.Type, path string, problems *domain.Problems) {
	members := map[string]reflect.Type{}
	var required []string
	for f := range t.Fields() {
		name, options, _ := strings.Cut(f.Tag.Get("json"), ",")
		members[name] = f.Type
		if !strings.Contains(options, "omitempty") {
			required = append(required, name)
		}
	}
	join := func(name string) string {
		if path == "" {
			return name
		}
		return path + "." + name
	}
	seen := map[string]bool{}
	d := json.NewDecoder(bytes.NewReader(raw))
	_, _ = d.Token() // the brace; the text is valid
	for d.More() {
		token, _ := d.Token()
		name, _ := token.(string)
		var value json.RawMessage
		_ = d.Decode(&value)
		member, known := members[name]
		switch {
		case !known:
			problems.Add(join(shorten(name)), fieldUnknown, "")
		case seen[name]:
			problems.Add(join(name), fieldDuplicate, "")
		default:
			seen[name] = true
			checkShape(value, member, join(name), problems)
		}
		if len(*problems) >= mostProblems {
			return
		}
	}
	for _, name := range required {
		if !seen[name] {
			problems.Add(join(name), fieldRequired, "")
		}
	}
}

// checkInteger keeps integers without a format within 32 bits, as the database does.
func checkInteger(raw json.RawMessage, kind reflect.Kind, path string, problems *domain.Problems) {
	var n int64
	if json.Unmarshal(raw, &n) != nil {
		problems.Add(path, fieldBadFormat, "")
		return
	}
	checkInt32(n, kind, path, problems)
}

func checkInt32(n int64, kind reflect.Kind, path string, problems *domain.Problems) {
	switch {
	case kind != reflect.Int:
	case n > math.MaxInt32:
		problems.Add(path, fieldTooLarge, fmt.Sprint(math.MaxInt32))
	case n < math.MinInt32:
		problems.Add(path, fieldTooSmall, fmt.Sprint(math.MinInt32))
	}
}

// shorten keeps what a stranger calls a member from filling the answer.
func shorten(name string) string {
	if r := []rune(name); len(r) > 60 {
		return string(r[:60]) + "…"
	}
	return name
}

// The generated server keeps only the text of a decoding error. So the text carries the fields, and problem.go unpacks them.
const shapeErrorMark = "osbu shape error "

type shapeError string

func (e shapeError) Error() string { return string(e) }

func packShapeError(e *domain.Error) error {
	text, err := json.Marshal(e)
	if err != nil {
		return err
	}
	return shapeError(shapeErrorMark + string(text))
}

func unpackShapeError(message string) (e *domain.Error, ok bool) {
	text, marked := strings.CutPrefix(message, shapeErrorMark)
	e = new(domain.Error)
	return e, marked && json.Unmarshal([]byte(text), e) == nil
}
