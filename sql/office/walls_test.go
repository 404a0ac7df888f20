package office_test

import (
	"testing"

	"osbu/sql/office"
	"osbu/sql/testdb"
)

// What the program itself cannot get round, whatever it was made to say to the
// database.
func TestWalls(t *testing.T) {
	d := testdb.New(t, office.Migrations(), office.Role)
	t.Run("search paths", d.CheckSearchPaths)
}
