package handlers

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"sync"
	"testing"
	"unicode/utf8"

	"osbu/domain"
	"osbu/handlers/api"
)

// oldShapes reads bodies. It remembers the members of the contract's objects.
type oldShapes struct{ known sync.Map } // reflect.Type to members

// decode is Fiber's JSONDecoder. encoding/json takes unknown, repeated, missing
// and differently spelled members, and names no path in lists; so the body is
// read here along the generated type, in one pass, and every deviation is told
// at once. Ballots come through it by the thousand a second: of a cast's time
// in this server it took 13 % when it asked encoding/json for every member, and
// then again for the whole.
func (s *oldShapes) decode(body []byte, out any) error {
	if !utf8.Valid(body) || !json.Valid(body) {
		return packShapeError(domain.Fail(domain.Invalid, codeMalformed, "the body is not one JSON value in UTF-8"))
	}
	var problems domain.Problems
	value, _ := cut(body)
	s.read(value, reflect.ValueOf(out).Elem(), "", &problems)
	if e, ok := errors.AsType[*domain.Error](problems.Err()); ok {
		return packShapeError(e)
	}
	return nil
}

// cut gives the first value of valid JSON text, or of the inside of a list or
// object, and what comes after it and its comma or colon.
func cut(text []byte) (value, rest []byte) {
	text = bytes.TrimLeft(text, " \t\r\n,:")
	end, depth := 0, 0
	for ; end < len(text); end++ {
		switch text[end] {
		case '"':
			end += stringLength(text[end:]) - 1
		case '{', '[':
			depth++
		case '}', ']':
			depth--
		case ' ', '\t', '\r', '\n', ',', ':':
			if depth == 0 {
				return text[:end], text[end:]
			}
		}
	}
	return text, nil
}

// stringLength is how long the string at the beginning of the text is, quotes
// included.
func stringLength(text []byte) int {
	for end := 1; ; end++ {
		end += bytes.IndexByte(text[end:], '"')
		escapes := 0
		for text[end-1-escapes] == '\\' {
			escapes++
		}
		if escapes%2 == 0 {
			return end + 1
		}
	}
}

// read fills a value of a generated type with valid JSON text.
func (s *oldShapes) read(raw []byte, v reflect.Value, path string, problems *domain.Problems) {
	if len(*problems) >= mostProblems {
		return
	}
	isNull := raw[0] == 'n'
	if v.Kind() == reflect.Pointer {
		if isNull {
			return
		}
		v.Set(reflect.New(v.Type().Elem()))
		v = v.Elem()
	}
	if isNull {
		problems.Add(path, fieldRequired, "")
		return
	}
	if u, ok := v.Addr().Interface().(json.Unmarshaler); ok {
		if u.UnmarshalJSON(raw) != nil {
			problems.Add(path, fieldBadFormat, "")
		}
		return
	}
	switch kind := v.Kind(); {
	case kind == reflect.String && raw[0] == '"' && bytes.IndexByte(raw, '\\') < 0:
		v.SetString(string(raw[1 : len(raw)-1]))
	case kind == reflect.Struct && raw[0] == '{':
		s.readObject(raw[1:len(raw)-1], v, path, problems)
	case v.Type() == fileType && raw[0] != '"': // encoding/json takes a list of numbers, too
		problems.Add(path, fieldBadFormat, "")
	case kind == reflect.Slice && raw[0] == '[':
		s.readList(raw[1:len(raw)-1], v, path, problems)
	case kind == reflect.Int || kind == reflect.Int64:
		readInteger(raw, v, path, problems)
	case json.Unmarshal(raw, v.Addr().Interface()) != nil:
		problems.Add(path, fieldBadFormat, "")
	}
}

func (s *oldShapes) readList(inside []byte, v reflect.Value, path string, problems *domain.Problems) {
	v.Set(reflect.MakeSlice(v.Type(), 0, 0))
	for i := 0; ; i++ {
		var element []byte
		if element, inside = cut(inside); len(element) == 0 {
			return
		}
		v.Set(reflect.Append(v, reflect.Zero(v.Type().Elem())))
		s.read(element, v.Index(i), fmt.Sprintf("%s[%d]", path, i), problems)
	}
}

