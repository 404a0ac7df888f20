package handlers

import (
	"net/http"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"

	"osbu/handlers/api"
)

// What everybody may fetch as a file is in the catalogue, and what is in the
// catalogue is an operation's, of that kind.
func TestCatalogueKnowsEveryFile(t *testing.T) {
	other := map[string]string{
		"getImage":          "a picture of one proposal",
		"getEventCalendar":  "one event of a calendar that is there",
		"openCatalogue":     "the catalogue itself",
		"askUnsubscription": "a page",
	}
	var contract struct {
		Paths map[string]map[string]yaml.Node `yaml:"paths"`
	}
	if err := yaml.Unmarshal(api.Document, &contract); err != nil {
		t.Fatal(err)
	}
	listed := map[string]string{}
	for _, set := range dataSets {
		for _, f := range set.Files {
			listed[f.Path] = f.Kind
		}
	}
	for _, o := range api.Operations {
		if o.Method != http.MethodGet || policies[o.ID].Audience != Anybody || strings.HasPrefix(o.Path, "/box/") {
			continue
		}
		node := contract.Paths[o.Path]["get"]
		var said struct {
			Responses map[string]struct {
				Content map[string]any `yaml:"content"`
			} `yaml:"responses"`
		}
		if err := node.Decode(&said); err != nil {
			t.Fatal(err)
		}
		content, kind := said.Responses["200"].Content, listed[o.Path]
		if _, there := content[kind]; kind != "" && !there {
			t.Errorf("%s: got %s, want one of %v", o.Path, kind, content)
		}
		delete(listed, o.Path)
		if _, isJSON := content["application/json"]; !isJSON && len(content) > 0 && kind == "" && other[o.ID] == "" {
			t.Errorf("%s (%s) is not in the catalogue", o.ID, o.Path)
		}
	}
	for path := range listed {
		t.Errorf("%s is no operation of everybody's", path)
	}
}
