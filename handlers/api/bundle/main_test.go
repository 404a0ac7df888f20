package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const aRoot = `openapi: 3.0.3
tags: [{name: one}, {name: two}]
components: {schemas: {Shared: {type: string}}}
`

const aTag = `paths:
  /one: {get: {operationId: getOne, tags: [one]}}
components: {schemas: {One: {type: string, description: "a, b"}}}
`

const anotherTag = `paths:
  /two: {parameters: [{name: two}], get: {operationId: getTwo, tags: [two]}}
components: {schemas: {Two: {type: string}}, parameters: {Two: {name: two}}}
`

func bundled(t *testing.T, files map[string]string) (string, error) {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	out := filepath.Join(t.TempDir(), "out.yaml")
	if err := run(dir, out, filepath.Join(t.TempDir(), "out.go"), ""); err != nil {
		return "", err
	}
	text, err := os.ReadFile(out)
	return string(text), err
}

func TestTagsAreJoined(t *testing.T) {
	text, err := bundled(t, map[string]string{"openapi.yaml": aRoot, "one.yaml": aTag, "two.yaml": anotherTag})
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"DO NOT EDIT", "getOne", "getTwo", "Shared: {type: string}", `One: {type: string, description: "a, b"}`,
		"Two: {type: string}", "Two: {name: two}",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("got %s, want %q in it", text, want)
		}
	}
	if first, second := strings.Index(text, "/one:"), strings.Index(text, "/two:"); first > second {
		t.Errorf("got /one at %d after /two at %d, want the order of the tags", first, second)
	}
}

func TestFaultsOfTheContractAreRefused(t *testing.T) {
	for name, one := range map[string]struct{ one, more, want string }{
		"another tag": {strings.Replace(aTag, "[one]", "[two]", 1), "", `get /one has the tags ["two"], want "one" alone`},
		"no tag":      {strings.Replace(aTag, ", tags: [one]", "", 1), "", `get /one has the tags [], want "one" alone`},
		"a name twice": {
			strings.Replace(aTag, "One:", "Shared:", 1), "", "one.yaml: line 3: Shared stands elsewhere, too",
		},
		"a path twice":     {strings.Replace(aTag, "/one", "/two", 1), "", "two.yaml: line 2: /two stands elsewhere, too"},
		"a comma":          {strings.Replace(aTag, `"a, b"`, "a, b", 1), "", `line 3: "b" has no value`},
		"a file of no tag": {aTag, "paths: {}", "no tag of openapi.yaml names more.yaml"},
		"no operationId": {
			strings.Replace(aTag, "operationId: getOne, ", "", 1), "", "GET /one has no operationId of its own",
		},
		"an operationId twice": {
			strings.Replace(aTag, "getOne", "getTwo", 1), "", "GET /two has no operationId of its own",
		},
		"a file with a list": {"[]", "", "one.yaml: want one mapping"},
	} {
		t.Run(name, func(t *testing.T) {
			files := map[string]string{"openapi.yaml": aRoot, "one.yaml": one.one, "two.yaml": anotherTag}
			if one.more != "" {
				files["more.yaml"] = one.more
			}
			if _, err := bundled(t, files); err == nil || !strings.Contains(err.Error(), one.want) {
				t.Errorf("got %v, want %q", err, one.want)
			}
		})
	}
}
