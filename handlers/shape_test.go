package handlers

import (
	"encoding/json"
	"errors"
	"reflect"
	"testing"

	"github.com/go-playground/validator/v10"
	"github.com/gofiber/fiber/v2"

	"osbu/domain"
	"osbu/handlers/api"
)

// requests are the request objects of all operations that take JSON; other
// bodies come as readers.
func requests() (all []reflect.Type) {
	server := reflect.TypeFor[api.StrictServerInterface]()
	for method := range server.Methods() {
		request := method.Type.In(1)
		if body, ok := request.FieldByName("Body"); ok && body.Type.Kind() == reflect.Pointer {
			all = append(all, request)
		}
	}
	return all
}

// judge decodes and checks as the server does, and gives the refusal as
// problem.go would render it.
func judge(t *testing.T, v *validator.Validate, request reflect.Type, body []byte) *domain.Error {
	t.Helper()
	object := reflect.New(request).Elem()
	member := object.FieldByName("Body")
	member.Set(reflect.New(member.Type().Elem()))
	if err := new(shapes).decode(body, member.Interface()); err != nil {
		return fromFiber(fiber.NewError(fiber.StatusBadRequest, err.Error()))
	}
	if standard := reflect.New(member.Type().Elem()); json.Unmarshal(body, standard.Interface()) != nil ||
		!reflect.DeepEqual(standard.Interface(), member.Interface()) {
		t.Errorf("%s: of %s encoding/json makes %+v, not %+v", request.Name(), body, standard.Elem(), member.Elem())
	}
	if field := object.FieldByName("Round"); field.IsValid() {
		field.SetString("r")
	}
	if field := object.FieldByName("Paper"); field.IsValid() {
		field.SetString("p")
	}
	for _, name := range []string{"Proposal", "Project"} {
		if field := object.FieldByName(name); field.IsValid() {
			field.SetInt(1)
		}
	}
	err := checkRequest(v, object.Interface())
	if err == nil {
		return nil
	}
	e, ok := errors.AsType[*domain.Error](err)
	if !ok {
		t.Fatalf("%s: %v is no domain error", request.Name(), err)
	}
	return e
}

var seeds = []string{
	`{}`, `null`, `[]`, `{"count":1}`, `{"count":1,"count":2}`, `{"COUNT":1}`,
	`{"title":"a","point":{"latitude":91,"longitude":0}}`,
	`{"reason":"other","text":{"fi":"a","sv":"b"}}`, `{"reason":"\u0000","text":{"fi":"a"}}`,
	`{"step":"freeze","decision":null}`,
	`{"cost":{"minimum":-1,"maximum":9223372036854775807,"maintenance":0.5}}`, `{"version":2147483648,"text":{}}`,
	`{"proposals":[1,"2",null]}`,
	`{"times":{"voting":{"opens":"2026-13-01T00:00:00Z","closes":""}},"reason":"x"}`, `{"blinded":"AAAA"}`,
	"{\"text\":\"\xff\"}", `{"text":"\ud800"}`,
	`{"projects":[{"title":{"fi":"a"},"area":"a","cost":{"minimum":0,"maximum":1,"maintenance":0}}]}`,
	`{"a":{"b":[[[[{}]]]]}}`, ` {"text":"x"} `, `{"text":"a\"b\\","reason":null}`,
	"{\t\"count\"\r:\n 2 , \"x\":[{\"}\":\"]\"}] }",
}

// Whatever is sent to whatever operation: it is accepted, and read as
// encoding/json reads it, or refused with a code and fields of the contract.
func FuzzBody(f *testing.F) {
	for _, seed := range seeds {
		f.Add([]byte(seed))
	}
	v := newValidator()
	all := requests()
	f.Fuzz(func(t *testing.T, body []byte) {
		for _, request := range all {
			e := judge(t, v, request, body)
			if e == nil {
				continue
			}
			if statusOf(e) != fiber.StatusBadRequest || !api.ProblemCode(e.Code).Valid() {
				t.Errorf("%s: %d %s", request.Name(), statusOf(e), e.Code)
			}
			if len(e.Fields) > mostProblems+20 {
				t.Errorf("%s: %d fields", request.Name(), len(e.Fields))
			}
			for _, field := range e.Fields {
				if !api.FieldCode(field.Code).Valid() {
					t.Errorf("%s: %s has the code %s", request.Name(), field.Path, field.Code)
				}
			}
		}
	})
}

