package main

import (
	"net/http"
	"testing"

	"osbu/domain"
	"osbu/handlers/api"
)

func TestSessionTellsWhoIsSignedIn(t *testing.T) {
	w := newWorld(t)
	var s api.Session
	if status, _ := w.anonymous(t).get("/api/v1/session", &s); status != http.StatusOK || s.SignedIn || s.Csrf != "" {
		t.Fatalf("a visitor gets %d %+v", status, s)
	}
	resident := w.as(t, person{Name: "Aino Maria Virtanen", Language: domain.Swedish, PostalCode: "00530"})
	if status, _ := resident.get("/api/v1/session", &s); status != http.StatusOK || !s.SignedIn || s.Csrf == "" {
		t.Fatalf("a resident gets %d %+v", status, s)
	}
	if *s.Name != "Aino V." || *s.Language != api.Sv || *s.PostalCode != "00530" {
		t.Errorf("a resident gets %s %s %s", *s.Name, *s.Language, *s.PostalCode)
	}
}
