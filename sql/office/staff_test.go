package office_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"osbu/domain"
	"osbu/domain/account"
	"osbu/domain/staff"
)

// Who works for the city is known by what the provider said last; residents are
// not among them, and whoever has no role any more is gone.
func TestStaffAreListed(t *testing.T) {
	t.Parallel()
	_, store := open(t)
	ctx := context.Background()
	now := time.Now()
	signIn := func(key byte, name string, a account.Account) {
		t.Helper()
		a.Key, a.Name, a.Language = [32]byte{key}, name, domain.Finnish
		e := account.Entry{
			Token: [32]byte{key, byte(len(a.Roles)), byte(len(a.Areas))}, Sealed: []byte("x"),
			Expires: now.Add(time.Hour), Ends: now.Add(time.Hour),
		}
		if err := store.BeginSession(ctx, e, &a, now); err != nil {
			t.Fatal(err)
		}
	}
	signIn(1, "Stina", account.Account{
		Roles: []domain.Role{domain.Resident, domain.Facilitator}, Facilitator: true, Areas: []string{"southern"},
	})
	signIn(1, "Stina", account.Account{
		Roles:       []domain.Role{domain.Resident, domain.Facilitator, domain.Expert},
		Facilitator: true, Areas: []string{"southern", "western"}, Divisions: []string{"environment"},
	})
	signIn(2, "Aino", account.Account{Roles: []domain.Role{domain.Resident}})
	signIn(3, "Olli", account.Account{Roles: []domain.Role{domain.Resident, domain.Official}})
	service := staff.New(store)
	all := must(service.List(ctx, official))(t)
	if len(all) != 2 || all[0].Name != "Olli" || all[1].Name != "Stina" {
		t.Fatalf("got %+v, want Olli and Stina", all)
	}
	stina := all[1]
	if !slices.Equal(stina.Roles, []domain.Role{domain.Facilitator, domain.Expert}) ||
		!slices.Equal(stina.Areas, []string{"southern", "western"}) ||
		!slices.Equal(stina.Divisions, []string{"environment"}) || stina.SeenAt.IsZero() {
		t.Errorf("got %+v", stina)
	}
	signIn(3, "Olli", account.Account{Roles: []domain.Role{domain.Resident}})
	if all = must(service.List(ctx, official))(t); len(all) != 1 {
		t.Errorf("got %+v, want Stina alone", all)
	}
	if _, err := service.List(ctx, southern); domain.KindOf(err) != domain.Forbidden {
		t.Errorf("a facilitator: got %v", err)
	}
}
