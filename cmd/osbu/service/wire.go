// Package service is osbu as a whole: its settings, everything wired over both
// databases, and the server with its background work. The command's own package
// holds flags and output alone, so that tests of the whole lie here, one file a
// feature.
package service

import (
	"context"
	"crypto/rand"
	"fmt"
	"log/slog"
	"time"
	_ "time/tzdata" // cities' times on machines without a zone database

	"osbu/cmd/internal/release"
	"osbu/cmd/osbu/programs"
	"osbu/domain"
	"osbu/domain/account"
	"osbu/domain/area"
	"osbu/domain/box"
	"osbu/domain/city"
	"osbu/domain/decidim"
	"osbu/domain/delivery"
	"osbu/domain/equality"
	"osbu/domain/event"
	"osbu/domain/helpdesk"
	"osbu/domain/ledger"
	"osbu/domain/paper"
	persons "osbu/domain/person"
	"osbu/domain/polling"
	"osbu/domain/post"
	"osbu/domain/record"
	"osbu/domain/reminder"
	"osbu/domain/retention"
	"osbu/domain/roll"
	"osbu/domain/round"
	"osbu/domain/staff"
	"osbu/domain/statistics"
	"osbu/frontend"
	"osbu/handlers"
	boxstore "osbu/sql/box"
	"osbu/sql/db"
	"osbu/sql/office"
)

// services are everything that a command or the server may call, over both
// databases. The two sides meet only here.
type services struct {
	proposalServices
	officeDB, boxDB *db.DB
	city            city.City
	metrics         *handlers.Metrics
	accounts        *account.Service
	persons         *persons.Service
	rounds          *round.Service
	records         *record.Service
	events          *event.Service
	helpDesk        *helpdesk.Service
	equality        *equality.Service
	statistics      *statistics.Service
	areas           *area.Service
	retention       retention.Store
	staff           *staff.Service
	deliveries      *delivery.Service
	decidim         *decidim.Service
	ledger          *ledger.Service
	polling         *polling.Service
	paper           *paper.Service
	roll            *roll.Service
	box             *box.Service
	post            *post.Service
	reminders       *reminder.Service
	log             *slog.Logger // of e-mails, once the server runs
	intake          *boxstore.Intake
	excess          excess
	sequencer       *box.Sequencer
	destroyKeys     func(context.Context) error
}

// Bounds of the intake: a queue of about a second's work, batches that a
// commit's disk write is well shared by.
const (
	intakeQueue   = 4096
	intakeBatch   = 256
	intakeTimeout = 20 * time.Second
	intakeHelpers = 3
)

// openServices connects to both databases, each under its least-privileged
// role, and builds the services over them; done disconnects.
func openServices(ctx context.Context, s Settings) (w *services, done func(), err error) {
	if err := s.needSecrets(); err != nil {
		return nil, nil, err
	}
	officeDB, err := db.Open(ctx, db.Config{URL: s.OfficeDatabaseURL, Role: office.Role, MaxConns: s.OfficeConns})
	if err != nil {
		return nil, nil, fmt.Errorf("OSBU_OFFICE_DATABASE_URL: %w", err)
	}
	boxDB, err := db.Open(ctx, db.Config{URL: s.BoxDatabaseURL, Role: boxstore.Role, MaxConns: s.BoxConns})
	if err != nil {
		_ = officeDB.Close()
		return nil, nil, fmt.Errorf("OSBU_BOX_DATABASE_URL: %w", err)
	}
	done = func() { _, _ = officeDB.Close(), boxDB.Close() }
	if w, err = wire(s, officeDB, boxDB, time.Now); err != nil {
		done()
		return nil, nil, err
	}
	return w, done, nil
}