func (s *oldShapes) readObject(inside []byte, v reflect.Value, path string, problems *domain.Problems) {
	members := s.membersOf(v.Type())
	join := func(name string) string {
		if path == "" {
			return name
		}
		return path + "." + name
	}
	seen := make([]bool, v.NumField())
	for len(*problems) < mostProblems {
		var key, value []byte
		if key, inside = cut(inside); len(key) == 0 {
			break
		}
		value, inside = cut(inside)
		var name string
		s.read(key, reflect.ValueOf(&name).Elem(), "", problems)
		switch i, known := members.places[name]; {
		case !known:
			problems.Add(join(shorten(name)), fieldUnknown, "")
		case seen[i]:
			problems.Add(join(name), fieldDuplicate, "")
		default:
			seen[i] = true
			s.read(value, v.Field(i), join(name), problems)
		}
	}
	for _, name := range members.required {
		if !seen[members.places[name]] && len(*problems) < mostProblems {
			problems.Add(join(name), fieldRequired, "")
		}
	}
}

// oldMembers are a generated struct's, by the names that the contract gives them.
type oldMembers struct {
	places   map[string]int
	required []string
}

func (s *oldShapes) membersOf(t reflect.Type) oldMembers {
	if known, ok := s.known.Load(t); ok {
		return known.(oldMembers)
	}
	m := oldMembers{places: map[string]int{}}
	for i := range t.NumField() {
		name, options, _ := strings.Cut(t.Field(i).Tag.Get("json"), ",")
		m.places[name] = i
		if !strings.Contains(options, "omitempty") {
			m.required = append(m.required, name)
		}
	}
	s.known.Store(t, m)
	return m
}

// readInteger keeps integers without a format within 32 bits, as the database
// does.
func readInteger(raw []byte, v reflect.Value, path string, problems *domain.Problems) {
	if json.Unmarshal(raw, v.Addr().Interface()) != nil {
		problems.Add(path, fieldBadFormat, "")
		return
	}
	checkInt32(v.Int(), v.Kind(), path, problems)
}

// withinLimits tells whether no list is longer than its tag says: the new
// reader ends there, the old one went on.
func withinLimits(v reflect.Value) bool {
	switch v.Kind() {
	case reflect.Pointer:
		return v.IsNil() || withinLimits(v.Elem())
	case reflect.Slice:
		for i := range v.Len() {
			if !withinLimits(v.Index(i)) {
				return false
			}
		}
	case reflect.Struct:
		if v.Type().PkgPath() != apiPackage {
			return true
		}
		for f, member := range v.Fields() {
			inside := member
			if inside.Kind() == reflect.Pointer {
				inside = inside.Elem()
			}
			if most := longestList(f); most > 0 && inside.IsValid() && inside.Len() > most {
				return false
			}
			if !withinLimits(member) {
				return false
			}
		}
	}
	return true
}

// FuzzReader compares with the reader before, for every operation's body.
func FuzzReader(f *testing.F) {
	for _, seed := range seeds {
		f.Add([]byte(seed))
	}
	all := requests()
	f.Fuzz(func(t *testing.T, body []byte) {
		for _, request := range all {
			member, _ := request.FieldByName("Body")
			was, is := reflect.New(member.Type.Elem()), reflect.New(member.Type.Elem())
			before, now := new(oldShapes).decode(body, was.Interface()), new(shapes).decode(body, is.Interface())
			if !withinLimits(was) {
				continue
			}
			if fmt.Sprint(before) != fmt.Sprint(now) {
				t.Errorf("%s: of %q got %v, want %v", request.Name(), body, now, before)
			}
			if before == nil && !reflect.DeepEqual(was.Interface(), is.Interface()) {
				t.Errorf("%s: of %q got %+v, want %+v", request.Name(), body, is.Elem(), was.Elem())
			}
		}
	})
}

func BenchmarkReader(b *testing.B) {
	text, err := json.Marshal(api.Cast{
		Paper: "p", Key: strings.Repeat("a", 44), Randomizer: strings.Repeat("b", 44), Credential: strings.Repeat("c", 344),
		Ballot: strings.Repeat("d", 1000), Seq: 1, Signature: strings.Repeat("e", 88),
	})
	if err != nil {
		b.Fatal(err)
	}
	for name, decode := range map[string]func([]byte, any) error{"old": new(oldShapes).decode, "new": new(shapes).decode} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				var c api.Cast
				if err := decode(text, &c); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
