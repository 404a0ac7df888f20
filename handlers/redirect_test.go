package handlers

import (
	"context"
	"net/http"
	"testing"

	"osbu/domain"
	"osbu/domain/decidim"
)

// oldAddresses are where a service that the city had before kept its pages.
type oldAddresses struct {
	decidim.Store
	to map[string]string
}

func (o oldAddresses) Redirect(_ context.Context, old string) (string, error) {
	if to, known := o.to[old]; known {
		return to, nil
	}
	return "", domain.Fail(domain.NotFound, domain.CodeNotFound, "no address %s", old)
}

// An address of the earlier service leads to what became of it, for good; one
// that nothing is known of is a page that there is not, as any other.
func TestOldAddressesLeadHere(t *testing.T) {
	t.Parallel()
	s := pagesServer(t, "https://osbu.example", built())
	s.config.Decidim = decidim.New(oldAddresses{to: map[string]string{
		"/processes/raha/f/1/proposals/7": "/rounds/raha/proposals/3",
	}})
	for old, want := range map[string]string{
		"/processes/raha/f/1/proposals/7":           "/rounds/raha/proposals/3",
		"/processes/raha/f/1/proposals/7/":          "/rounds/raha/proposals/3",
		"/processes/raha/f/1/proposals/7?locale=sv": "/rounds/raha/proposals/3",
		"/processes/raha/f/1/proposals/8":           "",
		"/rounds/raha":                              "",
	} {
		got, _ := ask(t, s, old)
		code := http.StatusOK
		switch {
		case want != "":
			code = http.StatusMovedPermanently
		case old != "/rounds/raha":
			code = http.StatusNotFound
		}
		if got.StatusCode != code || got.Header.Get("Location") != want {
			t.Errorf("%s: got %d to %q, want %d to %q", old, got.StatusCode, got.Header.Get("Location"), code, want)
		}
	}
}
