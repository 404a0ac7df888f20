package service

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"encoding/hex"
	"net/http"
	"strings"
	"testing"

	"golang.org/x/mod/sumdb/note"

	"osbu/domain/box"
	"osbu/domain/box/boxtest"
	"osbu/handlers/api"
)

// voting opens the box for a small election, with the clocks in the middle of
// its vote.
func (w *world) voting(t *testing.T, id string) *boxtest.Election {
	t.Helper()
	w.at(t, "2026-10-10 12:00Z")
	e := boxtest.New(t, rand.Reader, id)
	ctx := context.Background()
	key, err := w.services.box.Prepare(ctx, id)
	if err == nil {
		err = w.services.box.Install(ctx, id, e.Encode(t, key))
	}
	if err == nil {
		err = w.services.box.Open(ctx, id, boxtest.Opens, boxtest.Closes)
	}
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// envelope is a cast as it is sent.
func envelope(c box.Cast) api.Cast {
	text := base64.StdEncoding.EncodeToString
	return api.Cast{
		Paper: c.Paper, Key: text(c.Key), Randomizer: text(c.Randomizer), Credential: text(c.Credential),
		Ballot: text(c.Ballot), Seq: c.Seq,
		Signature: text(c.Signature), Commit: given(c.Commit, text),
	}
}

// given is what there is of an optional member.
func given(b []byte, text func([]byte) string) *string {
	if len(b) == 0 {
		return nil
	}
	return pointer(text(b))
}

func TestCastOverHTTP(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	e := w.voting(t, "r")
	c := w.anonymous(t)
	const ballots = "/box/v1/rounds/r/ballots"
	v := e.Voter(t, "main")
	first := v.Fill(t, "north", 1, 3)
	var promise, again api.Promise
	if status, code := c.post(ballots, envelope(first), &promise); status != http.StatusOK {
		t.Fatal(status, code)
	}
	verifier, err := note.NewVerifier(e.Manifest.LogKey)
	if err != nil {
		t.Fatal(err)
	}
	if n, err := note.Open([]byte(promise.Promise), note.VerifierList(verifier)); err != nil ||
		!strings.HasPrefix(n.Text, "osbu/promise/v2\n") {
		t.Errorf("promise %q, %v", promise.Promise, err)
	}
	if status, _ := c.post(ballots, envelope(first), &again); status != http.StatusOK || again != promise {
		t.Errorf("the same bytes again: %d, %q", status, again.Promise)
	}
	changed := func(change func(*api.Cast)) api.Cast {
		cast := envelope(e.Voter(t, "main").Fill(t, "north", 1))
		change(&cast)
		return cast
	}
	for _, refused := range []struct {
		name   string
		path   string
		cast   any
		status int
		code   string
	}{
		{"another ballot", ballots, envelope(v.Fill(t, "south", 5)), http.StatusConflict, "nullifier_used"},
		{"unknown round", "/box/v1/rounds/r9/ballots", envelope(first), http.StatusNotFound, "not_found"},
		{"unknown paper", ballots, changed(func(c *api.Cast) { c.Paper = "none" }), http.StatusBadRequest, "invalid_request"},
		{
			"credential of nobody", ballots, changed(func(c *api.Cast) { c.Key, c.Randomizer = c.Randomizer, c.Key }),
			http.StatusForbidden, "credential_invalid",
		},
		{
			"signature of nobody", ballots, changed(func(c *api.Cast) { c.Signature = envelope(first).Signature }),
			http.StatusBadRequest, "signature_invalid",
		},
		{
			"too many picks", ballots, envelope(e.Voter(t, "main").Fill(t, "north", 1, 2, 3, 4)), http.StatusBadRequest,
			"ballot_invalid",
		},
		{"over the pot", ballots, envelope(e.Voter(t, "city").Fill(t, "whole", 6, 7)), http.StatusBadRequest, "over_pot"},
		{
			"base64 with stray bits", ballots, changed(func(c *api.Cast) { c.Key = c.Key[:42] + "B=" }), http.StatusBadRequest,
			"invalid_request",
		},
		{"second ballot", ballots, changed(func(c *api.Cast) { c.Seq = 2 }), http.StatusBadRequest, "invalid_request"},
		{
			"too long", ballots, changed(func(c *api.Cast) { c.Ballot = strings.Repeat("A", 70_000) }),
			http.StatusRequestEntityTooLarge, "body_too_large",
		},
		{"no JSON", ballots, []byte("ballot"), http.StatusBadRequest, "malformed_request"},
	} {
		t.Run(refused.name, func(t *testing.T) {
			c.t = t
			if status, code := c.post(refused.path, refused.cast, nil); status != refused.status ||
				code != refused.code {
				t.Errorf("%d %s, want %d %s", status, code, refused.status, refused.code)
			}
		})
	}
	c.t = t
	c.header = http.Header{"Cookie": {"osbu_session=x"}}
	if status, code := c.post(ballots, envelope(first), nil); status != http.StatusBadRequest ||
		code != "cookie_not_accepted" {
		t.Errorf("with a cookie: %d %s", status, code)
	}
	c.header = http.Header{"Content-Type": {"text/plain"}}
	if status, code := c.post(ballots, envelope(first), nil); status != http.StatusUnsupportedMediaType ||
		code != "unsupported_media_type" {
		t.Errorf("not as JSON: %d %s", status, code)
	}
	c.header = nil
	w.at(t, "2026-10-25 18:00Z")
	if status, code := c.post(ballots, envelope(e.Voter(t, "main").Fill(t, "north", 1)),
		nil); status != http.StatusConflict ||
		code != "voting_closed" {
		t.Errorf("after closing time: %d %s", status, code)
	}
	if status, _ := c.post(ballots, envelope(first), &again); status != http.StatusOK || again != promise {
		t.Errorf("the same bytes after closing time: %d, %q", status, again.Promise)
	}
	for what, secret := range map[string]string{
		"key": envelope(first).Key, "key in hex": hex.EncodeToString(first.Key),
		"ballot": envelope(first).Ballot, "choice": "choices",
	} {
		if strings.Contains(w.log.String(), secret) {
			t.Errorf("the log tells the %s", what)
		}
	}
}

func TestManifestOverHTTP(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.anonymous(t)
	const path = "/box/v1/rounds/r/manifest"
	if status, code := c.get(path, nil); status != http.StatusNotFound || code != "not_found" {
		t.Errorf("before the freeze: %d %s", status, code)
	}
	e := w.voting(t, "r")
	var text string
	if status, code := c.get(path, &text); status != http.StatusOK {
		t.Fatal(status, code)
	}
	verifier, err := note.NewVerifier(e.Manifest.LogKey)
	if err != nil {
		t.Fatal(err)
	}
	if n, err := note.Open([]byte(text), note.VerifierList(verifier)); err != nil ||
		n.Text != string(e.Encode(t, e.Manifest.LogKey)) {
		t.Errorf("%v in %q", err, text)
	}
	tag := ""
	for _, want := range []int{http.StatusOK, http.StatusNotModified} {
		c.header = http.Header{"If-None-Match": {tag}}
		response := c.send(http.MethodGet, path, nil)
		_ = response.Body.Close()
		tag = response.Header.Get("ETag")
		if response.StatusCode != want || tag == "" ||
			!strings.HasPrefix(response.Header.Get("Cache-Control"), "public") {
			t.Errorf("%d %v, want %d", response.StatusCode, response.Header, want)
		}
	}
}
