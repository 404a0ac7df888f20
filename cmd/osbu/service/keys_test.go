package service

import (
	"bytes"
	"encoding/base64"
	"slices"
	"strings"
	"testing"

	"osbu/domain"
	"osbu/handlers/api"
	"osbu/sql/testdb"
)

// What the running service has sealed opens under its own setting's key alone.
// A key that is put before it leaves what is sealed open, and without the older
// key it opens no more.
func TestEachSecretHasKeysOfItsOwn(t *testing.T) {
	t.Parallel()
	w := newWorld(t, provider(t, demoPeople))
	w.at(t, "2026-01-10 12:00+02")
	official := w.official(t)
	body, projects := byHand("r")
	official.post("/api/v1/rounds", body, nil)
	official.post("/api/v1/rounds/r/projects/import", projects, nil)
	official.post("/api/v1/rounds/r/codes", api.CodesRequest{Count: 1, Label: "codes"}, nil)
	w.take(t, official, "r", "propose", "vet", "freeze")
	b := newBrowser(t, w)
	b.open(w.url + "/api/v1/sign-in")
	journey, err := base64.RawURLEncoding.DecodeString(b.cookie("osbu_sign_in", "/api/v1/sign-in").Value)
	if err != nil {
		t.Fatal(err)
	}
	mail, _ := posting(t)
	mail.as(t, person{Subject: "aino", Email: "aino@example.org", EmailVerified: true}).submitted(bench("Penkki"))

	read := func(from *testdb.DB, query string) (sealed []byte) {
		if err := from.Owner.NewRaw(query).Scan(t.Context(), &sealed); err != nil {
			t.Fatal(err)
		}
		return sealed
	}
	settings := []string{"ISSUERS", "LOGS", "OPENINGS", "ADDRESSES", "SESSIONS"}
	of := func(s *Settings, name string) *keyList {
		return map[string]*keyList{
			"ISSUERS": &s.SealIssuers, "LOGS": &s.SealLogs, "OPENINGS": &s.SealOpenings,
			"ADDRESSES": &s.SealAddresses, "SESSIONS": &s.SealSessions,
		}[name]
	}
	for name, sealed := range map[string]struct {
		bytes   []byte
		context string
	}{
		"ISSUERS":   {read(w.office, "SELECT sealed FROM issuer WHERE round = 'r'"), "issuer key of r, paper main"},
		"LOGS":      {read(w.box, "SELECT sealed FROM log WHERE round = 'r'"), "log key of round r"},
		"OPENINGS":  {read(w.office, "SELECT lot FROM frozen WHERE round = 'r'"), "lot of r"},
		"ADDRESSES": {read(mail.office, "SELECT address FROM mailbox WHERE confirmed"), "e-mail address"},
		"SESSIONS":  {journey, "sign-in under way"},
	} {
		t.Run(name, func(t *testing.T) {
			opens := func(keys ...[]byte) bool {
				t.Helper()
				sealer, err := domain.NewSealer(keys...)
				if err == nil && name == "ISSUERS" {
					s := w.settings
					s.SealIssuers = keys
					var wrapping roundKeys
					if wrapping, err = s.wrapping(); err == nil {
						sealer, err = wrapping.Find("r")
					}
				}
				if err != nil {
					t.Fatal(err)
				}
				_, err = sealer.Unseal(sealed.bytes, sealed.context)
				return err == nil
			}
			own, newer := *of(&w.settings, name), bytes.Repeat([]byte{0xff}, 32)
			if !opens(own...) {
				t.Error("does not open under its own key")
			}
			if !opens(slices.Insert(slices.Clone(own), 0, newer)...) {
				t.Error("does not open after a newer key was put first")
			}
			if opens(newer) {
				t.Error("opens without its own key")
			}
			for _, other := range settings {
				if other != name && opens(*of(&w.settings, other)...) {
					t.Errorf("opens under the key of %s", other)
				}
			}
		})
	}
}

// A key in two settings is refused by the second's name, and not quoted.
func TestNoKeyOpensTwoSorts(t *testing.T) {
	t.Parallel()
	all := testSecrets()
	_, key, _ := strings.Cut(all[0], "=")
	for i, setting := range all[1:] {
		name, _, _ := strings.Cut(setting, "=")
		given := slices.Clone(all)
		given[i+1] = name + "=" + key
		if _, err := ReadSettings(given); err == nil || !strings.HasPrefix(err.Error(), name+": ") ||
			strings.Contains(err.Error(), key) {
			t.Errorf("%s with the key of another: %v", name, err)
		}
	}
	if _, err := ReadSettings(all); err != nil {
		t.Error(err)
	}
}
