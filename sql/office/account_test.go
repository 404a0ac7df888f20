package office_test

import (
	"context"
	"sync"
	"testing"
	"time"

	"osbu/domain"
	"osbu/domain/account"
	"osbu/sql/office"
	"osbu/sql/testdb"
)

func sessionEntry(token, key byte, now time.Time) account.Entry {
	e := account.Entry{
		Token:   [32]byte{token},
		Key:     [32]byte{key},
		Expires: now.Add(time.Hour),
		Ends:    now.Add(2 * time.Hour),
	}
	e.Name, e.Language, e.Roles = "Aino V.", domain.Finnish, []domain.Role{domain.Resident}
	return e
}

// Many sign-ins of a new person at once make one account.
func TestOnePersonOneAccount(t *testing.T) {
	d := testdb.New(t, office.Migrations(), office.Role)
	store, ctx, now := office.New(d.DB, helsinki(t)), context.Background(), time.Now()
	var wg sync.WaitGroup
	for i := range byte(8) {
		wg.Go(func() {
			if err := store.BeginSession(ctx, sessionEntry(i, 7, now), now); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	ids := map[int64]bool{}
	for i := range byte(8) {
		e, err := store.Session(ctx, [32]byte{i}, now)
		if err != nil {
			t.Fatal(err)
		}
		ids[e.ID] = true
	}
	if len(ids) != 1 {
		t.Errorf("%d accounts", len(ids))
	}
}

func TestSessionIsKeptAsItWas(t *testing.T) {
	d := testdb.New(t, office.Migrations(), office.Role)
	store, ctx, now := office.New(d.DB, helsinki(t)), context.Background(), time.Now().Truncate(time.Microsecond)
	e := sessionEntry(1, 2, now)
	e.Identified, e.Roles, e.Areas = true, []domain.Role{
		domain.Resident,
		domain.Facilitator,
	}, []string{
		"southern",
		`a "quoted", one`,
	}
	e.Municipality, e.PostalCode, e.Language = "091", "00530", domain.Swedish
	if err := store.BeginSession(ctx, e, now); err != nil {
		t.Fatal(err)
	}
	got, err := store.Session(ctx, e.Token, now)
	if err != nil {
		t.Fatal(err)
	}
	if got.Ref != e.Key || len(got.Roles) != 2 || got.Areas[1] != e.Areas[1] || got.Municipality != "091" ||
		got.PostalCode != "00530" ||
		got.Language != domain.Swedish || !got.Expires.Equal(e.Expires) ||
		!got.Ends.Equal(e.Ends) ||
		got.ID == 0 {
		t.Errorf("got %+v", got)
	}
	if _, err := store.Session(ctx, e.Token, e.Expires); domain.KindOf(err) != domain.NotFound {
		t.Errorf("expired, but %v", err)
	}
	if err := store.ExtendSession(ctx, e.Token, e.Ends); err != nil {
		t.Fatal(err)
	}
	if _, err := store.Session(ctx, e.Token, e.Expires); err != nil {
		t.Errorf("extended, but %v", err)
	}
	if err := store.ExtendSession(ctx, e.Token, e.Ends.Add(time.Second)); err == nil {
		t.Error("a session may outlive its end")
	}
	if err := store.EndSession(ctx, e.Token); err != nil {
		t.Fatal(err)
	}
	if _, err := store.Session(ctx, e.Token, now); domain.KindOf(err) != domain.NotFound {
		t.Errorf("ended, but %v", err)
	}
}

// The server may not remove people, nor give a session a role that there is
// not.
func TestAccountsUnderTheProductionRole(t *testing.T) {
	d := testdb.New(t, office.Migrations(), office.Role)
	store, ctx, now := office.New(d.DB, helsinki(t)), context.Background(), time.Now()
	if err := store.BeginSession(ctx, sessionEntry(1, 2, now), now); err != nil {
		t.Fatal(err)
	}
	if _, err := d.ExecContext(ctx, "DELETE FROM account"); err == nil {
		t.Error("the server may delete accounts")
	}
	e := sessionEntry(2, 3, now)
	e.Roles = []domain.Role{"admin"}
	if err := store.BeginSession(ctx, e, now); err == nil {
		t.Error("a session has the role admin")
	}
	if _, err := store.Session(ctx, e.Token, now); domain.KindOf(err) != domain.NotFound {
		t.Errorf("half of a sign-in is kept: %v", err)
	}
}
