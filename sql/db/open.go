// Package db opens PostgreSQL, holds the one transaction helper, migrates, and
// turns constraint names into domain errors.
package db

import (
	"context"
	"fmt"
	"net"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/uptrace/bun"
	"github.com/uptrace/bun/dialect/pgdialect"
)

// Config says where a database is and as whom to act there.
type Config struct {
	URL      string // postgres://…, several hosts allowed (target_session_attrs=read-write follows a promotion)
	Role     string // the least-privileged role every connection takes on; empty for the owner, who migrates
	MaxConns int32  // size of the pool; 0 means the driver's default
}

// DB is a pool, through bun for queries and through pgx for COPY and its
// statistics.
type DB struct {
	*bun.DB
	Pool *pgxpool.Pool

	probe *pgxpool.Pool // one connection, which no work takes
}

// A server that has vanished or hangs answers nothing, not even that it is
// gone: within these times a connection to it is given up, so that the next
// host of the URL gets its turn.
const (
	connectTimeout = 5 * time.Second // of each host, unless the URL has a connect_timeout
	pingTimeout    = 2 * time.Second // of a connection that has been idle
	keepAliveIdle  = 10 * time.Second
	keepAliveEvery = 5 * time.Second
	keepAliveCount = 3
)

// Open connects and asks once, so that a wrong address is told at the start and
// in one line, without the password.
func Open(ctx context.Context, c Config) (*DB, error) {
	pc, err := pgxpool.ParseConfig(c.URL)
	if err != nil {
		return nil, fmt.Errorf("database address: %w", err) // pgx leaves the password out
	}
	if c.MaxConns > 0 {
		pc.MaxConns = c.MaxConns
	}
	if pc.ConnConfig.ConnectTimeout == 0 {
		pc.ConnConfig.ConnectTimeout = connectTimeout
	}
	pc.ConnConfig.DialFunc = (&net.Dialer{KeepAliveConfig: net.KeepAliveConfig{
		Enable: true, Idle: keepAliveIdle, Interval: keepAliveEvery, Count: keepAliveCount,
	}}).DialContext
	pc.PingTimeout = pingTimeout
	params := pc.ConnConfig.RuntimeParams
	params["timezone"] = "UTC"
	params["application_name"] = "osbu"
	// The same from the other side: locks of a server that has vanished are
	// given back.
	params["idle_in_transaction_session_timeout"] = "60000"
	params["client_connection_check_interval"] = "10000"
	params["tcp_keepalives_idle"], params["tcp_keepalives_interval"], params["tcp_keepalives_count"] = "10", "5", "3"
	if c.Role != "" {
		params["role"] = c.Role
		// a spent right that a crash forgets would be spent twice, whatever the
		// server's default is
		params["synchronous_commit"] = "on"
		params["statement_timeout"] = "60000"
		params["lock_timeout"] = "20000"
	}
	pool, err := pgxpool.NewWithConfig(ctx, pc)
	if err != nil {
		return nil, fmt.Errorf("database %s: %w", pc.ConnConfig.Database, err)
	}
	ping, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	if err := pool.Ping(ping); err != nil {
		pool.Close()
		return nil, fmt.Errorf("database %s on %s: %w", pc.ConnConfig.Database, pc.ConnConfig.Host, err)
	}
	if c.Role != "" {
		if err := checkTemporary(ping, pool); err != nil {
			pool.Close()
			return nil, err
		}
	}
	apart := pc.Copy()
	apart.MaxConns, apart.MinConns, apart.MinIdleConns = 1, 0, 0
	probe, err := pgxpool.NewWithConfig(ctx, apart)
	if err != nil {
		pool.Close()
		return nil, fmt.Errorf("database %s: %w", pc.ConnConfig.Database, err)
	}
	return &DB{DB: bun.NewDB(stdlib.OpenDBFromPool(pool), pgdialect.New()), Pool: pool, probe: probe}, nil
}

// checkTemporary fails if the role may make temporary tables, which would stand
// in for ours, or if the owner of our functions may not, who needs them. The
// migrations see to both, but a database that was copied or restored since has
// its rights from somebody else.
func checkTemporary(ctx context.Context, pool *pgxpool.Pool) error {
	var may bool
	var role, name string
	var lacking *string
	err := pool.QueryRow(ctx, `SELECT has_database_privilege(current_database(), 'TEMPORARY'),
		current_user, current_database(), (SELECT min(pg_get_userbyid(proowner)) FROM pg_proc
			WHERE proname = 'osbu_now' AND NOT has_database_privilege(proowner, current_database(), 'TEMPORARY'))`).
		Scan(&may, &role, &name, &lacking)
	switch {
	case err != nil:
	case may:
		err = fmt.Errorf("%s may make temporary tables: REVOKE TEMPORARY ON DATABASE %q FROM PUBLIC, %[1]s", role, name)
	case lacking != nil:
		err = fmt.Errorf("%s, whose functions make temporary tables, may not: GRANT TEMPORARY ON DATABASE %q TO %[1]s",
			*lacking, name)
	}
	if err != nil {
		return fmt.Errorf("database %s: %w", pool.Config().ConnConfig.Database, err)
	}
	return nil
}

// Alive asks the database for a sign of life by a connection of its own: that
// all others are at work is no reason to send nobody here any more.
func (d *DB) Alive(ctx context.Context) error { return d.probe.Ping(ctx) }

// Close ends all connections.
func (d *DB) Close() error {
	err := d.DB.Close()
	d.Pool.Close()
	d.probe.Close()
	return err
}

// Now is the database's clock, which decides what is open (osbu_now() in the
// migrations).
func Now(ctx context.Context, q bun.IDB) (now time.Time, err error) {
	err = q.QueryRowContext(ctx, "SELECT osbu_now()").Scan(&now)
	return now, err
}