// A refusal names the place, in lists too, and the bound.
func TestFieldsAreNamed(t *testing.T) {
	v := newValidator()
	for _, one := range []struct {
		request reflect.Type
		body    string
		want    domain.Field
	}{
		{
			reflect.TypeFor[api.IssueCodesRequestObject](), `{"count":0,"label":"a"}`,
			domain.Field{Path: "count", Code: "too_small", Limit: "1"},
		},
		{
			reflect.TypeFor[api.IssueCodesRequestObject](), `{"count":20001,"label":"a"}`,
			domain.Field{Path: "count", Code: "too_large", Limit: "20000"},
		},
		{reflect.TypeFor[api.AskProposalRequestObject](), `{"text":""}`, domain.Field{Path: "text", Code: "required"}},
		{
			reflect.TypeFor[api.DraftProposalRequestObject](), `{"point":{"latitude":91,"longitude":0}}`,
			domain.Field{Path: "point.latitude", Code: "too_large", Limit: "90"},
		},
		{
			reflect.TypeFor[api.RejectProposalRequestObject](), `{"reason":"because","text":{"fi":"a","sv":"b"}}`,
			domain.Field{Path: "reason", Code: "unknown"},
		},
		{
			reflect.TypeFor[api.PlaceProjectsRequestObject](), `{"proposals":[1,2,"3"],"version":"v"}`,
			domain.Field{Path: "proposals[2]", Code: "bad_format"},
		},
		{
			reflect.TypeFor[api.PlaceProjectsRequestObject](), `{"proposals":[1],"Proposals":[1],"version":"v"}`,
			domain.Field{Path: "Proposals", Code: "unknown"},
		},
		{
			reflect.TypeFor[api.PlaceProjectsRequestObject](), `{"proposals":[1],"proposals":[2],"version":"v"}`,
			domain.Field{Path: "proposals", Code: "duplicate"},
		},
		{
			reflect.TypeFor[api.ImportProjectsRequestObject](),
			`{"projects":[{"title":{"fi":"a"},"area":"a","cost":{"minimum":0,"maximum":1,"maintenance":0}},{"title":{"fi":"a"},"area":"A b","cost":{"minimum":0,"maximum":1,"maintenance":0}}]}`,
			domain.Field{Path: "projects[1].area", Code: "bad_format"},
		},
		{
			reflect.TypeFor[api.IssueCredentialRequestObject](), `{"blinded":"AAAA"}`,
			domain.Field{Path: "blinded", Code: "bad_format", Limit: "344"},
		},
	} {
		e := judge(t, v, one.request, []byte(one.body))
		if e == nil || len(e.Fields) != 1 || e.Fields[0] != one.want {
			t.Errorf("%s: %v, want %v", one.body, e, one.want)
		}
	}
}

// The tags of the contract are ones that the server understands, and an
// optional member may stay away.
func TestContractsTagsAreUnderstood(t *testing.T) {
	v := newValidator()
	var walk func(reflect.Type)
	seen := map[reflect.Type]bool{}
	walk = func(u reflect.Type) {
		switch {
		case u.Kind() == reflect.Pointer || u.Kind() == reflect.Slice:
			walk(u.Elem())
		case u.Kind() == reflect.Struct && u.PkgPath() == apiPackage && !seen[u]:
			seen[u] = true
			if err := v.Struct(reflect.New(u).Interface()); err != nil {
				for _, e := range fieldErrors(err) {
					if f, _ := u.FieldByName(e.StructField()); f.Type != nil && f.Type.Kind() == reflect.Pointer {
						t.Errorf("%s.%s must begin its tag with omitempty", u.Name(), f.Name)
					}
				}
			}
			for f := range u.Fields() {
				walk(f.Type)
			}
		}
	}
	server := reflect.TypeFor[api.StrictServerInterface]()
	for method := range server.Methods() {
		walk(method.Type.In(1))
	}
	if len(seen) < 40 {
		t.Errorf("only %d types seen", len(seen))
	}
}

func TestShapeErrorSurvivesItsText(t *testing.T) {
	want := &domain.Error{
		Kind:   domain.Invalid,
		Code:   domain.CodeInvalid,
		Fields: []domain.Field{{Path: `a"b\`, Code: "unknown", Limit: "1"}},
	}
	got, ok := unpackShapeError(packShapeError(want).Error())
	a, _ := json.Marshal(want)
	b, _ := json.Marshal(got)
	if !ok || string(a) != string(b) {
		t.Errorf("%s became %s", a, b)
	}
}
