package box_test

import (
	"testing"

	store "osbu/sql/box"
	"osbu/sql/testdb"
)

// What the program itself cannot get round, whatever it was made to say to the
// database.
func TestWalls(t *testing.T) {
	d := testdb.New(t, store.Migrations(), store.Role)
	t.Run("search paths", d.CheckSearchPaths)
}
