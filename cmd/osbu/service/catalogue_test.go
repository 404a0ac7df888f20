package service

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"path"
	"slices"
	"strings"
	"testing"

	"osbu/handlers/api"
)

// The catalogue names files that are there, and explains every column of their
// tables and no other; of a record it tells the size and the digest that it
// has.
func TestCatalogue(t *testing.T) {
	w, official := delivering(t)
	visitor := w.anonymous(t)
	rehearsal := newRound("practice", "helsinki-2026")
	rehearsal.Rehearsal = pointer(true)
	official.ok("POST", "/api/v1/rounds", rehearsal, nil)
	official.step("practice", "propose")
	var all api.Catalogue
	visitor.ok("GET", "/api/v1/catalogue", nil, &all)
	files := 0
	for _, set := range all.Sets {
		if set.Title.Sv == nil || set.Title.En == nil || set.LeftOut.Sv == nil || set.LeftOut.En == nil {
			t.Errorf("%s is not told in every language", set.Id)
		}
		for _, f := range set.Files {
			files++
			if strings.Contains(f.Path, "practice") {
				t.Errorf("a rehearsal's %s is there", f.Path)
			}
			var text []byte
			visitor.ok("GET", f.Path, nil, &text)
			if f.Type == "CSV" {
				columnsAreTold(t, set, strictCSV(t, text)[0])
			}
			digest := sha256.Sum256(text)
			if f.Sha256 != nil && (*f.Sha256 != hex.EncodeToString(digest[:]) || value(f.Size) != int64(len(text))) {
				t.Errorf("%s has %d bytes and another digest than %+v", f.Path, len(text), f)
			}
		}
	}
	if files != 25 {
		t.Errorf("got %d files", files)
	}
	var text []byte
	visitor.ok("GET", "/api/v1/catalogue.jsonld", nil, &text)
	var linked struct {
		Type     string `json:"@type"`
		Datasets []struct {
			ID            string `json:"@id"`
			Distributions []struct {
				URL struct {
					ID string `json:"@id"`
				} `json:"dcat:downloadURL"`
				License  map[string]string `json:"dct:license"`
				Checksum *struct {
					Value struct {
						Value string `json:"@value"`
					} `json:"spdx:checksumValue"`
				} `json:"spdx:checksum"`
			} `json:"dcat:distribution"`
		} `json:"dcat:dataset"`
	}
	if err := json.Unmarshal(text, &linked); err != nil || linked.Type != "dcat:Catalog" {
		t.Fatalf("%v %s", err, text)
	}
	var ids []string
	for _, d := range linked.Datasets {
		ids = append(ids, d.ID)
		for _, f := range d.Distributions {
			files--
			if f.License["@id"] == "" || strings.HasSuffix(f.URL.ID, "/record") != (f.Checksum != nil) ||
				f.Checksum != nil && len(f.Checksum.Value.Value) != 64 || !strings.HasPrefix(f.URL.ID, w.url+"/api/v1/") {
				t.Errorf("%+v", f)
			}
		}
	}
	if slices.Sort(ids); files != 0 || len(slices.Compact(ids)) != len(linked.Datasets) {
		t.Errorf("%d files are not linked; %q", files, ids)
	}
}

// columnsAreTold holds a table's head against what is said of it.
func columnsAreTold(t *testing.T, set api.DataSet, head []string) {
	t.Helper()
	told := map[string]bool{}
	for _, c := range set.Columns {
		if c.Text.Sv == nil || c.Text.En == nil {
			t.Errorf("%s: %s is not told in every language", set.Id, c.Name)
		}
		for name := range strings.SplitSeq(c.Name, ", ") {
			told[name] = false
		}
	}
	for _, column := range head {
		found := false
		for name := range told {
			if fits, _ := path.Match(name, column); fits {
				told[name], found = true, true
			}
		}
		if !found {
			t.Errorf("%s: nothing is said of %s", set.Id, column)
		}
	}
	for name, there := range told {
		if !there {
			t.Errorf("%s: there is no %s", set.Id, name)
		}
	}
}
