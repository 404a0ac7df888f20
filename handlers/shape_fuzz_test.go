package handlers

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"osbu/domain"
	"osbu/handlers/api"
)

// deviations are, in the order of the text, all that is wrong with a JSON value
// for a type of the contract. It is told from the standard library alone, a
// level at a time, and shares nothing with the reader that it is the measure
// of. most is how many elements a list may have, 0 without a limit.
func deviations(raw json.RawMessage, t reflect.Type, path string, most int) []domain.Field {
	one := func(code, limit string) []domain.Field {
		return []domain.Field{{Path: path, Code: code, Limit: limit}}
	}
	isNull := string(raw) == "null"
	if t.Kind() == reflect.Pointer {
		if isNull {
			return nil
		}
		t = t.Elem()
	}
	if isNull {
		return one("required", "")
	}
	value := reflect.New(t)
	_, readsItself := value.Interface().(json.Unmarshaler)
	isFile := t == reflect.TypeFor[[]byte]()
	switch {
	case readsItself:
	case t.Kind() == reflect.Struct:
		if raw[0] != '{' {
			return one("bad_format", "")
		}
		return objectDeviations(raw, t, path)
	case isFile && raw[0] != '"': // encoding/json takes a list of numbers, too
		return one("bad_format", "")
	case t.Kind() == reflect.Slice && !isFile:
		return listDeviations(raw, t.Elem(), path, most)
	}
	if json.Unmarshal(raw, value.Interface()) != nil {
		return one("bad_format", "")
	}
	if t.Kind() == reflect.Int { // 32 bits, as in the database, where the contract names no format
		switch n := value.Elem().Int(); {
		case n > math.MaxInt32:
			return one("too_large", "2147483647")
		case n < math.MinInt32:
			return one("too_small", "-2147483648")
		}
	}
	return nil
}

func listDeviations(raw json.RawMessage, element reflect.Type, path string, most int) (all []domain.Field) {
	var elements []json.RawMessage
	if json.Unmarshal(raw, &elements) != nil {
		return []domain.Field{{Path: path, Code: "bad_format"}}
	}
	for i, e := range elements {
		if most > 0 && i == most {
			return append(all, domain.Field{Path: path, Code: "too_many", Limit: fmt.Sprint(most)})
		}
		all = append(all, deviations(e, element, fmt.Sprintf("%s[%d]", path, i), 0)...)
	}
	return all
}

func objectDeviations(raw json.RawMessage, t reflect.Type, path string) (all []domain.Field) {
	if path != "" {
		path += "."
	}
	missing := map[string]bool{}
	known := map[string]reflect.StructField{}
	for f := range t.Fields() {
		known[nameOf(f)] = f
		missing[nameOf(f)] = true
	}
	in := json.NewDecoder(bytes.NewReader(raw))
	_, _ = in.Token() // the brace
	for in.More() {
		token, err := in.Token()
		if err != nil {
			panic(err) // the whole text has been found valid
		}
		var value json.RawMessage
		if err := in.Decode(&value); err != nil {
			panic(err)
		}
		name := token.(string)
		f, ok := known[name]
		switch {
		case !ok:
			if letters := []rune(name); len(letters) > 60 {
				name = string(letters[:60]) + "…"
			}
			all = append(all, domain.Field{Path: path + name, Code: "unknown"})
		case !missing[name]:
			all = append(all, domain.Field{Path: path + name, Code: "duplicate"})
		default:
			delete(missing, name)
			all = append(all, deviations(value, f.Type, path+name, longestList(f))...)
		}
	}
	for f := range t.Fields() {
		if missing[nameOf(f)] && !strings.Contains(f.Tag.Get("json"), ",omitempty") {
			all = append(all, domain.Field{Path: path + nameOf(f), Code: "required"})
		}
	}
	return all
}

// refusal is what the reader has to say to a body: nil, one code, or the first
// of its deviations.
func refusal(body []byte, t reflect.Type) *domain.Error {
	if !utf8.Valid(body) || !json.Valid(body) {
		return &domain.Error{Kind: domain.Invalid, Code: codeMalformed}
	}
	all := deviations(bytes.Trim(body, " \t\r\n"), t, "", 0)
	if len(all) == 0 {
		return nil
	}
	return &domain.Error{Kind: domain.Invalid, Code: domain.CodeInvalid, Fields: all[:min(len(all), mostProblems)]}
}

