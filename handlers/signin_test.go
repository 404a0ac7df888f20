package handlers

import (
	"encoding/json"
	"net/url"
	"reflect"
	"testing"
	"time"

	"osbu/domain"
	"osbu/domain/account"
)

func TestLocalPath(t *testing.T) {
	for path, want := range map[string]string{
		"/": "/", "/rounds/r1?area=a#top": "/rounds/r1?area=a#top", "/ä": "/%C3%A4",
		"": "/", "rounds": "/", "https://evil.example": "/", "//evil.example": "/", `/\evil.example`: "/",
		"javascript:alert(1)": "/",
		"/a\r\nSet-Cookie: x": "/", "/api/v1/session": "/", "/%2F/evil.example": "/", "/\x00": "/", "http:/evil.example": "/",
		"/a//b": "/",
	} {
		if got := localPath(path); got != want {
			t.Errorf("%q became %q, want %q", path, got, want)
		}
	}
}

// Helsinki's Keycloak nests roles, others give lists or words: the settings'
// names lead to all of them.
func TestClaimsBecomeAPerson(t *testing.T) {
	p := newProvider(SignIn{Language: domain.Finnish, Claims: Claims{
		IdentityCode: "urn:oid:1.2.246.21", Municipality: "address.municipality", PostalCode: "address.postal_code",
		Name:  "name",
		Roles: "realm_access.roles", Language: "locale", Areas: "areas", Protected: "turvakielto",
	}}, &url.URL{}, time.Now)
	var claims map[string]any
	if err := json.Unmarshal([]byte(`{
		"urn:oid:1.2.246.21": " 010190-999W ", "address": {"municipality": "091", "postal_code": "00530"}, "name": "Aino Virtanen",
		"realm_access": {"roles": ["facilitator", "offline_access", 7]}, "locale": "sv_FI", "areas": "southern western", "turvakielto": "true"
	}`), &claims); err != nil {
		t.Fatal(err)
	}
	want := account.Person{
		Subject: "iss sub", IdentityCode: "010190-999W", Name: "Aino Virtanen", Language: domain.Swedish,
		Roles: []domain.Role{"facilitator", "offline_access"}, Areas: []string{"southern", "western"},
		Municipality: "091", PostalCode: "00530", Protected: true,
	}
	if got := p.person("iss sub", claims); !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v", got)
	}
	if got := p.person("iss sub", map[string]any{}); got.IdentityCode != "" || got.Language != domain.Finnish ||
		got.Protected {
		t.Errorf("no claims became %+v", got)
	}
}

func TestJourneyIsSealed(t *testing.T) {
	seal := func(b byte) domain.Sealer {
		s, err := domain.NewSealer(append(make([]byte, 31), b))
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	now := time.Now()
	j := newJourney("/vote", now)
	cookie, err := j.seal(seal(1))
	if err != nil {
		t.Fatal(err)
	}
	if got, err := openJourney(seal(1), cookie, now); err != nil || got.State != j.State || got.ReturnTo != "/vote" {
		t.Errorf("%v %+v", err, got)
	}
	other := "A"
	if cookie[0] == 'A' {
		other = "B"
	}
	for name, open := range map[string]func() (journey, error){
		"another key": func() (journey, error) { return openJourney(seal(2), cookie, now) },
		"changed":     func() (journey, error) { return openJourney(seal(1), other+cookie[1:], now) },
		"none":        func() (journey, error) { return openJourney(seal(1), "", now) },
		"no base64":   func() (journey, error) { return openJourney(seal(1), "€", now) },
		"too late":    func() (journey, error) { return openJourney(seal(1), cookie, now.Add(journeyTime+time.Second)) },
	} {
		if _, err := open(); domain.CodeOf(err) != account.CodeSignIn {
			t.Errorf("%s: %v", name, err)
		}
	}
}
