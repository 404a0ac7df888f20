// Package office stores what the office knows: people, their rights, proposals
// and rounds. It never sees a ballot.
package office

import (
	"embed"
	"io/fs"
	"time"

	"osbu/domain/account"
	"osbu/domain/proposal/gallery"
	"osbu/sql/db"
)

// Role is the least-privileged role that the server acts under.
const Role = "osbu_office"

//go:embed migrations/*.sql
var migrations embed.FS

// Migrations are the office database's, forward only.
func Migrations() fs.FS {
	dir, err := fs.Sub(migrations, "migrations")
	if err != nil {
		panic(err) // the folder is embedded above
	}
	return dir
}

// Store keeps the office's tables. An exported method is one transaction or one
// query.
type Store struct {
	db       *db.DB
	timeZone *time.Location
	rounds   keptRounds
	pictures db.Shared[string, gallery.Place]
	holders  db.Shared[holderKey, held]
	sessions db.Shared[[32]byte, account.Entry]
	accounts db.Shared[[32]byte, int64]
}

// New makes a store on a database that acts under Role, for a city whose
// calendar decides on birthdays.
func New(d *db.DB, timeZone *time.Location) *Store {
	s := &Store{db: d, timeZone: timeZone}
	s.rounds.current.Ask, s.pictures.Ask, s.holders.Ask = s.currents, s.publicImages, s.readHolders
	s.sessions.Ask, s.accounts.Ask = s.readSessions, s.readAccounts
	return s
}
