package handlers

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"reflect"
	"strconv"
	"strings"
	"sync"
	"unicode/utf8"

	"github.com/go-json-experiment/json/jsontext"

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

// mostProblems is where looking for more stops: one bad request must not make a
// long answer.
const mostProblems = 50

// shapes reads bodies. It remembers the members of the contract's objects.
type shapes struct{ known sync.Map } // reflect.Type to members

// Names that come twice are told as a problem of their field, and of half a
// character (\ud800) becomes U+FFFD: a page that cuts a text at its limit may
// send one.
var lenient = []jsontext.Options{jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true)}

// decode is Fiber's JSONDecoder. Unmarshal ends at the first fault, so the body
// is read here token by token along the generated type, and every deviation is
// told at once. A list ends at its limit: what comes after it is only checked
// for its syntax, and takes no memory.
func (s *shapes) decode(body []byte, out any) error {
	malformed := domain.Fail(domain.Invalid, codeMalformed, "the body is not one JSON value in UTF-8")
	if !utf8.Valid(body) {
		return packShapeError(malformed)
	}
	r := reader{shapes: s, in: jsontext.NewDecoder(bytes.NewBuffer(body), lenient...)}
	err := r.read(reflect.ValueOf(out).Elem(), "", 0)
	if _, rest := r.in.ReadToken(); err != nil || !errors.Is(rest, io.EOF) {
		return packShapeError(malformed)
	}
	if e, ok := errors.AsType[*domain.Error](r.problems.Err()); ok {
		return packShapeError(e)
	}
	return nil
}

// reader reads one body. Its errors are of syntax; what is wrong with a field
// is a problem.
type reader struct {
	shapes   *shapes
	in       *jsontext.Decoder
	problems domain.Problems
}

func (r *reader) add(path, code, limit string) error {
	if !r.isFull() {
		r.problems.Add(path, code, limit)
	}
	return nil
}

func (r *reader) isFull() bool { return len(r.problems) >= mostProblems }

// read fills a value of a generated type; most is how many elements a list may
// have, 0 without a limit.
func (r *reader) read(v reflect.Value, path string, most int) error {
	if r.isFull() {
		return r.in.SkipValue()
	}
	kind := r.in.PeekKind()
	if v.Kind() == reflect.Pointer {
		if kind == jsontext.KindNull {
			return r.in.SkipValue()
		}
		v.Set(reflect.New(v.Type().Elem()))
		v = v.Elem()
	}
	if kind == jsontext.KindNull {
		return errors.Join(r.in.SkipValue(), r.add(path, fieldRequired, ""))
	}
	if u, ok := v.Addr().Interface().(interface{ UnmarshalJSON(text []byte) error }); ok {
		text, err := r.in.ReadValue()
		if err == nil && u.UnmarshalJSON(text) != nil {
			return r.add(path, fieldBadFormat, "")
		}
		return err
	}
	switch t := v.Kind(); {
	case kind == jsontext.KindBeginObject && t == reflect.Struct:
		return r.readObject(v, path)
	case kind == jsontext.KindBeginArray && t == reflect.Slice && v.Type() != fileType:
		return r.readList(v, path, most)
	}
	return r.readScalar(v, kind, path)
}

// fileType is a file within JSON, in base64.
var fileType = reflect.TypeFor[[]byte]()

// readScalar reads a text, a number, a truth or a file, or skips what is none
// of what is wanted.
func (r *reader) readScalar(v reflect.Value, kind jsontext.Kind, path string) error {
	if kind == jsontext.KindBeginObject || kind == jsontext.KindBeginArray {
		return errors.Join(r.in.SkipValue(), r.add(path, fieldBadFormat, ""))
	}
	token, err := r.in.ReadToken()
	if err != nil {
		return err
	}
	switch t := v.Kind(); {
	case kind == jsontext.KindString && t == reflect.String:
		v.SetString(token.String())
		return nil
	case kind == jsontext.KindString && v.Type() == fileType:
		if file, err := base64.StdEncoding.DecodeString(token.String()); err == nil {
			v.SetBytes(file)
			return nil
		}
	case kind == jsontext.KindNumber && (t == reflect.Int || t == reflect.Int64):
		if n, err := strconv.ParseInt(token.String(), 10, 64); err == nil {
			v.SetInt(n)
			checkInt32(n, t, path, &r.problems)
			return nil
		}
	case kind == jsontext.KindNumber && t == reflect.Float64:
		if f, err := strconv.ParseFloat(token.String(), 64); err == nil {
			v.SetFloat(f)
			return nil
		}
	case (kind == jsontext.KindTrue || kind == jsontext.KindFalse) && t == reflect.Bool:
		v.SetBool(kind == jsontext.KindTrue)
		return nil
	}
	return r.add(path, fieldBadFormat, "")
}

