package main

import (
	"bytes"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
)

// ofSchema reads a document with one schema, whose member a is the given one.
func ofSchema(t *testing.T, required, a string) *yaml.Node {
	t.Helper()
	text := `{paths: {}, components: {schemas: {S: {required: [` + required + `], properties: {a: ` + a + `}},
  Bound: {properties: {deep: {type: array, items: {type: integer, minimum: 1}}, up: {$ref: "#/components/schemas/Bound"}}},
  Free: {properties: {b: {type: string}, up: {$ref: "#/components/schemas/Free"}}}}}}`
	var document yaml.Node
	if err := yaml.Unmarshal([]byte(text), &document); err != nil {
		t.Fatal(err)
	}
	return document.Content[0]
}

func TestKeywordsBecomeTags(t *testing.T) {
	for name, one := range map[string]struct{ required, schema, want string }{
		"a text":              {"a", `{type: string, maxLength: 5}`, "max=5"},
		"a text that must be": {"a", `{type: string, minLength: 1, maxLength: 5}`, "required,max=5"},
		"a longer one":        {"a", `{type: string, minLength: 2}`, "required,min=2"},
		"one of one length": {
			"a", `{type: string, pattern: "^[A-Za-z0-9+/]+={0,2}$", minLength: 4, maxLength: 4}`,
			"required,base64,len=4",
		},
		"a text that may be": {"", `{type: string, minLength: 1, maxLength: 5}`, "omitempty,min=1,max=5"},
		"a pattern":          {"a", `{type: string, pattern: "^[0-9]{5}$"}`, "required,postal_code"},
		"a pattern that may": {"", `{type: string, pattern: "^[0-9]{5}$"}`, "omitempty,postal_code"},
		"an integer":         {"a", `{type: integer, minimum: 0, maximum: 7}`, "min=0,max=7"},
		"a number":           {"", `{type: number, minimum: -90, maximum: 90}`, "omitempty,min=-90,max=90"},
		"a list":             {"a", `{type: array, minItems: 1, maxItems: 9, items: {type: integer}}`, "min=1,max=9"},
		"a list of bounds":   {"a", `{type: array, maxItems: 9, items: {type: integer, minimum: 1}}`, "max=9,dive,min=1"},
		"a list of lists": {
			"", `{type: array, items: {type: array, maxItems: 2, items: {type: integer}}}`,
			"omitempty,dive,max=2",
		},
		"a list of objects":    {"a", `{type: array, items: {$ref: "#/components/schemas/Bound"}}`, "dive"},
		"a list without bound": {"a", `{type: array, items: {$ref: "#/components/schemas/Free"}}`, ""},
		"nothing":              {"a", `{type: string}`, ""},
	} {
		t.Run(name, func(t *testing.T) {
			document := ofSchema(t, one.required, one.schema)
			if err := addTags(document); err != nil {
				t.Fatal(err)
			}
			schema := member(member(member(document, "components"), "schemas"), "S")
			got := scalar(member(member(member(schema, "properties"), "a"), "x-oapi-codegen-extra-tags"), "validate")
			if got != one.want {
				t.Errorf("got %q, want %q", got, one.want)
			}
		})
	}
}

func TestPatternThatNobodyChecksIsRefused(t *testing.T) {
	err := addTags(ofSchema(t, "a", `{type: string, pattern: "^x$"}`))
	if err == nil || !strings.Contains(err.Error(), "a: the server checks no pattern ^x$") {
		t.Errorf("got %v, want a refusal", err)
	}
}

func TestParametersAreTaggedAndRuled(t *testing.T) {
	var document yaml.Node
	if err := yaml.Unmarshal([]byte(`
components: {schemas: {}}
paths:
  /a/{id}:
    parameters: [{name: id, in: path, required: true, schema: {type: integer, minimum: 1}}]
    get: {operationId: getA, parameters: [{name: q, in: query, schema: {type: string, maxLength: 9}}]}
`), &document); err != nil {
		t.Fatal(err)
	}
	if err := addTags(document.Content[0]); err != nil {
		t.Fatal(err)
	}
	var text bytes.Buffer
	if err := write(&text, document.Content[0]); err != nil ||
		!strings.Contains(text.String(), `{validate: "omitempty,max=9"}`) {
		t.Errorf("got %v %s, want a tag for q", err, text.String())
	}
	code, err := goCode(document.Content[0])
	if err != nil || !strings.Contains(string(code), `"id": "min=1"`) ||
		!strings.Contains(string(code), `{"getA", "GET", "/a/{id}"}`) {
		t.Errorf("got %v %s, want a rule for id", err, code)
	}
}

func TestLimitsForPages(t *testing.T) {
	got := string(limits(ofSchema(t, "a", `{type: string, minLength: 1, maxLength: 5}`)))
	if want := "\nexport const limitsS = {\n  a: { minLength: 1, maxLength: 5 },\n} as const\n"; !strings.Contains(got,
		want) ||
		strings.Contains(got, "Free") {
		t.Errorf("got %s, want %s and nothing of what has no bound", got, want)
	}
}
