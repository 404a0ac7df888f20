package service

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"osbu/domain"
	"osbu/domain/account"
	"osbu/handlers/api"
)

// The demo is made the way people go; a second run keeps it and names the same
// people.
func TestDemo(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	file := filepath.Join(t.TempDir(), "people.json")
	var first []byte
	for range 2 {
		if err := w.demo(context.Background(), "https://id.example.org", file); err != nil {
			t.Fatal(err)
		}
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if first != nil && string(first) != string(text) {
			t.Error("a second run names other people")
		}
		first = text
	}
	var rounds []api.Round
	w.anonymous(t).get("/api/v1/rounds", &rounds)
	if len(rounds) != 2 {
		t.Fatalf("%d rounds", len(rounds))
	}
	phases := map[api.Phase]string{}
	for _, r := range rounds {
		phases[r.Phase] = r.Id
	}
	// Whoever signs in later is the one who is in the demo, not another of her
	// name.
	leena, err := w.demoActor(context.Background(), account.Person{
		Subject: "https://id.example.org leena", Name: "Leena Lahti", Language: "fi",
		Roles: []domain.Role{domain.Facilitator}, Areas: []string{"central"},
	})
	if err != nil {
		t.Fatal(err)
	}
	var namesakes int
	if err := w.office.Owner.NewRaw("SELECT count(*) FROM account WHERE name = 'Leena Lahti'").
		Scan(context.Background(), &namesakes); err != nil || namesakes != 1 || leena.ID == 0 {
		t.Errorf("%d people of one name, %v", namesakes, err)
	}
	voting := phases["voting"]
	if voting == "" || phases["proposing"] == "" {
		t.Fatalf("%+v", phases)
	}
	var people []struct {
		Sub, Name string
		Claims    struct {
			Code         string `json:"national_id_num"`
			Municipality string `json:"municipality_code"`
			PostalCode   string `json:"postal_code"`
			Protected    bool
		}
	}
	if err := json.Unmarshal(first, &people); err != nil {
		t.Fatal(err)
	}
	want := map[string]api.Rights{
		"aino": {
			Eligible:      true,
			SuggestedArea: pointer("central"),
		}, "eero": {Eligible: true, SuggestedArea: pointer("eastern")},
		"kerttu": {Eligible: true}, "onni": {Eligible: true},
		"vaino":  {Refusal: pointer(api.Refusal("too_young"))},
		"lumi":   {Refusal: pointer(api.Refusal("too_young"))},
		"greta":  {Refusal: pointer(api.Refusal("other_municipality"))},
		"veikko": {Refusal: pointer(api.Refusal("not_on_roll"))},
	}
	for _, p := range people {
		expected, asked := want[p.Sub]
		if !asked {
			continue
		}
		c := w.as(t, account.Person{
			Subject: p.Sub, Name: p.Name, IdentityCode: p.Claims.Code, Language: domain.Finnish,
			Municipality: p.Claims.Municipality, PostalCode: p.Claims.PostalCode, Protected: p.Claims.Protected,
		})
		var got api.Rights
		if status, code := c.get("/api/v1/rounds/"+voting+"/rights", &got); status != 200 {
			t.Errorf("%s: %d %s", p.Sub, status, code)
			continue
		}
		if got.Eligible != expected.Eligible || value(got.Refusal) != value(expected.Refusal) ||
			value(got.SuggestedArea) != value(expected.SuggestedArea) {
			t.Errorf("%s: %+v", p.Sub, got)
		}
	}
}

func value[T any](p *T) T {
	if p == nil {
		var zero T
		return zero
	}
	return *p
}
