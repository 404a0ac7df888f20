package office_test

import (
	"bytes"
	"context"
	"sync"
	"testing"
	"time"

	"osbu/domain"
	"osbu/domain/account"
	"osbu/sql/office"
	"osbu/sql/testdb"
)

func sessionEntry(token byte, now time.Time) account.Entry {
	hour := now.Truncate(time.Hour)
	return account.Entry{
		Token: [32]byte{token}, Sealed: []byte{token}, Expires: hour.Add(2 * time.Hour), Ends: hour.Add(3 * time.Hour),
	}
}

func aPerson(key byte) account.Account {
	return account.Account{Key: [32]byte{key}, Name: "Aino V.", Language: domain.Finnish}
}

// Many sign-ins of a new person at once make one account, and so does what she
// does in many sessions.
func TestOnePersonOneAccount(t *testing.T) {
	t.Parallel()
	d := testdb.New(t, office.Migrations(), office.Role)
	store, ctx, now := office.New(d.DB, helsinki(t)), context.Background(), time.Now()
	person := aPerson(7)
	var wg sync.WaitGroup
	for i := range byte(8) {
		wg.Go(func() {
			var staff *account.Account
			if i%2 == 0 {
				staff = &person
			}
			if err := store.BeginSession(ctx, sessionEntry(i, now), staff, now); err != nil {
				t.Error(err)
			}
			if _, err := store.Enrol(ctx, [32]byte{i}, person); err != nil {
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
		ids[e.Account] = true
	}
	id, err := store.AccountOf(ctx, person.Key)
	if len(ids) != 1 || err != nil || !ids[id] || id == 0 {
		t.Errorf("%v: accounts %v, and %d by the key", err, ids, id)
	}
}

func TestSessionIsKeptAsItWas(t *testing.T) {
	t.Parallel()
	d := testdb.New(t, office.Migrations(), office.Role)
	store, ctx, now := office.New(d.DB, helsinki(t)), context.Background(), time.Now()
	e := sessionEntry(1, now)
	if err := store.BeginSession(ctx, e, nil, now); err != nil {
		t.Fatal(err)
	}
	got, err := store.Session(ctx, e.Token, now)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got.Sealed, e.Sealed) || !got.Expires.Equal(e.Expires) || !got.Ends.Equal(e.Ends) || got.Account != 0 {
		t.Errorf("got %+v", got)
	}
	if id, err := store.AccountOf(ctx, [32]byte{2}); err != nil || id != 0 {
		t.Errorf("%v: who only votes has account %d", err, id)
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
	if err := store.ExtendSession(ctx, e.Token, e.Ends.Add(time.Hour)); err == nil {
		t.Error("a session may outlive its end")
	}
	if err := store.EndSession(ctx, e.Token); err != nil {
		t.Fatal(err)
	}
	if _, err := store.Session(ctx, e.Token, now); domain.KindOf(err) != domain.NotFound {
		t.Errorf("ended, but %v", err)
	}
}

// The server may not remove people, nor give a number, nor let a voter's
// session tell of a moment.
func TestAccountsUnderTheProductionRole(t *testing.T) {
	t.Parallel()
	d := testdb.New(t, office.Migrations(), office.Role)
	store, ctx, now := office.New(d.DB, helsinki(t)), context.Background(), time.Now()
	person := aPerson(2)
	if err := store.BeginSession(ctx, sessionEntry(1, now), &person, now); err != nil {
		t.Fatal(err)
	}
	for _, q := range []string{
		"DELETE FROM account",
		"INSERT INTO account (id, key, identified, name, language) VALUES (1, sha256(''), false, '', 'fi')",
	} {
		if _, err := d.ExecContext(ctx, q); err == nil {
			t.Errorf("the server may %s", q)
		}
	}
	e := sessionEntry(2, now)
	e.Expires = e.Expires.Add(time.Second)
	if err := store.BeginSession(ctx, e, nil, now); err == nil {
		t.Error("a session of nobody's tells of a second")
	}
	if _, err := store.Session(ctx, e.Token, now); domain.KindOf(err) != domain.NotFound {
		t.Errorf("half of a sign-in is kept: %v", err)
	}
}
