package domain_test

import (
	"bytes"
	"math"
	"math/big"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"osbu/domain"
)

// A point elsewhere, or one whose numbers are swapped, is not in the city.
func TestPointsLieInTheCity(t *testing.T) {
	city := domain.Extent{South: 59.92, West: 24.78, North: 60.3, East: 25.26}
	for point, want := range map[domain.Point]string{
		{Latitude: 60.17, Longitude: 24.95}:       "",
		{Latitude: 59.92, Longitude: 25.26}:       "",
		{Latitude: 40.7, Longitude: -74}:          "outside_city",
		{Latitude: -33.9, Longitude: 151.2}:       "outside_city",
		{Latitude: 24.95, Longitude: 60.17}:       "outside_city",
		{Latitude: -90, Longitude: 180}:           "outside_city",
		{}:                                        "outside_city",
		{Latitude: 90.1}:                          "bad_format",
		{Latitude: math.NaN()}:                    "bad_format",
		{Latitude: 60.17, Longitude: math.Inf(1)}: "bad_format",
	} {
		var problems domain.Problems
		point.Check(city, &problems, "point")
		got := ""
		for _, p := range problems {
			got += p.Code
		}
		if got != want {
			t.Errorf("%v: got %q, want %q", point, got, want)
		}
	}
}

// Sums and shares are those of exact integers, or refused.
func TestMoneyIsExact(t *testing.T) {
	amounts := rapid.OneOf(rapid.Int64(), rapid.SampledFrom([]int64{math.MaxInt64, math.MinInt64, -1, 0, 1}))
	rapid.Check(t, func(t *rapid.T) {
		a, b := amounts.Draw(t, "a"), amounts.Draw(t, "b")
		exact := new(big.Int).Add(big.NewInt(a), big.NewInt(b))
		sum, err := domain.Cents(a).Add(domain.Cents(b))
		if (err == nil) != exact.IsInt64() || err == nil && int64(sum) != exact.Int64() {
			t.Fatalf("%d + %d = %d, %v", a, b, sum, err)
		}
		whole := rapid.Int64Range(1, math.MaxInt64).Draw(t, "whole")
		part := rapid.Int64Range(0, whole).Draw(t, "part")
		pot := rapid.Int64Range(0, math.MaxInt64).Draw(t, "pot")
		share, rest := domain.Cents(pot).Share(part, whole)
		product := new(big.Int).Mul(big.NewInt(pot), big.NewInt(part))
		wanted, left := product.DivMod(product, big.NewInt(whole), new(big.Int))
		if wanted.Cmp(big.NewInt(int64(share))) != 0 || left.Cmp(big.NewInt(rest)) != 0 {
			t.Fatalf("%d × %d / %d = %d rest %d", pot, part, whole, share, rest)
		}
	})
	for cents, text := range map[domain.Cents]string{
		0: "0", 5: "0.05", 186835350: "1868353.50", 186835300: "1868353",
		-1: "-0.01", math.MaxInt64: "92233720368547758.07",
	} {
		if cents.String() != text {
			t.Errorf("%d cents are %s", int64(cents), cents)
		}
	}
}

// A sealed secret opens under its key and its context alone, and the error
// quotes nothing of it.
func TestSealedSecretsStayInTheirPlace(t *testing.T) {
	s, err := domain.NewSealer(bytes.Repeat([]byte{1}, 32))
	if err != nil {
		t.Fatal(err)
	}
	other, err := domain.NewSealer(bytes.Repeat([]byte{2}, 32))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := domain.NewSealer(make([]byte, 16)); err == nil {
		t.Error("a key of 16 bytes was taken")
	}
	sealed := s.Seal([]byte("secret"), "issuer key of r, paper p")
	if plain, err := s.Unseal(sealed, "issuer key of r, paper p"); err != nil || string(plain) != "secret" {
		t.Fatalf("%q, %v", plain, err)
	}
	if bytes.Equal(sealed, s.Seal([]byte("secret"), "issuer key of r, paper p")) {
		t.Error("the same secret is sealed to the same bytes")
	}
	for i := range sealed {
		changed := bytes.Clone(sealed)
		changed[i] ^= 1
		if _, err := s.Unseal(changed, "issuer key of r, paper p"); err == nil {
			t.Errorf("byte %d was changed unnoticed", i)
		}
	}
	for _, err := range []error{
		second(other.Unseal(sealed, "issuer key of r, paper p")), second(s.Unseal(sealed, "issuer key of r, paper q")),
		second(s.Unseal(nil, "lot of r")),
	} {
		if err == nil || strings.Contains(err.Error(), "secret") {
			t.Errorf("%v", err)
		}
	}
}