func (r *reader) readList(v reflect.Value, path string, most int) error {
	if _, err := r.in.ReadToken(); err != nil {
		return err
	}
	v.Set(reflect.MakeSlice(v.Type(), 0, 0))
	for i := 0; r.in.PeekKind() != jsontext.KindEndArray; i++ {
		if r.isFull() || most > 0 && i >= most {
			if i == most && most > 0 {
				_ = r.add(path, fieldTooMany, strconv.Itoa(most))
			}
			if err := r.in.SkipValue(); err != nil {
				return err
			}
			continue
		}
		v.Set(reflect.Append(v, reflect.Zero(v.Type().Elem())))
		if err := r.read(v.Index(i), fmt.Sprintf("%s[%d]", path, i), 0); err != nil {
			return err
		}
	}
	_, err := r.in.ReadToken()
	return err
}

func (r *reader) readObject(v reflect.Value, path string) error {
	if _, err := r.in.ReadToken(); err != nil {
		return err
	}
	members := r.shapes.membersOf(v.Type())
	join := func(name string) string {
		if path == "" {
			return name
		}
		return path + "." + name
	}
	seen := make([]bool, v.NumField())
	for r.in.PeekKind() != jsontext.KindEndObject {
		token, err := r.in.ReadToken()
		if err != nil {
			return err
		}
		name := token.String()
		i, known := members.places[name]
		switch {
		case r.isFull():
			err = r.in.SkipValue()
		case !known:
			err = errors.Join(r.in.SkipValue(), r.add(join(shorten(name)), fieldUnknown, ""))
		case seen[i]:
			err = errors.Join(r.in.SkipValue(), r.add(join(name), fieldDuplicate, ""))
		default:
			seen[i] = true
			err = r.read(v.Field(i), join(name), members.most[i])
		}
		if err != nil {
			return err
		}
	}
	for _, name := range members.required {
		if !seen[members.places[name]] {
			_ = r.add(join(name), fieldRequired, "")
		}
	}
	_, err := r.in.ReadToken()
	return err
}

// members are a generated struct's, by the names that the contract gives them.
type members struct {
	places   map[string]int
	required []string
	most     []int // elements of a list, by the validator's tag; 0: no list, or no limit
}

func (s *shapes) membersOf(t reflect.Type) members {
	if known, ok := s.known.Load(t); ok {
		return known.(members)
	}
	m := members{places: map[string]int{}, most: make([]int, t.NumField())}
	for i := range t.NumField() {
		name, options, _ := strings.Cut(t.Field(i).Tag.Get("json"), ",")
		m.places[name] = i
		m.most[i] = longestList(t.Field(i))
		if !strings.Contains(options, "omitempty") {
			m.required = append(m.required, name)
		}
	}
	s.known.Store(t, m)
	return m
}

// longestList is the limit of a list's elements.
func longestList(f reflect.StructField) int {
	t := f.Type
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	if t.Kind() != reflect.Slice || t == fileType {
		return 0
	}
	for tag := range strings.SplitSeq(f.Tag.Get("validate"), ",") {
		if tag == "dive" { // what follows is said of the elements
			break
		}
		if limit, ok := strings.CutPrefix(tag, "max="); ok {
			most, err := strconv.Atoi(limit)
			if err != nil {
				panic(err) // the tag is generated
			}
			return most
		}
	}
	return 0
}

// checkInt32 keeps integers without a format within 32 bits, as the database
// does.
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

// The generated server keeps only the text of a decoding error. So the text
// carries the fields, and problem.go unpacks them.
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