// wire builds the services. now is the clock of sessions and limits; what is
// open is for the databases' clocks to say.
func wire(s Settings, officeDB, boxDB *db.DB, now func() time.Time) (*services, error) {
	addresses, err := domain.NewSealer(s.SealAddresses...)
	if err != nil {
		return nil, err
	}
	logs, err := domain.NewSealer(s.SealLogs...)
	if err != nil {
		return nil, err
	}
	openings, err := domain.NewSealer(s.SealOpenings...)
	if err != nil {
		return nil, err
	}
	store, boxStore := office.New(officeDB, s.City.TimeZone), boxstore.New(boxDB)
	w := &services{
		officeDB: officeDB, boxDB: boxDB, city: s.City.City,
		metrics: handlers.NewMetrics(handlers.Release(release.Read())),
	}
	w.accounts = account.New(account.Config{
		Store:  store,
		Refer:  func(code string) (account.Ref, error) { return roll.Refer(s.Pepper, code) },
		Pepper: s.Pepper, Now: now, Rand: rand.Reader,
		Lasts: account.Lasts{
			Idle: s.SessionIdle, Lifetime: s.SessionLifetime, StaffIdle: s.StaffIdle, StaffLifetime: s.StaffLifetime,
		},
		SealEmail: func(address string) []byte { return post.SealAddress(addresses, address) },
	})
	w.persons = newPersons(s, store, addresses)
	if w.post, err = w.newPost(s, store, addresses); err != nil {
		return nil, err
	}
	w.reminders = reminder.New(reminder.Config{Rounds: store, Store: store, TimeZone: s.City.TimeZone})
	w.intake = boxstore.NewIntake(boxstore.IntakeConfig{
		Store: boxStore, Observer: w.metrics, Queue: intakeQueue, Batch: intakeBatch, Timeout: intakeTimeout,
		Helpers: intakeHelpers,
	})
	w.metrics.WatchQueue(w.intake.Depth)
	w.box = box.New(
		box.Config{Rand: rand.Reader, Sealer: logs, Store: boxStore, Intake: w.intake, Witnesses: s.Witnesses},
	)
	w.sequencer = box.NewSequencer(box.SequencerConfig{
		Box: w.box, Observer: w.metrics, Min: s.ReleaseMin, Every: s.ReleaseEvery, Now: now,
		Before: func(ctx context.Context) error { return w.roll.Mix(ctx, true) },
	})
	w.rounds = round.New(store, w.box)
	if err := w.wireProposals(s, store, addresses); err != nil {
		return nil, err
	}
	w.events = event.New(event.Config{
		Rounds: store, Store: store, Seats: store, Notes: store, Letters: w.post,
		City: s.City.Extent, TimeZone: s.City.TimeZone,
	})
	w.equality = equality.New(store)
	w.statistics = statistics.New(store, w.equality)
	w.retention = store
	w.staff = staff.New(store)
	w.decidim = decidim.New(store)
	w.areas = area.New(store, s.City.TimeZone)
	w.ledger = ledger.New(ledger.Config{Rounds: store, Store: store, TimeZone: s.City.TimeZone})
	w.deliveries = delivery.New(delivery.Config{
		Rounds: store, Lists: store, Store: store, Bulk: store, Judgements: store,
		City: s.City.Extent, TimeZone: s.City.TimeZone,
	})
	w.roll, err = newRoll(
		s,
		store,
		func(round, paper string, channel roll.Channel) { w.metrics.RightSpent(round, paper, string(channel)) },
	)
	if err != nil {
		return nil, err
	}
	w.helpDesk = helpdesk.New(helpdesk.Config{Store: store, Roll: w.roll, TimeZone: s.City.TimeZone})
	w.polling = polling.New(polling.Config{
		Store: store, Rounds: store, Roll: w.roll, Pepper: s.Pepper, TimeZone: s.City.TimeZone, Rand: rand.Reader,
	})
	capabilities, err := domain.NewSealer(s.SealSessions...)
	if err != nil {
		return nil, err
	}
	w.paper = paper.New(paper.Config{
		Places: w.polling, Store: store, Batches: w.box, Box: w.box, Sealer: capabilities, Now: now, Rand: rand.Reader,
	})
	wrapping, err := s.wrapping()
	if err != nil {
		return nil, err
	}
	w.destroyKeys = func(ctx context.Context) error { return destroyKeys(ctx, store, wrapping) }
	w.records = record.New(record.Config{
		Office: store, Gate: w.box, Box: w.box, Counts: store, Sealer: openings, Rand: rand.Reader, Now: now,
		TimeZone: s.City.TimeZone, Wrapping: wrapping,
		Closed: func(id string) {
			w.roll.Forget(id)
			_ = w.destroyKeys(context.Background()) // if it fails, the worker tries again and says why
		},

		OneCluster:         func(ctx context.Context) (bool, error) { return db.SameCluster(ctx, officeDB, boxDB) },
		OneClusterAccepted: s.OneCluster,

		Witnesses:        s.Witnesses,
		Pool:             record.Pool{Every: s.ReleaseEvery, Least: s.ReleaseMin},
		MostReplacements: w.roll.MostReplacements, Counted: w.counted,
	})
	w.metrics.WatchPool("office", pool(officeDB))
	w.metrics.WatchPool("box", pool(boxDB))
	return w, nil
}

