package provider

import (
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"
)

// A client signs somebody in by code and PKCE, and reads the claims from the
// signed token. Nobody unknown is signed in, and nobody else redeems a code, or
// redeems one twice.
func TestProvider(t *testing.T) {
	t.Parallel()
	const redirect = "http://127.0.0.1:1/callback"
	p, err := Listen(Config{Secret: "right", Redirect: redirect, Claims: func(subject string) (map[string]any, bool) {
		return map[string]any{"national_id_num": "010190-999W", "roles": []string{"resident"}}, subject == "aino"
	}}, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := p.Close(); err != nil {
			t.Error(err)
		}
	}()
	found, err := oidc.NewProvider(t.Context(), p.Issuer)
	if err != nil {
		t.Fatal(err)
	}
	client := oauth2.Config{
		ClientID: ClientID, ClientSecret: "right", Endpoint: found.Endpoint(), RedirectURL: redirect,
		Scopes: []string{"openid", "profile"},
	}
	browser := &http.Client{CheckRedirect: func(r *http.Request, _ []*http.Request) error {
		if strings.HasPrefix(r.URL.String(), redirect) {
			return http.ErrUseLastResponse
		}
		return nil
	}}
	verifier := oauth2.GenerateVerifier()
	begin := func(hint string) url.Values {
		address := client.AuthCodeURL("state", oidc.Nonce("nonce"), oauth2.S256ChallengeOption(verifier),
			oauth2.SetAuthURLParam("login_hint", hint))
		response, err := browser.Get(address)
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = response.Body.Close() }()
		back, err := response.Location()
		if err != nil {
			text, _ := io.ReadAll(response.Body)
			t.Fatalf("%s: got %d %s, want a way back", hint, response.StatusCode, text)
		}
		return back.Query()
	}
	if back := begin("nobody"); back.Get("code") != "" || back.Get("error") == "" {
		t.Errorf("nobody: got %v, want an error", back)
	}
	back := begin("aino")
	if back.Get("state") != "state" {
		t.Errorf("got state %q, want the one that was sent", back.Get("state"))
	}
	wrong := client
	wrong.ClientSecret = "wrong"
	if _, err := wrong.Exchange(t.Context(), back.Get("code"), oauth2.VerifierOption(verifier)); err == nil {
		t.Error("a client with another secret redeems the code")
	}
	if _, err := client.Exchange(t.Context(), back.Get("code"), oauth2.VerifierOption("another")); err == nil {
		t.Error("the code is redeemed without its verifier")
	}
	back = begin("aino")
	token, err := client.Exchange(t.Context(), back.Get("code"), oauth2.VerifierOption(verifier))
	if err != nil {
		t.Fatal(err)
	}
	raw, _ := token.Extra("id_token").(string)
	signed, err := found.Verifier(&oidc.Config{ClientID: ClientID}).Verify(t.Context(), raw)
	if err != nil {
		t.Fatal(err)
	}
	var claims struct {
		IdentityCode string   `json:"national_id_num"`
		Roles        []string `json:"roles"`
	}
	if err := signed.Claims(&claims); err != nil || signed.Subject != "aino" || signed.Nonce != "nonce" ||
		claims.IdentityCode != "010190-999W" || len(claims.Roles) != 1 {
		t.Errorf("got %+v %+v, %v; want aino's claims", signed, claims, err)
	}
	if _, err := client.Exchange(t.Context(), back.Get("code"), oauth2.VerifierOption(verifier)); err == nil {
		t.Error("the code is redeemed twice")
	}
}
