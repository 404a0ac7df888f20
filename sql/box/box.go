// Package box stores ballots. It never knows a person: no session, address,
// user agent or time of casting.
package box

import (
	"embed"
	"io/fs"

	"osbu/domain/box"
	"osbu/sql/db"
)

// Role is the least-privileged role that the server acts under: it may add
// ballots, never change or delete one.
const Role = "osbu_box"

//go:embed migrations/*.sql
var migrations embed.FS

// Migrations are the box database's, forward only.
func Migrations() fs.FS {
	dir, err := fs.Sub(migrations, "migrations")
	if err != nil {
		panic(err) // the folder is embedded above
	}
	return dir
}

// Store keeps the box's tables. An exported method is one transaction or one
// query.
type Store struct {
	db       *db.DB
	settling chan struct{}    // holds one: who makes sure that a checkpoint is durable
	settled  map[string]int64 // by round: the size up to which that is known; whoever settles may read and write it

	finding db.Shared[sought, box.Entry]
}

// New makes a store on a database that acts under Role.
func New(d *db.DB) *Store {
	s := &Store{db: d, settling: make(chan struct{}, 1), settled: map[string]int64{}}
	s.finding.Ask = s.find
	return s
}
