package handlers

import (
	"strings"
	"testing"
)

func TestEmbeddersAreSites(t *testing.T) {
	var sites Embedders
	if err := sites.UnmarshalText([]byte(" https://www.hel.fi  https://*.hel.fi http://localhost:3000 ")); err != nil ||
		len(sites) != 3 || !strings.HasSuffix(
		sites.policy(), "; frame-ancestors https://www.hel.fi https://*.hel.fi http://localhost:3000",
	) {
		t.Errorf("got %q, %v", sites, err)
	}
	if policy := Embedders(nil).policy(); !strings.HasSuffix(policy, "; frame-ancestors 'none'") {
		t.Errorf("without sites: %s", policy)
	}
	for _, bad := range []string{
		"*", "https://*", "www.hel.fi", "'self'", "https://hel.fi/", "https://hel.fi; script-src *", "https://a.*.fi",
		"https://user@hel.fi", "https:", "https://hel.fi,https://b.fi", "data:", "https://hel.fi?x",
	} {
		if err := new(Embedders).UnmarshalText([]byte(bad)); err == nil {
			t.Errorf("%q is taken", bad)
		}
	}
}