// example is a body with every member that the type has, and one element in
// every list.
func example(t reflect.Type) reflect.Value {
	v := reflect.New(t).Elem()
	switch {
	case t == reflect.TypeFor[time.Time]():
		v.Set(reflect.ValueOf(time.Unix(0, 0).UTC()))
	case t.Kind() == reflect.Pointer:
		v.Set(example(t.Elem()).Addr())
	case t == reflect.TypeFor[[]byte]():
		v.SetBytes([]byte("file"))
	case t.Kind() == reflect.Slice:
		v.Set(reflect.Append(v, example(t.Elem())))
	case t.Kind() == reflect.Struct && t.PkgPath() == apiPackage:
		for i := range t.NumField() {
			v.Field(i).Set(example(t.Field(i).Type))
		}
	case t.Kind() == reflect.String:
		v.SetString("a")
	}
	return v
}

// spoiled are bodies next to a right one: every one of its members, at any
// depth, missing, null, twice, of every other kind, and too many of it.
func spoiled(body []byte) (all [][]byte) {
	var whole any
	if err := json.Unmarshal(body, &whole); err != nil {
		panic(err)
	}
	keep := func() {
		text, err := json.Marshal(whole)
		if err != nil {
			panic(err)
		}
		all = append(all, text)
	}
	var walk func(at any)
	walk = func(at any) {
		switch at := at.(type) {
		case []any:
			for _, element := range at {
				walk(element)
			}
		case map[string]any:
			for _, name := range sortedNames(at) {
				was := at[name]
				delete(at, name)
				keep()
				for _, other := range []any{
					nil, true, 1, 0.5, 1e10, -1e10, "", "2026-02-30", []any{}, []any{nil}, map[string]any{},
				} {
					at[name] = other
					keep()
				}
				if list, ok := was.([]any); ok {
					for _, element := range [][]any{list, {nil}} {
						at[name] = slices.Repeat(element, 1001)
						keep()
					}
				}
				at[name] = was
				at[strings.ToUpper(name)] = was
				keep()
				delete(at, strings.ToUpper(name))
				at["twice "+name] = was
				text, _ := json.Marshal(whole)
				all = append(all, bytes.Replace(text, []byte(`"twice `), []byte(`"`), 1))
				delete(at, "twice "+name)
				walk(was)
			}
		}
	}
	walk(whole)
	return all
}

func sortedNames(object map[string]any) (names []string) {
	for name := range object {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// checkReader compares the reader's refusal with the reference's.
func checkReader(t *testing.T, request reflect.Type, body []byte) {
	t.Helper()
	member, _ := request.FieldByName("Body")
	err := new(shapes).decode(body, reflect.New(member.Type.Elem()).Interface())
	want := refusal(body, member.Type.Elem())
	switch {
	case err == nil && want == nil:
		return
	case err == nil || want == nil:
		t.Errorf("%s: of %.300q got %v, want %v", request.Name(), body, err, want)
		return
	}
	got, ok := unpackShapeError(err.Error())
	if !ok || got.Kind != want.Kind || got.Code != want.Code || !slices.Equal(got.Fields, want.Fields) {
		t.Errorf("%s: of %.300q got\n%v %v, want\n%v %v", request.Name(), body, got, got.Fields, want, want.Fields)
	}
}

// Every operation's body with one thing wrong, at every place, is refused for
// exactly that, and there is such a thing to say of most of them.
func TestReaderFindsEveryDeviation(t *testing.T) {
	t.Parallel()
	refused := 0
	for _, request := range requests() {
		member, _ := request.FieldByName("Body")
		body, err := json.Marshal(example(member.Type.Elem()).Interface())
		if err != nil {
			t.Fatal(err)
		}
		if e := refusal(body, member.Type.Elem()); e != nil {
			t.Errorf("%s: the example %s is refused: %v %v", request.Name(), body, e, e.Fields)
		}
		for _, one := range append(spoiled(body), body) {
			checkReader(t, request, one)
			if refusal(one, member.Type.Elem()) != nil {
				refused++
			}
		}
	}
	if refused < 2000 {
		t.Errorf("only %d bodies are refused", refused)
	}
}

// FuzzReader compares with the reference whatever is sent to whatever
// operation.
func FuzzReader(f *testing.F) {
	all := requests()
	for i, request := range all {
		member, _ := request.FieldByName("Body")
		body, err := json.Marshal(example(member.Type.Elem()).Interface())
		if err != nil {
			f.Fatal(err)
		}
		f.Add(uint16(i), body)
		for _, seed := range seeds {
			f.Add(uint16(i), []byte(seed))
		}
	}
	f.Fuzz(func(t *testing.T, operation uint16, body []byte) {
		checkReader(t, all[int(operation)%len(all)], body)
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
	var s shapes
	b.ReportAllocs()
	for b.Loop() {
		var c api.Cast
		if err := s.decode(text, &c); err != nil {
			b.Fatal(err)
		}
	}
}