// server is the HTTP side over the services.
func (w *services) server(s Settings, now func() time.Time, log *slog.Logger) (*handlers.Server, error) {
	w.excess.tell(log)
	sessions, err := domain.NewSealer(s.SealSessions...)
	if err != nil {
		return nil, err
	}
	return handlers.New(handlers.Config{
		Accounts:       w.accounts,
		Persons:        w.persons,
		Rounds:         w.rounds,
		Proposals:      w.proposals,
		Enquiries:      w.enquiries,
		Interest:       w.interest,
		Discussion:     w.discussion,
		Authorship:     w.authorship,
		Gallery:        w.gallery,
		Projects:       w.projects,
		Assisted:       w.assisted,
		Desk:           w.desk,
		Estimates:      w.estimates,
		Translations:   w.translations,
		Merges:         w.merges,
		Events:         w.events,
		Equality:       w.equality,
		Statistics:     w.statistics,
		Deliveries:     w.deliveries,
		Decidim:        w.decidim,
		Ledger:         w.ledger,
		Areas:          w.areas,
		Paper:          w.paper,
		Polling:        w.polling,
		HelpDesk:       w.helpDesk,
		Staff:          w.staff,
		Post:           w.post,
		Reminders:      w.reminders,
		Records:        w.records,
		Roll:           w.roll,
		Box:            w.box,
		OneCluster:     s.OneCluster,
		City:           s.City.City,
		PublicURL:      s.publicURL(),
		SignIn:         s.signIn(),
		Sealer:         sessions,
		Limits:         s.limits(),
		TrustedProxies: s.TrustedProxies,
		RequestTimeout: s.RequestTimeout,
		Pages:          frontend.Dist(),
		Programs:       programs.Dist(),
		Map:            handlers.Map{Tiles: s.MapTiles, Credit: s.MapCredit, Areas: s.MapAreas},
		Embedders:      s.EmbedFrom,
		Databases: []handlers.Database{
			{Name: "office", Ping: w.officeDB.Alive},
			{Name: "box", Ping: w.boxDB.Alive},
		},
		Metrics: w.metrics,
		Release: handlers.Release(release.Read()),
		Log:     log,
		Now:     now,
	}), nil
}

// drainIntake bounds how long ballots that were accepted may take to reach the
// disk.
const drainIntake = 25 * time.Second

// close finishes what the services have accepted: every ballot that waits is
// decided.
func (w *services) close() error {
	ctx, cancel := context.WithTimeout(context.Background(), drainIntake)
	defer cancel()
	return w.intake.Close(ctx)
}

func pool(d *db.DB) func() handlers.Pool {
	return func() handlers.Pool {
		s := d.Pool.Stat()
		return handlers.Pool{
			Total: int(
				s.TotalConns(),
			), Acquired: int(s.AcquiredConns()), Idle: int(s.IdleConns()), Max: int(s.MaxConns()),
			Acquires: s.AcquireCount(), EmptyAcquires: s.EmptyAcquireCount(), Waited: s.EmptyAcquireWaitTime(),
		}
	}
}

// newRoll is the roll alone, which its commands need.
func newRoll(
	s Settings,
	store *office.Store,
	spent func(round, paper string, channel roll.Channel),
) (*roll.Service, error) {
	wrapping, err := s.wrapping()
	if err != nil {
		return nil, err
	}
	return roll.New(roll.Config{
		Rounds: store, Rights: store, Register: store, Uploads: store, KioskCodes: store, Recoveries: store,
		Replacements:     store,
		ReplacementShare: s.ReplacementShare,
		Wrapping:         wrapping, Pepper: s.Pepper, TimeZone: s.City.TimeZone, Rand: rand.Reader, Spent: spent,
	}), nil
}

// newPersons is what is kept of people, which its commands need alone.
func newPersons(s Settings, store *office.Store, addresses domain.Sealer) *persons.Service {
	return persons.New(persons.Config{
		Store:  store,
		Refer:  func(code string) (account.Ref, error) { return roll.Refer(s.Pepper, code) },
		Sealer: addresses,
	})
}

// WithPersons gives a command what the office's database keeps of people.
func WithPersons(ctx context.Context, s Settings, do func(*persons.Service) error) error {
	return withOffice(ctx, s, func(store *office.Store) error {
		addresses, err := domain.NewSealer(s.SealAddresses...)
		if err != nil {
			return err
		}
		return do(newPersons(s, store, addresses))
	})
}

// WithRoll gives a command the roll over the office's database.
func WithRoll(ctx context.Context, s Settings, do func(*roll.Service) error) error {
	return withOffice(ctx, s, func(store *office.Store) error {
		rolls, err := newRoll(s, store, func(string, string, roll.Channel) {})
		if err != nil {
			return err
		}
		return do(rolls)
	})
}

// withOffice gives a command the office's database. The commands need no box.
func withOffice(ctx context.Context, s Settings, do func(*office.Store) error) error {
	if err := s.needSecrets(); err != nil {
		return err
	}
	d, err := db.Open(ctx, db.Config{URL: s.OfficeDatabaseURL, Role: office.Role, MaxConns: 4})
	if err != nil {
		return fmt.Errorf("OSBU_OFFICE_DATABASE_URL: %w", err)
	}
	defer func() { _ = d.Close() }()
	return do(office.New(d, s.City.TimeZone))
}
