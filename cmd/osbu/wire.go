package main

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"log/slog"
	"strings"
	"time"

	"osbu/domain/account"
	"osbu/frontend"
	"osbu/handlers"
	"osbu/sql/db"
	"osbu/sql/office"
)

// services are everything that a command or the server may call, over both databases. The two sides meet only here.
type services struct {
	office, box *db.DB
	metrics     *handlers.Metrics
	accounts    *account.Service
}

// wire builds the services. now is the clock of sessions and limits; what is open is for the databases' clocks to say.
func wire(s settings, officeDB, boxDB *db.DB, now func() time.Time) (*services, error) {
	store := office.New(officeDB)
	w := &services{office: officeDB, box: boxDB, metrics: handlers.NewMetrics(thisRelease())}
	w.accounts = account.New(account.Config{
		Store:  store,
		Refer:  func(code string) (account.Ref, error) { return refer(s.Pepper, code) },
		Pepper: s.Pepper, Now: now, Rand: rand.Reader,
		Idle: s.SessionIdle, Lifetime: s.SessionLifetime,
	})
	w.metrics.WatchPool("office", pool(officeDB))
	w.metrics.WatchPool("box", pool(boxDB))
	return w, nil
}

// server is the HTTP side over the services.
func (w *services) server(s settings, now func() time.Time, log *slog.Logger) (*handlers.Server, error) {
	sealer, err := s.sealer()
	if err != nil {
		return nil, err
	}
	return handlers.New(handlers.Config{
		Accounts:       w.accounts,
		PublicURL:      s.publicURL(),
		SignIn:         s.signIn(),
		Sealer:         sealer,
		Limits:         s.limits(),
		TrustedProxies: s.TrustedProxies,
		RequestTimeout: s.RequestTimeout,
		Pages:          frontend.Dist(),
		Databases: []handlers.Database{
			{Name: "office", Ping: w.office.PingContext},
			{Name: "box", Ping: w.box.PingContext},
		},
		Metrics: w.metrics,
		Release: thisRelease(),
		Log:     log,
		Now:     now,
	}), nil
}

// close finishes what the services have accepted.
func (w *services) close() error { return nil }

func pool(d *db.DB) func() handlers.Pool {
	return func() handlers.Pool {
		s := d.Pool.Stat()
		return handlers.Pool{
			Total: int(s.TotalConns()), Acquired: int(s.AcquiredConns()), Idle: int(s.IdleConns()), Max: int(s.MaxConns()),
			Acquires: s.AcquireCount(), EmptyAcquires: s.EmptyAcquireCount(), Waited: s.EmptyAcquireWaitTime(),
		}
	}
}

// refer is the keyed hash of an identity code.
func refer(pepper []byte, code string) (ref account.Ref, err error) {
	mac := hmac.New(sha256.New, pepper)
	mac.Write([]byte(strings.ToUpper(code)))
	return account.Ref(mac.Sum(nil)), nil
}