// The first key seals and all open: with a newer key before it a sealed secret
// stays open, and the older key may go when nothing of its time is left.
func TestKeysAreReplaced(t *testing.T) {
	older, newer := bytes.Repeat([]byte{1}, 32), bytes.Repeat([]byte{2}, 32)
	round := bytes.Repeat([]byte{3}, 32)
	sealer := func(under bool, keys ...[]byte) domain.Sealer {
		s, err := domain.NewSealer(keys...)
		if err == nil && under {
			s, err = s.Under(round)
		}
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	for _, under := range []bool{false, true} {
		before := sealer(under, older).Seal([]byte("secret"), "lot of r")
		both := sealer(under, newer, older)
		after := both.Seal([]byte("secret"), "lot of r")
		for what, got := range map[string]struct {
			with   domain.Sealer
			sealed []byte
			opens  bool
		}{
			"both open the older one's":           {both, before, true},
			"both open the newer one's":           {both, after, true},
			"the newer opens its own":             {sealer(under, newer), after, true},
			"the older alone opens its own":       {sealer(under, older), before, true},
			"the older does not open the newer's": {sealer(under, older), after, false},
			"the newer does not open the older's": {sealer(under, newer), before, false},
		} {
			plain, err := got.with.Unseal(got.sealed, "lot of r")
			if (err == nil) != got.opens || got.opens && string(plain) != "secret" {
				t.Errorf("%s (under a round's key: %t): %q, %v", what, under, plain, err)
			}
		}
	}
	if _, err := domain.NewSealer(); err == nil {
		t.Error("a sealer without keys was made")
	}
	if _, err := domain.NewSealer(newer, older[:16]); err == nil {
		t.Error("an older key of 16 bytes was taken")
	}
}

func second(_ []byte, err error) error { return err }

// A missing translation falls back and never hides a text.
func TestTextFallsBack(t *testing.T) {
	for want, in := range map[string]domain.Text{
		"ruotsi": {Sv: "ruotsi"}, "englanti": {En: "englanti"},
		"suomi": {Fi: "suomi", En: "englanti"}, "": {},
	} {
		if want == "suomi" {
			if in.In(domain.English) != "englanti" || in.In(domain.Swedish) != want {
				t.Error("suomi, englanti")
			}
			continue
		}
		for _, l := range []domain.Language{domain.Finnish, domain.Swedish, domain.English} {
			if got := in.In(l); got != want {
				t.Errorf("%v in %s: %q", in, l, got)
			}
		}
	}
}

// Who may not is told to sign in if nobody is known, and refused otherwise.
func TestNeed(t *testing.T) {
	for _, role := range []domain.Role{domain.Resident, domain.Facilitator, domain.Expert, domain.Official} {
		if err := (domain.Actor{}).Need(role); domain.KindOf(err) != domain.Unauthenticated {
			t.Errorf("a visitor as %s: %v", role, err)
		}
		for _, has := range []domain.Role{domain.Resident, domain.Facilitator, domain.Expert, domain.Official} {
			err := domain.Actor{ID: 1, Roles: []domain.Role{has}}.Need(role)
			if (err == nil) != (has == role) || err != nil && domain.KindOf(err) != domain.Forbidden {
				t.Errorf("%s as %s: %v", has, role, err)
			}
		}
	}
	stina := domain.Actor{ID: 1, Roles: []domain.Role{domain.Facilitator}, Areas: []string{"southern"}}
	if !stina.Facilitates("southern") || stina.Facilitates("western") ||
		(domain.Actor{ID: 2, Areas: []string{"southern"}}).Facilitates("southern") {
		t.Error("a facilitator is one in her districts alone")
	}
}
